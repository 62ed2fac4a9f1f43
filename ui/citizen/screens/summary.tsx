import { Chip, Note } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import { reasonOf, type ScreenProps } from './view.ts';

/** Everything that was paid in one visit. Each payment keeps its own receipt. */
export function SummaryScreen({ view, screen }: ScreenProps<'pay-summary'>) {
  const words = useWords();
  const { t } = words;
  const { paid, totalCents, paper } = screen;
  const printing = paper === 'printing' || paper === 'reprinting';
  return (
    <Facade
      screen="pay-summary"
      title={t('summary.title', { amount: words.money(totalCents) })}
      lead={t('summary.lead', { count: paid.length })}
      sign={
        <span className="sign-ok">
          <Icon name="check" size={56} />
        </span>
      }
      second={
        <>
          <Button
            testId="print-summary"
            look="quiet"
            icon="print"
            label={t(paper === 'printed' ? 'summary.again' : 'summary.print')}
            busy={printing ? t('summary.printing') : undefined}
            onPress={() => view.send({ type: 'print-summary' })}
          />
          <Button
            testId="another-notice"
            look="second"
            label={t('done.another')}
            onPress={() => view.send({ type: 'another-notice' })}
          />
        </>
      }
      door={<Button testId="finish" label={t('done.finish')} onPress={() => view.send({ type: 'finish' })} />}
    >
      {paid.map(({ notice, money, paper: receipt }) => (
        <section className="sheet paid" key={notice.noticeNumber}>
          <div className="paid__words">
            <h2 className="paid__reason">{reasonOf(notice)}</h2>
            <p className="paid__creditor">
              {[notice.creditorName, notice.office].filter(Boolean).join(' · ')}
            </p>
            <p className="paid__chips">
              {money === 'charged-registered' ? (
                <Chip tone="ok" icon="check">
                  {t('summary.registered')}
                </Chip>
              ) : (
                <Chip tone="warn" icon="clock">
                  {t('summary.registering')}
                </Chip>
              )}
              {(receipt === 'failed' || receipt === 'skipped') && (
                <Chip tone="info" icon="phone">
                  {t('summary.on-phone')}
                </Chip>
              )}
            </p>
          </div>
          <p className="paid__amount">
            <bdi>{words.money(notice.totalCents)}</bdi>
          </p>
        </section>
      ))}
      <div className="push" />
      <div role="status">
        {paper === 'failed' ? (
          <Note tone="warn" icon="warning-circle">
            {t('summary.failed')}
          </Note>
        ) : (
          <Note icon={paper === 'printed' ? 'print' : 'info-circle'}>
            {t(paper === 'printed' ? 'summary.printed' : 'summary.note')}
          </Note>
        )}
      </div>
    </Facade>
  );
}
