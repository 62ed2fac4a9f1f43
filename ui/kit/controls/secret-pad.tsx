import { useWords } from '../messages/index.ts';
import { usePress } from './press.ts';

export type SecretPadKey = number | 'erase' | 'clear';

/**
 * A pad for digits nobody may see: no key changes when it is touched and none takes the focus from the finger, so that
 * a bystander learns nothing; the box that fills and the click tell the person. A key is given away at once and kept nowhere.
 */
export function SecretPad({
  layout,
  onKey,
}: {
  /** The ten digits in reading order: nine, then the one between the two words. */
  readonly layout: readonly number[];
  readonly onKey: (key: SecretPadKey) => void;
}) {
  const { t } = useWords();
  const digit = (value: number) => (
    <SecretKeyCap
      key={value}
      testId={`key-${value}`}
      label={String(value)}
      aloud={t('speech.key')}
      onPress={() => onKey(value)}
    />
  );
  return (
    <fieldset className="pad pad--secret" dir="ltr">
      <legend className="unseen" data-say={t('speech.pad')}>
        {t('pad.label')}
      </legend>
      {layout.slice(0, 9).map(digit)}
      <SecretKeyCap testId="key-clear" label={t('pad.clear')} onPress={() => onKey('clear')} />
      {layout.slice(9).map(digit)}
      <SecretKeyCap testId="key-erase" label={t('pad.erase')} onPress={() => onKey('erase')} />
    </fieldset>
  );
}

function SecretKeyCap({
  testId,
  label,
  aloud,
  onPress,
}: {
  readonly testId: string;
  readonly label: string;
  /** The same for every digit: a place on a pad in order is the digit itself. */
  readonly aloud?: string;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="key"
      data-testid={testId}
      data-aloud={aloud}
      {...usePress({ onPress, guardMs: 0, discreet: true })}
    >
      <span className={label.length > 1 ? 'press key__word' : 'press'}>{label}</span>
      {label === '5' && <span className="key__five" aria-hidden="true" />}
    </button>
  );
}

/** One box a digit, in groups of four (six: of three); what is typed is a dot, and for the ear a count. */
export function SecretBoxes({
  entered,
  min,
  max,
}: {
  readonly entered: number;
  readonly min: number;
  readonly max: number;
}) {
  const { t } = useWords();
  const group = max % 4 === 0 ? 4 : 3;
  return (
    <div className="boxes" data-testid="secret-boxes">
      <div className="boxes__row" aria-hidden="true" dir="ltr">
        {Array.from({ length: max }, (_, at) => at).map((at) => (
          <span
            key={at}
            className={`box box--${at < entered ? 'full' : at === entered ? 'now' : at < min ? 'open' : 'spare'}`}
            data-group={at > 0 && at % group === 0 ? true : undefined}
          />
        ))}
      </div>
      <p className="unseen" aria-live="polite" data-say={t('secret.entered', { entered, all: max })}>
        {t('secret.boxes')}: {t('secret.entered', { entered, all: max })}
      </p>
    </div>
  );
}
