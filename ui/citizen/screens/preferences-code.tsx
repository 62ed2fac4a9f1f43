import { Note, QrCode } from '@jolly/ui-kit/content';
import { Button } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import type { ScreenProps } from './view.ts';

/** The citizen's choices as a code to photograph: any Jolly terminal reads it back. */
export function PreferencesCodeScreen({ view, screen }: ScreenProps<'preferences-code'>) {
  const { t } = useWords();
  return (
    <Facade
      screen="preferences-code"
      title={t('prefs.title')}
      lead={t('prefs.lead')}
      door={<Button testId="back-door" label={t('prefs.door')} onPress={() => view.send({ type: 'back' })} />}
    >
      <div className="code-card sheet">
        <div className="qr-frame">
          <QrCode text={screen.code} label={t('prefs.qr')} testId="preferences-qr" />
        </div>
        <p className="code-card__where">{t('prefs.where')}</p>
      </div>
      <Note tone="info" icon="shield">
        {t('prefs.what')}
      </Note>
    </Facade>
  );
}
