import type { SecretField } from '@jolly/contracts/terminal-channel';
import { Note } from '@jolly/ui-kit/content';
import { Button, SecretBoxes, SecretPad } from '@jolly/ui-kit/controls';
import { CodePlace } from '@jolly/ui-kit/drawings';
import { Facade } from '@jolly/ui-kit/frame';
import { type MessageKey, useWords } from '@jolly/ui-kit/messages';
import { useLoginSteps, WayButtons } from './login-ways.tsx';
import type { ScreenOf, ScreenProps } from './view.ts';

type SecretScreen = ScreenOf<'login-secret'>;

/** With this many tries or fewer the note warns; with more it only tells. */
const FEW_TRIES = 2;

const LEADS: Readonly<Record<SecretField, MessageKey>> = {
  'cie-pin': 'secret.cover',
  'cie-puk': 'secret.cover',
  'cns-pin': 'secret.cover',
  'cie-new-pin': 'secret.new-lead',
  'cie-new-pin-again': 'secret.again-lead',
  'cie-can': 'secret.can-lead',
};

/** What is typed, for the sentences about it. */
export function whatOf(field: SecretField): 'pin' | 'puk' | 'can' {
  return field === 'cie-puk' ? 'puk' : field === 'cie-can' ? 'can' : 'pin';
}

/**
 * Digits that nobody may see: each key goes away at once in a frame of its own, and this page knows only how many there
 * are. Keys, boxes and speech say a count, never a digit.
 */
export function LoginSecretScreen({ view, screen }: ScreenProps<'login-secret'>) {
  const { t } = useWords();
  const { field, length, entered } = screen;
  const { min, max } = length;
  const title = field === 'cie-pin' && screen.purpose === 'change-pin' ? 'cie-pin-now' : field;
  const press = (key: number | 'erase' | 'clear' | 'enter') =>
    view.secret({ type: 'secret', field, key: typeof key === 'number' ? `${key}` : key });
  const place = field === 'cie-can' ? 'can' : field === 'cie-puk' ? 'puk' : undefined;
  return (
    <Facade
      screen="login-secret"
      steps={useLoginSteps(screen.purpose, 1, field !== 'cie-puk')}
      title={t(`secret.${title}`)}
      lead={t(LEADS[field], { min, max, range: min < max ? 'yes' : 'no' })}
      fixed={<SecretPad layout={screen.layout} onKey={press} />}
      second={screen.actions.length > 0 && <WayButtons view={view} actions={screen.actions} quiet />}
      door={
        <Button
          testId="submit-secret"
          label={t(doorOf(screen))}
          reason={
            screen.canSubmit
              ? undefined
              : entered < min
                ? t('type.missing', { digits: min - entered })
                : t('secret.wait')
          }
          onPress={() => press('enter')}
        />
      }
    >
      <div className={place ? 'secret secret--placed' : 'secret'}>
        <SecretBoxes entered={entered} min={min} max={max} />
        <SecretNote screen={screen} />
        {place && (
          <div className="sheet where">
            <span className="illustration">
              <CodePlace code={place} />
            </span>
            <p>{t(`secret.where-${place}`)}</p>
          </div>
        )}
      </div>
    </Facade>
  );
}

function doorOf({ field, purpose }: SecretScreen): MessageKey {
  if (field === 'cie-new-pin') return 'secret.to-again';
  if (field === 'cie-new-pin-again') return purpose === 'unblock-pin' ? 'secret.unblock' : 'secret.change';
  return purpose === 'change-pin' || purpose === 'unblock-pin' ? 'secret.to-new' : 'secret.enter';
}

/** Why it is asked again and what is left, in one note: nothing of it is a surprise. */
function SecretNote({ screen: { field, notice, triesLeft } }: { readonly screen: SecretScreen }) {
  const { t } = useWords();
  const what = whatOf(field);
  const wrong = notice === 'wrong';
  if (notice === undefined && triesLeft === undefined) return null;
  const warns = notice !== undefined || (triesLeft ?? 0) <= FEW_TRIES;
  return (
    <div role={notice === undefined ? 'status' : 'alert'}>
      <Note
        tone={warns ? 'warn' : 'info'}
        icon={warns ? 'warning-circle' : 'info-circle'}
        testId="secret-note"
      >
        {wrong && `${t('secret.wrong', { what })} `}
        {notice !== undefined && !wrong && `${t(`secret.${notice}`)} `}
        {triesLeft !== undefined && (
          <>
            <b>{t('secret.tries', { tries: triesLeft })}</b> {t('secret.then', { what })}
          </>
        )}
      </Note>
    </div>
  );
}
