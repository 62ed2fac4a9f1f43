import type { FieldKind } from '@jolly/contracts/service-catalogue';
import type { Language } from '@jolly/contracts/terminal-channel';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../icons/index.ts';
import { useWords, type Words } from '../../messages/index.ts';
import { NumericPad } from '../pads.tsx';
import { usePress } from '../press.ts';
import { ALPHABETS } from './alphabets.ts';
import { byDigits, hasOwnScript, inCapitals, type KeyCap, layerOf, startsLatin } from './layout.ts';

/** What is written says who somebody is: a letter that gets the focus is not spoken into the room, as on a secret pad. */
const IS_SOMEBODYS: ReadonlySet<FieldKind> = new Set(['name', 'fiscal-code']);

export interface KeyboardProps {
  readonly kind: FieldKind;
  readonly language: Language;
  /** Letters in the order of the alphabet. */
  readonly abc: boolean;
  /** What is written so far: decides capitals, and which keys of a tax code can come next. */
  readonly value: string;
  readonly onWrite: (text: string) => void;
  readonly onErase: () => void;
  readonly onClear: () => void;
  readonly canContinue: boolean;
  /** Enter of a keyboard of keys; taken only while `canContinue`. */
  readonly onEnter?: (() => void) | undefined;
}

/**
 * Letters for a field, in the façade's lower half. Real buttons that take no focus from a finger; arrows walk it as a
 * grid. Whoever writes on a keyboard of keys gets the room back: the letters go until they are called again.
 */
export function Keyboard(props: KeyboardProps) {
  const { kind, onWrite, onErase, onClear } = props;
  const [away, setAway] = useState(false);
  useKeys(props, () => setAway(!byDigits(kind)));
  const { t } = useWords();
  const show = usePress({ onPress: () => setAway(false) });
  if (kind === 'choice') return null;
  if (byDigits(kind)) return <NumericPad onDigit={onWrite} onErase={onErase} onClear={onClear} />;
  if (away) {
    return (
      <button type="button" className="button button--quiet" data-testid="show-keyboard" {...show}>
        <span className="press">
          <Icon name="keyboard" size={44} />
          <span className="button__label">{t('keyboard.show')}</span>
        </span>
      </button>
    );
  }
  return <Letters {...props} />;
}

function Letters({ kind, language, abc, value, onWrite, onErase, onClear }: KeyboardProps) {
  const { t } = useWords();
  const [shift, setShift] = useState<boolean>();
  const [marks, setMarks] = useState(false);
  const [latin, setLatin] = useState(() => startsLatin(kind, language));
  const capitals = shift ?? beginsWord(kind, value);
  const layer = layerOf({ kind, language, abc, value, capitals, marks, latin });
  const press = (key: KeyCap) => {
    switch (key.does) {
      case 'write':
        onWrite(key.text);
        setShift(undefined);
        return;
      case 'space':
        return onWrite(' ');
      case 'erase':
        return onErase();
      case 'clear':
        return onClear();
      case 'shift':
        return setShift(!capitals);
      case 'marks':
        return setMarks(!marks);
      case 'script':
        return setLatin(!latin);
    }
  };
  const on: Partial<Record<KeyCap['does'], boolean>> = { shift: capitals, marks, script: latin };
  return (
    <fieldset
      className="keyboard"
      dir="ltr"
      data-grid=""
      data-told="seldom"
      style={{ '--columns': layer.columns } as React.CSSProperties}
    >
      <legend className="unseen">{t('keyboard.label')}</legend>
      {layer.rows.map((row, at) => (
        // rows and keys stand still: their place is what they are
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <div className="keyboard__row" data-grid-row="" key={at}>
          {row.map((key) => (
            <LetterKey
              key={key.does === 'write' ? key.text : key.does}
              cap={key}
              on={on[key.does]}
              discreet={IS_SOMEBODYS.has(kind)}
              language={language}
              onPress={() => press(key)}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}

function LetterKey({
  cap,
  on,
  discreet,
  language,
  onPress,
}: {
  readonly cap: KeyCap;
  readonly on: boolean | undefined;
  /** Sounds like every other letter as long as others can hear. */
  readonly discreet: boolean;
  readonly language: Language;
  readonly onPress: () => void;
}) {
  const words = useWords();
  const letter = cap.does === 'write';
  const press = usePress({ onPress, guardMs: 0, keepsFocus: true, disabled: letter && cap.off === true });
  return (
    <button
      type="button"
      className={letter ? 'letter' : `letter letter--act letter--${cap.does}`}
      data-testid={letter ? `key-${cap.text.toLowerCase()}` : `key-${cap.does}`}
      aria-label={letter ? spokenName(cap.text, words) : undefined}
      data-aloud={letter && discreet ? words.t('speech.key') : undefined}
      aria-pressed={on}
      {...press}
    >
      <span className="press">
        <Face cap={cap} on={on ?? false} language={language} />
      </span>
    </button>
  );
}

function Face({
  cap,
  on,
  language,
}: {
  readonly cap: KeyCap;
  readonly on: boolean;
  readonly language: Language;
}) {
  const { t } = useWords();
  switch (cap.does) {
    case 'write':
      return <span>{cap.text}</span>;
    case 'erase':
      return <span>{t('pad.erase')}</span>;
    case 'clear':
      return <span>{t('pad.clear')}</span>;
    case 'script':
      return (
        <>
          <span aria-hidden="true">{on ? (ALPHABETS[language].own ?? '') : 'ABC'}</span>
          <span className="unseen">{t(on ? 'keyboard.own' : 'keyboard.latin')}</span>
        </>
      );
    case 'shift':
      return (
        <>
          <span aria-hidden="true">Aa</span>
          <span className="unseen">{t('keyboard.shift')}</span>
        </>
      );
    case 'marks':
      return (
        <>
          <span aria-hidden="true">{on ? 'abc' : hasOwnScript(language) ? '. , -' : 'àé-'}</span>
          <span className="unseen">{t('keyboard.marks')}</span>
        </>
      );
    case 'space':
      return <span>{t('keyboard.space')}</span>;
  }
}

/** Signs have no name in a voice: they get one. A capital is told as such. */
function spokenName(text: string, { t }: Words): string | undefined {
  const SIGNS: Readonly<Record<string, 'apostrophe' | 'hyphen' | 'stop' | 'comma' | 'slash' | 'at'>> = {
    "'": 'apostrophe',
    '’': 'apostrophe',
    '-': 'hyphen',
    '.': 'stop',
    ',': 'comma',
    '/': 'slash',
    '@': 'at',
  };
  const sign = SIGNS[text];
  return sign === undefined ? undefined : t(`keyboard.${sign}`);
}

/** A name begins with a capital, and so does each of its words; a text only at its start. */
function beginsWord(kind: FieldKind, value: string): boolean {
  if (value === '') return true;
  return kind === 'name' && /[\s'’-]$/.test(value);
}

/** A keyboard of keys writes as well; arrows, Tab and Enter on a button keep their meaning. */
function useKeys(props: KeyboardProps, typed: () => void): void {
  const latest = useRef({ props, typed });
  latest.current = { props, typed };
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const { kind, canContinue, onWrite, onErase, onClear, onEnter } = latest.current.props;
      const target = event.target instanceof Element ? event.target : undefined;
      if (kind === 'choice' || document.querySelector('[role="dialog"]') || target?.closest('[inert]'))
        return;
      const onButton = target instanceof HTMLButtonElement;
      if (event.key === 'Enter') {
        if (onButton || !canContinue || !onEnter) return;
        onEnter();
      } else if (event.key === 'Backspace') onErase();
      else if (event.key === 'Delete') onClear();
      else if ([...event.key].length === 1 && !(event.key === ' ' && (onButton || byDigits(kind)))) {
        if (byDigits(kind) && !/^\d$/.test(event.key)) return;
        onWrite(inCapitals(kind) ? event.key.toUpperCase() : event.key);
        latest.current.typed();
      } else return;
      event.preventDefault();
      // letters are letters here, whatever they mean elsewhere; that somebody is there is told below all the same
      event.stopPropagation();
    };
    window.addEventListener('keydown', key, { capture: true });
    return () => window.removeEventListener('keydown', key, { capture: true });
  }, []);
}
