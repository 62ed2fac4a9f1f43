import type { Preferences } from '@jolly/contracts/terminal-channel';
import { systemClock } from '@jolly/contracts/values';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords, type Words } from '../messages/index.ts';
import { Caption, type Said } from './caption.tsx';
import { treeOf } from './page-tree.ts';
import { readScene, type Scene } from './scene.ts';
import { forAllEars, tellChange, tellWelcome, tellWhole } from './tell.ts';
import type { Voice } from './voice.ts';

/** Changes of one snapshot come together: content, then the focus, then the cut into pages. */
const SETTLE_MS = 40;
/** Letters in the two lines of the caption, by text size. */
const LIMITS: Readonly<Record<Preferences['textScale'], number>> = { 1: 104, 1.5: 84, 2: 76 };
const NOTHING: Said = { text: '', count: 0 };

/**
 * Whatever is drawn inside is also told while listening is on: whole when the screen changes, then only what is new, and
 * what has the focus. `r` or "repeat" tells the screen again.
 */
export function Listening({
  preferences: { listen, textScale },
  voice,
  names,
  children,
}: {
  readonly preferences: Preferences;
  readonly voice: Voice;
  /** Of who is signed in: never said where others hear it. */
  readonly names: readonly string[];
  readonly children: ReactNode;
}) {
  const words = useWords();
  const page = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState(NOTHING);
  const teller = useTeller(page, listen, { words, names, voice }, (text) =>
    setSaid(({ count }) => ({ text, count: count + 1 })),
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

interface Teller {
  readonly repeat: () => void;
  readonly say: (text: string) => void;
}

interface Ways {
  readonly words: Words;
  readonly names: readonly string[];
  readonly voice: Voice;
}

function useTeller(
  page: { readonly current: HTMLElement | null },
  on: boolean,
  ways: Ways,
  onSaid: (text: string) => void,
) {
  const teller = useRef<Teller>(undefined);
  const latest = useRef({ ...ways, onSaid });
  latest.current = { ...ways, onSaid };
  useEffect(() => {
    if (!on || !page.current) return;
    const root = page.current;
    let before: Scene | undefined;
    let cancel: (() => void) | undefined;
    const say = (text: string) => {
      const { words, voice } = latest.current;
      voice.say(text, words.language);
      latest.current.onSaid(text);
    };
    const scene = () => {
      const tree = treeOf(root);
      const { words, names } = latest.current;
      return tree && forAllEars(readScene(tree), names, words.t);
    };
    const look = () => {
      cancel = undefined;
      const now = scene();
      if (!now) return;
      const { t } = latest.current.words;
      const text = before ? tellChange(before, now, t) : tellWelcome(now, t);
      before = now;
      if (text !== undefined) say(text);
    };
    const soon = () => {
      cancel ??= systemClock.after(SETTLE_MS, look);
    };
    const repeat = () => {
      const now = scene();
      if (!now) return;
      before = now;
      say(tellWhole(now, latest.current.words.t, true));
    };
    const key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'r' || event.repeat) return;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      // where letters are written it is one of them
      if (root.querySelector('[data-writes]')) return;
      repeat();
    };
    const changes = new MutationObserver(soon);
    changes.observe(root, { childList: true, subtree: true, characterData: true, attributes: true });
    document.addEventListener('focusin', soon);
    window.addEventListener('keydown', key);
    teller.current = { repeat, say };
    soon();
    return () => {
      changes.disconnect();
      document.removeEventListener('focusin', soon);
      window.removeEventListener('keydown', key);
      cancel?.();
      teller.current = undefined;
      latest.current.voice.stop();
      latest.current.onSaid('');
    };
  }, [on, page]);
  return teller;
}
