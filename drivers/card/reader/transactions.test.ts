import { isJollyError, ManualClock } from '@jolly/contracts/values';
import { beforeEach, describe, expect, it } from 'vitest';
import { cardError } from '../errors.ts';
import { SlotBook } from './slot-book.ts';
import { Transactions } from './transactions.ts';

const COMMAND = Uint8Array.of(0x00, 0x20, 0x00, 0x81);
const OK = Uint8Array.of(0x90, 0x00);

let clock: ManualClock;
let done: string[];
/** Answers the command under way. */
let answer: (bytes: Uint8Array) => void;
let transactions: Transactions;
let insertion: number;
let taking: Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  done = [];
  taking = Promise.resolve();
  let slots: readonly { insertion: number }[] = [];
  const book = new SlotBook(
    clock,
    (now) => {
      slots = now;
    },
    () => undefined,
  );
  transactions = new Transactions(clock, book, async () => {
    done.push('take');
    await taking;
    return {
      protocol: 'T=1',
      transmit: () => {
        done.push('send');
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      release: async () => {
        done.push('reset');
      },
      abandon: () => done.push('abandon'),
    };
  });
  book.see('reader', 'card', Uint8Array.of(0x3b, 0x00), false);
  insertion = slots[0]?.insertion ?? 0;
});

const settle = () => new Promise((resolve) => setImmediate(resolve));
const said = (act: Promise<unknown>) =>
  act.then(
    (result) => String(result),
    (error: unknown) =>
      isJollyError(error) ? `${error.code} ${error.detail.why ?? ''}`.trim() : String(error),
  );

describe('an act that is given up', () => {
  it('in the middle of a command sends nothing more, ends with a reset, and says itself what became of it', async () => {
    const giving = new AbortController();
    const act = said(
      transactions.run(
        insertion,
        async (card) => {
          try {
            await card.transmit(COMMAND);
          } catch (cause) {
            // As a driver does whose PIN was on its way; and one that goes on all the same gets nowhere.
            await expect(card.transmit(COMMAND)).rejects.toMatchObject({ code: 'CARD_SLOW' });
            throw cardError('PIN_UNCERTAIN', {}, { cause });
          }
        },
        giving.signal,
      ),
    );
    await settle();
    giving.abort();
    expect(await act).toBe('PIN_UNCERTAIN');
    expect(done).toEqual(['take', 'send', 'reset']);
  });

  it('between two commands does not send the second', async () => {
    const giving = new AbortController();
    const act = said(
      transactions.run(
        insertion,
        async (card) => {
          await card.transmit(COMMAND);
          giving.abort();
          await card.transmit(COMMAND);
        },
        giving.signal,
      ),
    );
    await settle();
    answer(OK);
    expect(await act).toBe('CARD_SLOW given-up');
    expect(done).toEqual(['take', 'send', 'reset']);
  });

  it('before its turn never touches the card', async () => {
    const giving = new AbortController();
    const first = transactions.run(insertion, (card) => card.transmit(COMMAND));
    const second = said(transactions.run(insertion, (card) => card.transmit(COMMAND), giving.signal));
    await settle();
    giving.abort();
    answer(OK);
    await first;
    expect(await second).toBe('CARD_SLOW given-up');
    expect(done).toEqual(['take', 'send', 'reset']);
  });

  it('while the card is being taken sends nothing', async () => {
    const giving = new AbortController();
    let taken = (): void => undefined;
    taking = new Promise((resolve) => {
      taken = resolve;
    });
    const act = said(transactions.run(insertion, (card) => card.transmit(COMMAND), giving.signal));
    await settle();
    giving.abort();
    taken();
    expect(await act).toBe('CARD_SLOW given-up');
    expect(done).toEqual(['take', 'reset']);
  });

  it('and never comes back is not waited for', async () => {
    const giving = new AbortController();
    const act = said(transactions.run(insertion, () => new Promise(() => undefined), giving.signal));
    await settle();
    giving.abort();
    clock.advance(1_000);
    expect(await act).toBe('CARD_SLOW given-up');
    expect(done).toEqual(['take', 'reset']);
  });

  it('after its end disturbs no other', async () => {
    const giving = new AbortController();
    const first = transactions.run(insertion, (card) => card.transmit(COMMAND), giving.signal);
    await settle();
    answer(OK);
    await first;
    const second = said(transactions.run(insertion, (card) => card.transmit(COMMAND)));
    await settle();
    giving.abort();
    answer(OK);
    expect(await second).toBe('144,0');
  });
});

describe('an act whose minute is over', () => {
  it('says itself what became of the command that was on its way', async () => {
    const act = said(
      transactions.run(insertion, async (card) => {
        for (;;) {
          await card.transmit(COMMAND).catch((cause: unknown) => {
            throw cardError('PIN_UNCERTAIN', {}, { cause });
          });
        }
      }),
    );
    for (let seconds = 0; seconds < 60; seconds += 6) {
      await settle();
      clock.advance(6_000);
      answer(OK);
    }
    await settle();
    expect(await act).toBe('PIN_UNCERTAIN');
    expect(done.at(-1)).toBe('reset');
  });
});
