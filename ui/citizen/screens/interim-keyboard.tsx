import type { FieldKind } from '@jolly/contracts/service-catalogue';
import type { Language } from '@jolly/contracts/terminal-channel';
import { usePress } from '@jolly/ui-kit/controls';
import { useWords } from '@jolly/ui-kit/messages';

/** What the keyboard of `@jolly/ui-kit/controls` takes: this one stands in its place until it is there. */
export interface KeyboardProps {
  readonly kind: FieldKind;
  readonly language: Language;
  readonly abc: boolean;
  readonly value: string;
  readonly onWrite: (text: string) => void;
  readonly onErase: () => void;
  readonly onClear: () => void;
  readonly canContinue: boolean;
}

const DIGITS = [...'1234567890'];
const SIGNS = [...'àèéìòù’-'];
const QWERTY = [[...'qwertyuiop'], [...'asdfghjkl'], [...'zxcvbnm']];
const ALPHABET = [[...'abcdefghij'], [...'klmnopqrs'], [...'tuvwxyz']];

/** Whether the next letter is a capital: codes always, names at the beginning of each word. */
function capital(kind: FieldKind, value: string): boolean {
  if (kind === 'plate' || kind === 'fiscal-code') return true;
  return kind === 'name' ? /(^|[\s’-])$/.test(value) : value === '';
}

export function Keyboard({ kind, abc, value, onWrite, onErase, onClear }: KeyboardProps) {
  const { t } = useWords();
  const words = kind === 'name' || kind === 'text';
  const up = capital(kind, value);
  const rows = [
    ...(kind === 'name' ? [] : [DIGITS]),
    ...(abc ? ALPHABET : QWERTY),
    ...(words ? [SIGNS] : []),
  ];
  return (
    <fieldset className="keys" dir="ltr">
      <legend className="unseen">{t('keys.label')}</legend>
      {rows.map((row) => (
        <div className="keys__row" key={row.join('')}>
          {row.map((letter) => (
            <Key
              key={letter}
              testId={`key-${letter}`}
              label={up ? letter.toLocaleUpperCase('it') : letter}
              onPress={onWrite}
            />
          ))}
        </div>
      ))}
      <div className="keys__row">
        <Key testId="key-clear" label={t('keys.clear')} wide onPress={onClear} />
        {words && <Key testId="key-space" label={t('keys.space')} wide onPress={() => onWrite(' ')} />}
        <Key testId="key-erase" label={t('keys.erase')} wide onPress={onErase} />
      </div>
    </fieldset>
  );
}

function Key({
  testId,
  label,
  wide = false,
  onPress,
}: {
  readonly testId: string;
  readonly label: string;
  readonly wide?: boolean;
  readonly onPress: (label: string) => void;
}) {
  const press = usePress({ onPress: () => onPress(label), guardMs: 0 });
  return (
    <button
      type="button"
      className={wide ? 'key key--letter key--wide' : 'key key--letter'}
      data-testid={testId}
      {...press}
    >
      <span className="press">{label}</span>
    </button>
  );
}
