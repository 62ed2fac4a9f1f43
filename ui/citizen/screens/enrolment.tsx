import { Note, QrCode, SupportCode } from '@jolly/ui-kit/content';
import { Facade } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import type { ScreenProps } from './view.ts';

/** `K7WQ 3MPA`: read out and typed in two breaths. */
const inTwo = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;

/** Nobody has taken this terminal in yet: what staff need to do it, and nothing else. */
export function EnrolmentScreen({ screen }: ScreenProps<'enrolment'>) {
  const { t, language } = useWords();
  const other = language === 'it' ? 'en' : 'it';
  const { state, code, url, fingerprint } = screen;
  return (
    <Facade screen="enrolment" title={t('enrol.title')} lead={t('enrol.lead')}>
      {code && url && (
        <div className="code-card sheet">
          <div className="qr-frame">
            <QrCode text={url} label={t('enrol.qr')} testId="enrolment-qr" />
          </div>
          <p className="code-card__where">
            {t('enrol.code')}{' '}
            <bdi className="mono code-card__code" data-testid="enrolment-code">
              {inTwo(code)}
            </bdi>
          </p>
        </div>
      )}
      {state !== 'waiting' && (
        <div role="status">
          <Note tone={state === 'refused' ? 'warn' : 'info'} icon={state === 'refused' ? 'close' : 'clock'}>
            {t(`enrol.${state}`)} <span lang={other}>{t(`enrol.${state}-also`)}</span>
          </Note>
        </div>
      )}
      {state === 'waiting' && (
        <p lang={other} className="code-card__where">
          {t('enrol.also')}
        </p>
      )}
      <div className="push" />
      <SupportCode label={t('enrol.fingerprint')} code={fingerprint} />
    </Facade>
  );
}
