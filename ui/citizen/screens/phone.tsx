import { MoneyCard, Note, QrCode } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import { usePaymentSteps } from './payment-steps.ts';
import { reasonOf, type ScreenProps } from './view.ts';

/** The notice as a code for the citizen's phone. Nothing is locked here: the way back is always open. */
export function PhoneScreen({ view, screen }: ScreenProps<'pay-on-phone'>) {
  const words = useWords();
  const { t } = words;
  const { notice, url, problem } = screen;
  const steps = usePaymentSteps(1);
  const back = (
    <Button
      testId="pay-here"
      look="quiet"
      label={t('phone.here')}
      onPress={() => view.send({ type: 'back' })}
    />
  );
  if (problem) {
    return (
      <Facade
        screen="pay-on-phone"
        key="problem"
        steps={steps}
        title={t('phone.not')}
        lead={t('phone.not-lead')}
        second={back}
        door={
          <Button
            testId="pay-on-phone"
            icon="refresh"
            label={t('phone.retry')}
            onPress={() => view.send({ type: 'pay-on-phone' })}
          />
        }
      >
        <MoneyCard
          tone="ok"
          icon="shield"
          title={t('money.nothing-charged')}
          line={t('money.nothing-charged-due', { amount: words.money(notice.totalCents) })}
        />
      </Facade>
    );
  }
  return (
    <Facade
      screen="pay-on-phone"
      steps={steps}
      title={t('phone.title')}
      lead={t('phone.lead')}
      second={back}
      door={<Button testId="finish" label={t('done.finish')} onPress={() => view.send({ type: 'finish' })} />}
    >
      <section className="sheet phone" data-testid="cart">
        <div className={url ? 'qr-frame' : 'qr-frame qr-frame--waiting'}>
          {url ? <QrCode text={url} label={t('phone.qr')} /> : <span className="ring" aria-hidden="true" />}
        </div>
        <p className="unseen" role="status">
          {url ? '' : t('phone.later')}
        </p>
        <p className="phone__reason">{reasonOf(notice)}</p>
        <p className="phone__amount">
          <bdi>{words.money(notice.amountCents)}</bdi>
        </p>
      </section>
      <Note tone="ok" icon="check-circle">
        {t('phone.nothing')}
      </Note>
    </Facade>
  );
}
