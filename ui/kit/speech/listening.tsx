import type { Preferences } from '@jolly/contracts/terminal-channel';
import { systemClock } from '@jolly/contracts/values';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords, type Words } from '../messages/index.ts';
import { Caption, type Said } from './caption.tsx';
import { treeOf } from './page-tree.ts';
import { Recital } from './recital.ts';
import { forOneEar, readScene, type Scene } from './scene.ts';
import { markSpoken } from './spoken-mark.ts';
import { forAllEars, tellChange, tellWelcome, tellWhole } from './tell.ts';
import type { Voice } from './voice.ts';

/** Changes of one snapshot come together: content, then the focus, then the cut into pages. */
const SETTLE_MS = 40;
/** How long a listener is left alone before they are told once how to go on. */
const SILENCE_MS = 8000;
/** What covers the page after the headset was pulled out. */
const COVER = 'covered';
/** Letters in the two lines of the caption, by text size. */
const LIMITS: Readonly<Record<Preferences['textScale'], number>> = { 1: 104, 1.5: 84, 2: 76 };
const NOTHING: Said = { text: '', sentence: '', count: 0 };

/**
 * Whatever is drawn inside is also told while listening is on: whole when the screen changes, then only what is new, and
 * what has the focus. `r` or "repeat" tells the screen again; any key or touch interrupts. Into a headset everything is told,
 * to the room nothing private.
 */
export function Listening({
  preferences,
  voice,
  names,
  headset = false,
  children,
}: {
  readonly preferences: Preferences;
  readonly voice: Voice;
  /** Of who is signed in: never said where others hear it. */
  readonly names: readonly string[];
  /** One is plugged in. */
  readonly headset?: boolean;
  readonly children: ReactNode;
}) {
  const words = useWords();
  const { listen, textScale } = preferences;
  const page = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState(NOTHING);
  const teller = useTeller(page, listen, { words, names, voice, preferences, headset }, (text, sentence) =>
    setSaid((before) => ({
      text: text ?? before.text,
      sentence,
      count: text === undefined && sentence === before.sentence ? before.count : before.count + 1,
    })),
  );
  return (
    <>
      <div className="heard" ref={page}>
        {children}
      </div>
      {listen && (
        <Caption
          said={said}
          limit={LIMITS[textScale]}
          onRepeat={() => teller.current?.repeat()}
          onFocusRepeat={() => teller.current?.say(words.t('speech.repeat'))}
        />
      )}
    </>
  );
}

/**
 * Whether the page goes on being told after the news: it is the same page, and nobody has done anything. Where there is a pad, what
 * is new is what was typed.
 */
const goesOn = (was: Scene, now: Scene): boolean =>
  was.place === now.place &&
  was.title === now.title &&
  was.controls.find((it) => it.focused)?.id === now.controls.find((it) => it.focused)?.id &&
  now.controls.every((it) => it.told !== 'as-pad');

interface Teller {
  readonly repeat: () => void;
  readonly say: (text: string) => void;
}

interface Ways {
  readonly words: Words;
  readonly names: readonly string[];
  readonly voice: Voice;
  readonly preferences: Preferences;
  readonly headset: boolean;
}

function useTeller(
  page: { readonly current: HTMLElement | null },
  on: boolean,
  ways: Ways,
  onSaid: (text: string | undefined, sentence: string) => void,
) {
  const teller = useRef<Teller>(undefined);
  const latest = useRef({ ...ways, onSaid });
  latest.current = { ...ways, onSaid };
  const { headset } = ways;
  const hadHeadset = useRef(false);
  useEffect(() => {
    const pulledOut = hadHeadset.current && !headset;
    hadHeadset.current = headset;
    if (!on || !page.current) return;
    const root = page.current;
    let before: Scene | undefined;
    let hinted: string | undefined;
    let cancelLook: (() => void) | undefined;
    let cancelHint: () => void = () => undefined;
    const alone = () => headset && latest.current.voice.discreet;
    const recital = new Recital(() => latest.current.voice, systemClock, {
      onSentence: (sentence) => {
        markSpoken(root, sentence);
        if (sentence !== undefined) latest.current.onSaid(undefined, sentence);
      },
      onSilence: () => waitForHint(),
    });
    const say = (text: string, thenGoOn = false) => {
      const { words, preferences } = latest.current;
      cancelHint();
      latest.current.onSaid(text, '');
      const said = { text, language: words.language, speed: preferences.speed, private: alone() };
      if (thenGoOn) recital.interject(said);
      else recital.say(said);
    };
    /** Once a page: whoever is silent on it knows by then. */
    const waitForHint = () => {
      cancelHint();
      if (!before || hinted === before.place) return;
      cancelHint = systemClock.after(SILENCE_MS, () => {
        hinted = before?.place;
        say(latest.current.words.t(headset ? 'speech.hint-pad' : 'speech.hint'));
      });
    };
    const scene = () => {
      const tree = treeOf(root);
      const { words, names } = latest.current;
      if (!tree) return undefined;
      return alone() ? readScene(forOneEar(tree)) : forAllEars(readScene(tree), names, words.t);
    };
    const begin = (now: Scene): string | undefined => {
      const { t } = latest.current.words;
      // whoever pulled the plug wants silence; only what now covers the page is told
      if (pulledOut) return now.place === COVER ? tellWhole(now, t) : undefined;
      return tellWelcome(now, t, headset ? 'keypad' : 'keyboard');
    };
    const look = () => {
      cancelLook = undefined;
      const now = scene();
      if (!now) return;
      const was = before;
      const text = was ? tellChange(was, now, latest.current.words.t) : begin(now);
      before = now;
      if (text !== undefined) say(text, was !== undefined && goesOn(was, now));
    };
    const soon = () => {
      cancelLook ??= systemClock.after(SETTLE_MS, look);
    };
    const repeat = () => {
      const now = scene();
      if (!now) return;
      before = now;
      say(tellWhole(now, latest.current.words.t, true));
    };
    const interrupt = () => {
      recital.stop();
      waitForHint();
    };
    const key = (event: KeyboardEvent) => {
      if (event.repeat) return;
      interrupt();
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      // where letters are written R is one of them; the key of that name, as a keypad has it, never is
      const letter = event.key.toLowerCase() === 'r' && !root.querySelector('[data-writes]');
      if (letter || event.key === 'Again') repeat();
    };
    const changes = new MutationObserver((records) => {
      // the mark of what is being said is our own
      if (records.some((record) => record.attributeName !== 'data-spoken')) soon();
    });
    changes.observe(root, { childList: true, subtree: true, characterData: true, attributes: true });
    document.addEventListener('focusin', soon);
    // before anybody else hears the key: what it does may have something to say
    window.addEventListener('keydown', key, { capture: true });
    window.addEventListener('pointerdown', interrupt, { capture: true });
    teller.current = { repeat, say };
    soon();
    return () => {
      changes.disconnect();
      document.removeEventListener('focusin', soon);
      window.removeEventListener('keydown', key, { capture: true });
      window.removeEventListener('pointerdown', interrupt, { capture: true });
      cancelLook?.();
      teller.current = undefined;
      recital.stop();
      cancelHint();
      latest.current.onSaid('', '');
    };
  }, [on, page, headset]);
  useSpokenChange(teller, ways.preferences.volume, () =>
    ways.words.t('speech.volume', { step: ways.preferences.volume }),
  );
  useSpokenChange(teller, ways.preferences.speed, () => ways.words.t('speech.speed'));
  return teller;
}

/** Says a setting of the voice when it changes: in the new loudness, at the new pace. */
function useSpokenChange(
  teller: { readonly current: Teller | undefined },
  value: number,
  words: () => string,
): void {
  const before = useRef(value);
  const latest = useRef(words);
  latest.current = words;
  useEffect(() => {
    if (before.current !== value) teller.current?.say(latest.current());
    before.current = value;
  }, [value, teller]);
}
