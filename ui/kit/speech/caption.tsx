import { systemClock } from '@jolly/contracts/values';
import { useEffect, useState } from 'react';
import { usePress } from '../controls/index.ts';
import { Icon } from '../icons/index.ts';
import { useWords } from '../messages/index.ts';
import { piecesOf, staysMs } from './pieces.ts';

export interface Said {
  /** All of it. */
  readonly text: string;
  /** The part that is being said; empty: none, or the voice has not begun. */
  readonly sentence: string;
  /** Grows with each thing said: the same words again begin again. */
  readonly count: number;
}

/**
 * The line at the foot of the picture while listening is on: what is said, piece by piece at the pace of a voice, so that
 * it also works where none is installed. Hidden from assistive technology, which reads the page itself.
 */
export function Caption({
  said,
  limit,
  onRepeat,
  onFocusRepeat,
}: {
  readonly said: Said;
  /** Letters that two lines hold. */
  readonly limit: number;
  readonly onRepeat: () => void;
  readonly onFocusRepeat: () => void;
}) {
  const { t } = useWords();
  const [at, setAt] = useState({ count: said.count, piece: 0 });
  const pieces = piecesOf(said.sentence === '' ? said.text : said.sentence, limit);
  const now = at.count === said.count ? Math.min(at.piece, pieces.length - 1) : 0;
  const shown = pieces[now] ?? '';
  const more = now < pieces.length - 1;
  useEffect(() => {
    if (!more) return;
    return systemClock.after(staysMs(shown), () => setAt({ count: said.count, piece: now + 1 }));
  }, [more, shown, said.count, now]);
  return (
    <div className="caption" data-testid="caption" data-said={said.text}>
      <p className="caption__words" aria-hidden="true">
        {shown}
      </p>
      <button
        type="button"
        className="caption__repeat"
        data-testid="repeat"
        onFocus={onFocusRepeat}
        {...usePress({ onPress: onRepeat })}
      >
        <span className="press">
          <Icon name="refresh" size={36} />
          <span>{t('speech.repeat')}</span>
        </span>
      </button>
    </div>
  );
}
