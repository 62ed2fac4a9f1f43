import { RatingReason } from '@jolly/contracts/terminal-channel';
import { QrCode } from '@jolly/ui-kit/content';
import { Button, ChoiceRow, Rating } from '@jolly/ui-kit/controls';
import { ReceiptDrawing } from '@jolly/ui-kit/drawings';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import { usePaymentSteps } from './payment-steps.ts';
import { reasonOf, type ScreenProps } from './view.ts';

const PAPER_TITLE = {
  printing: 'done.printing',
  printed: 'done.printed',
  reprinting: 'done.reprinting',
} as const;

/** Characters of a lead that are about one line at 36 px; the style keeps it on one. */
const ONE_LINE = 62;

/** As many whole words as the drawing has room for; of a longer first word, its beginning. */
function firstWords(reason: string, room = 11): string {
  if (reason.length <= room) return reason;
  const end = reason.lastIndexOf(' ', room);
  return reason.slice(0, end > 0 ? end : room).replace(/[\s,–-]+$/, '');
}

export function DoneScreen({ view, screen }: ScreenProps<'pay-done'>) {
  const words = useWords();
  const { t } = words;
  const { notice } = screen;
  const own = notice.creditorTaxCode === view.snapshot.place.creditorTaxCode ? 'yes' : 'no';
  const lead = t('done.lead', { reason: reasonOf(notice), own });
  // a reason that makes it two lines would push the stars to a second page
  const reasonFits = lead.length <= ONE_LINE;
  return (
    <Facade
      screen="pay-done"
      steps={usePaymentSteps(3)}
      title={t('done.title', { amount: words.money(notice.totalCents) })}
      sign={
        <span className="sign-ok">
          <Icon name="check" size={56} />
        </span>
      }
      lead={reasonFits ? lead : t('done.lead-short', { own })}
      second={
        <>
          {screen.paper === 'printed' && (
            <Button
              testId="reprint"
              look="quiet"
              icon="print"
              label={t('done.again')}
              onPress={() => view.send({ type: 'reprint' })}
            />
          )}
          <Button
            testId="another-notice"
            look="second"
            label={t('done.another')}
            onPress={() => view.send({ type: 'another-notice' })}
          />
        </>
      }
      door={
        (screen.paid ?? 1) > 1 ? (
          <Button
            testId="show-summary"
            label={t('done.summary')}
            onPress={() => view.send({ type: 'show-summary' })}
          />
        ) : (
          <Button testId="finish" label={t('done.finish')} onPress={() => view.send({ type: 'finish' })} />
        )
      }
    >
      <div className={screen.paper === 'skipped' ? 'receipts receipts--phone' : 'receipts'}>
        {screen.paper !== 'skipped' && <PaperCard view={view} screen={screen} />}
        <PhoneCard
          title={t('done.phone')}
          until={screen.receiptUntil}
          url={screen.receiptUrl}
          now={view.now}
        />
      </div>
      <Rating
        question={t('done.rate')}
        value={screen.stars}
        onRate={(stars) => view.send({ type: 'rate', stars })}
      />
    </Facade>
  );
}

function PaperCard({ view, screen }: ScreenProps<'pay-done'>) {
  const words = useWords();
  const { t } = words;
  const { notice, paper } = screen;
  if (paper === 'failed' || paper === 'skipped') {
    return (
      <section className="sheet receipt receipt--stopped" data-testid="receipt-paper">
        <Icon name="warning-circle" size={88} />
        <h2 className="receipt__title">{t('done.stopped')}</h2>
        <p className="receipt__line">{t('done.stopped-lead')}</p>
        <div className="push" />
        <Button
          testId="reprint"
          look="second"
          icon="refresh"
          label={t('done.retry')}
          onPress={() => view.send({ type: 'reprint' })}
        />
      </section>
    );
  }
  return (
    <section className="sheet receipt" data-testid="receipt-paper">
      <h2 className="receipt__title" aria-live="polite">
        {t(PAPER_TITLE[paper])}
      </h2>
      <p className="receipt__line">{t('done.take', { side: view.snapshot.place.hints.printer.side })}</p>
      <div className="receipt__drawing illustration">
        <ReceiptDrawing
          ready={paper === 'printed'}
          words={{
            city: view.snapshot.place.city,
            heading: t('receipt.heading'),
            reason: firstWords(notice.description),
            amount: words.figures(notice.amountCents),
            feeLabel: t('check.fee'),
            fee: words.figures(notice.feeCents),
            totalLabel: t('check.total'),
            total: words.money(notice.totalCents),
          }}
        />
      </div>
    </section>
  );
}

export function PhoneCard({
  title,
  url,
  until,
  now,
}: {
  title: string;
  url: string | undefined;
  until: number | undefined;
  now: number;
}) {
  const { t } = useWords();
  const minutes = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 60_000));
  return (
    <section className="sheet receipt" data-testid="receipt-phone">
      <h2 className="receipt__title">{title}</h2>
      <p className="receipt__line">{t(url ? 'done.frame' : 'done.qr-later', { minutes })}</p>
      <div className={url ? 'qr-frame' : 'qr-frame qr-frame--waiting'}>
        {url ? <QrCode text={url} label={t('done.qr')} /> : <span className="ring" aria-hidden="true" />}
      </div>
    </section>
  );
}

const REASON_ICONS = {
  clarity: 'info-circle',
  completeness: 'file',
  progress: 'check-circle',
  technical: 'print',
  other: 'pencil',
} as const;

export function RatingReasonScreen({ view, screen }: ScreenProps<'rating-reason'>) {
  const { t } = useWords();
  const mood = screen.stars <= 3 ? 'low' : 'high';
  return (
    <Facade
      screen="rating-reason"
      steps={usePaymentSteps(3)}
      title={t(`rating.${mood}`)}
      lead={t('rating.anonymous')}
      door={
        <Button
          testId="skip-rating"
          label={t('rating.skip')}
          onPress={() => view.send({ type: 'skip-rating' })}
        />
      }
    >
      <div className="given" role="img" aria-label={t('done.stars', { stars: screen.stars })}>
        {[1, 2, 3, 4, 5].map((star) => (
          <Icon key={star} name={star <= screen.stars ? 'star-full' : 'star-outline'} size={64} />
        ))}
      </div>
      <div className="push" />
      <div className="rows rows--reasons">
        {RatingReason.options.map((reason) => (
          <ChoiceRow
            key={reason}
            testId={`reason-${reason}`}
            title={t(`rating.${mood}-${reason}`)}
            icon={REASON_ICONS[reason]}
            onPress={() => view.send({ type: 'rate-reason', reason })}
          />
        ))}
      </div>
    </Facade>
  );
}
