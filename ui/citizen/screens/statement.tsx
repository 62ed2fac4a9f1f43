import { Note, QrCode } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import type { ScreenProps } from './view.ts';

/** Where the accessibility statement is, and whom to tell about obstacles: a kiosk's page cannot be followed, a code can. */
export function StatementScreen({ view }: ScreenProps<'statement'>) {
  const { t } = useWords();
  const { statementUrl, feedback } = view.snapshot.place;
  return (
    <Facade
      screen="statement"
      title={t('statement.title')}
      lead={t(statementUrl ? 'statement.lead' : 'statement.ask')}
      door={<Button testId="back-door" label={t('help.door')} onPress={() => view.send({ type: 'back' })} />}
    >
      {statementUrl && (
        <div className="code-card sheet">
          <div className="qr-frame">
            <QrCode text={statementUrl} label={t('statement.qr')} testId="statement-qr" />
          </div>
          <div className="code-card__words">
            <p className="code-card__where">{t('statement.where')}</p>
            <p className="code-card__address" data-testid="statement-url">
              <bdi dir="ltr">{statementUrl.replace(/^https:\/\//, '')}</bdi>
            </p>
          </div>
        </div>
      )}
      {feedback && (
        <Note tone="info" icon="info-circle" testId="feedback">
          {t('statement.feedback', { contact: feedback })}
        </Note>
      )}
    </Facade>
  );
}
