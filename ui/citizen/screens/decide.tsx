import type { NoticeView } from '@jolly/contracts/terminal-channel';
import { AmountCard, type AmountRow, Chip, LiveProgress, MoneyCard, Note } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon } from '@jolly/ui-kit/icons';
import { inFours, useWords, type Words } from '@jolly/ui-kit/messages';
import { usePaymentSteps } from './payment-steps.ts';
import { reasonOf, type ScreenProps } from './view.ts';

function dueChip({ t }: Words, days: number) {
  return days < 0 ? (
    <Chip tone="warn" icon="warning-circle">
      {t('due.past', { days: -days })}
    </Chip>
  ) : (
    <Chip tone={days <= 3 ? 'warn' : 'ok'} icon="clock">
      {t('due.left', { days })}
    </Chip>
  );
}

function feeRow(words: Words, notice: NoticeView): AmountRow {
  const { t } = words;
  if (notice.feeCents > 0 && notice.feeTo !== undefined) {
    return {
      label: t('check.fee-one'),
      value: words.money(notice.feeCents),
      chip: (
        <Chip tone="info" icon="info-circle">
          {t('check.fee-to', { psp: notice.feeTo })}
        </Chip>
      ),
    };
  }
  return {
    label: t('check.fee'),
    value: words.money(notice.feeCents),
    chip:
      notice.feeCents === 0 ? (
        <Chip tone="ok" icon="check">
          {t('check.fee-by-city')}
        </Chip>
      ) : (
        <Chip tone="info" icon="info-circle">
          {t('check.fee-by-you')}
        </Chip>
      ),
  };
}

function NoticeCard({ notice, rows }: { readonly notice: NoticeView; readonly rows: readonly AmountRow[] }) {
  const words = useWords();
  return (
    <AmountCard
      reason={reasonOf(notice)}
      creditor={[notice.creditorName, notice.office].filter(Boolean).join(' · ')}
      rows={rows}
      totalLabel={words.t('check.total')}
      totalNote={words.t('check.today')}
      total={words.money(notice.totalCents)}
    />
  );
}

export function CheckScreen({ view, screen }: ScreenProps<'pay-check'>) {
  const words = useWords();
  const { t } = words;
  const { notice } = screen;
  const { lowered } = view.snapshot.preferences;
  const phone = view.snapshot.place.onPhone === true;
  const number = inFours(notice.noticeNumber);
  const rows: AmountRow[] = [
    { label: t('check.number'), value: lowered ? `…${number.slice(-12)}` : number, mono: true },
    feeRow(words, notice),
  ];
  // lowered there is room for three rows: the amount is the total unless there is a fee
  if (!lowered || notice.feeCents > 0) {
    rows.splice(1, 0, { label: t('check.amount'), value: words.money(notice.amountCents) });
  }
  if (notice.dueDate) {
    const chip = notice.daysLeft === undefined ? undefined : dueChip(words, notice.daysLeft);
    rows.unshift({ label: t('check.due'), value: words.date(notice.dueDate), chip });
  }
  return (
    <Facade
      screen="pay-check"
      steps={usePaymentSteps(1)}
      title={t('check.title')}
      lead={t('check.lead')}
      second={
        <>
          <Button
            testId="another-notice"
            look="quiet"
            label={t(lowered || phone ? 'check.other-short' : 'check.other')}
            onPress={() => view.send({ type: 'another-notice' })}
          />
          {phone && (
            <Button
              testId="pay-on-phone"
              look="quiet"
              icon="phone"
              label={t('check.phone')}
              onPress={() => view.send({ type: 'pay-on-phone' })}
            />
          )}
        </>
      }
      door={
        <Button
          testId="consent"
          label={t('check.pay', { amount: words.money(notice.totalCents) })}
          onPress={() => view.send({ type: 'consent', totalCents: notice.totalCents })}
        />
      }
    >
      <NoticeCard notice={notice} rows={rows} />
      <Note icon="card">{t('check.how')}</Note>
    </Facade>
  );
}

export function ChangedScreen({ view, screen }: ScreenProps<'pay-changed'>) {
  const words = useWords();
  const { t } = words;
  const { notice } = screen;
  const difference = notice.totalCents - screen.previousTotalCents;
  return (
    <Facade
      screen="pay-changed"
      steps={usePaymentSteps(1)}
      title={t('changed.title')}
      lead={t('changed.lead')}
      second={
        <Button
          testId="refuse"
          look="quiet"
          label={t('changed.refuse')}
          onPress={() => view.send({ type: 'refuse' })}
        />
      }
      door={
        <Button
          testId="consent"
          label={t('check.pay', { amount: words.money(notice.totalCents) })}
          onPress={() => view.send({ type: 'consent', totalCents: notice.totalCents })}
        />
      }
    >
      <NoticeCard
        notice={notice}
        rows={[
          { label: t('changed.before'), value: words.money(screen.previousTotalCents), struck: true },
          {
            label: t('changed.after'),
            value: words.money(notice.totalCents),
            chip: difference !== 0 && (
              <Chip tone={difference > 0 ? 'warn' : 'ok'} icon="info-circle">
                {t(difference > 0 ? 'changed.more' : 'changed.less', {
                  amount: words.money(Math.abs(difference)),
                })}
              </Chip>
            ),
          },
          feeRow(words, notice),
        ]}
      />
      <Note tone="ok" icon="check-circle">
        {t('changed.nothing')}
      </Note>
    </Facade>
  );
}

export function NoPaperScreen({ view }: ScreenProps<'pay-no-paper'>) {
  const { t } = useWords();
  return (
    <Facade
      screen="pay-no-paper"
      steps={usePaymentSteps(1)}
      title={t('paper.title')}
      lead={t('paper.lead')}
      second={
        <Button
          testId="refuse"
          look="quiet"
          label={t('changed.refuse')}
          onPress={() => view.send({ type: 'refuse' })}
        />
      }
      door={
        <Button
          testId="accept-phone-receipt"
          icon="phone"
          label={t('paper.accept')}
          onPress={() => view.send({ type: 'accept-phone-receipt' })}
        />
      }
    >
      <MoneyCard
        tone="ok"
        icon="shield"
        title={t('money.nothing-charged')}
        line={t('money.nothing-charged-how')}
      />
      <section className="sheet how">
        <h2>{t('paper.how')}</h2>
        <ol>
          {([1, 2, 3] as const).map((step) => (
            <li key={step}>
              <span className="how__number">{step}</span>
              {t(`paper.how-${step}`)}
            </li>
          ))}
        </ol>
        <span className="how__phone illustration">
          <Icon name="phone" size={260} />
          <Icon name="qr" size={104} />
        </span>
      </section>
    </Facade>
  );
}

export function ActivatingScreen({ screen }: ScreenProps<'pay-activating'>) {
  const words = useWords();
  const { t } = words;
  return (
    <Facade
      screen="pay-activating"
      steps={usePaymentSteps(2)}
      title={t('activate.title')}
      lead={t('activate.lead')}
    >
      <LiveProgress
        lines={[
          {
            id: 'agreed',
            label: t('activate.agreed', { amount: words.money(screen.notice.totalCents) }),
            state: 'done',
          },
          { id: 'ask', label: t('activate.ask'), state: 'now', detail: t('verify.ask-time') },
          { id: 'next', label: t('activate.next'), state: 'next' },
        ]}
      />
    </Facade>
  );
}
