import { isJollyError } from '@jolly/contracts/values';
import {
  type ActOptions,
  type CardReader,
  type CardStep,
  cardError,
  type Presence,
} from '@jolly/drivers/card';
import { Contained } from './contain.ts';

/** A transaction takes a minute at most (cie-card.md 10) and an act may begin a second one: by then it is over all the same. */
const ACT_ENDS_MS = 90_000;
/** Told to stop that much earlier, a driver resets the card and says what became of the PIN; one that says nothing has hung. */
const LAST_WORD_MS = 5_000;

const ABSENT: Presence = { state: 'unavailable', reason: 'absent' };

/**
 * The wall around the reader for citizens' cards. Whatever an act throws comes out as an error of `cardError`, in time. Once a
 * secret may be on its way, a fault of the driver is `PIN_UNCERTAIN`: the careful answer, nobody knows whether the card counted.
 */
export class ContainedCard extends Contained<CardReader> implements CardReader {
  presence(): Presence {
    return this.guard(
      'presence',
      () => this.driver?.presence() ?? ABSENT,
      (reason) => ({ state: 'unavailable', reason }),
    );
  }

  onPresence(listener: (presence: Presence) => void): () => void {
    return this.guard(
      'onPresence',
      () => this.driver?.onPresence(listener) ?? (() => undefined),
      () => () => undefined,
    );
  }

  look(options: ActOptions = {}): ReturnType<CardReader['look']> {
    return this.#act('look', options, (driver, watched) => driver.look(watched));
  }

  signIn(
    ...[pin, context, options = {}]: Parameters<CardReader['signIn']>
  ): ReturnType<CardReader['signIn']> {
    return this.#act('signIn', options, (driver, watched) => driver.signIn(pin, context, watched));
  }

  identify(
    ...[can, context, options = {}]: Parameters<CardReader['identify']>
  ): ReturnType<CardReader['identify']> {
    return this.#act('identify', options, (driver, watched) => driver.identify(can, context, watched));
  }

  changePin(...[pin, next, options = {}]: Parameters<CardReader['changePin']>): Promise<void> {
    return this.#act('changePin', options, (driver, watched) => driver.changePin(pin, next, watched));
  }

  unblockPin(...[puk, next, options = {}]: Parameters<CardReader['unblockPin']>): Promise<void> {
    return this.#act('unblockPin', options, (driver, watched) => driver.unblockPin(puk, next, watched));
  }

  async #act<T>(
    method: string,
    options: ActOptions,
    act: (driver: CardReader, options: ActOptions) => Promise<T>,
  ): Promise<T> {
    const { driver } = this;
    if (!driver) throw cardError('READER_LOST', { why: 'absent' });
    let secretOut = false;
    // The secrets are wiped when this act is over: whatever the driver still does then, it sends nothing.
    const giveUp = new AbortController();
    const watched: ActOptions = {
      ...options,
      signal: options.signal ? AbortSignal.any([options.signal, giveUp.signal]) : giveUp.signal,
      onStep: (step: CardStep, done, of) => {
        if (step === 'secret') secretOut = true;
        options.onStep?.(step, done, of);
      },
    };
    const broken = () => cardError(secretOut ? 'PIN_UNCERTAIN' : 'CARD_RESET', { step: method });
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.clock.after(ACT_ENDS_MS - LAST_WORD_MS, () => {
        giveUp.abort();
        cancel = this.clock.after(LAST_WORD_MS, () =>
          reject(secretOut ? broken() : cardError('CARD_SLOW', { step: method })),
        );
      });
    });
    try {
      return await Promise.race([act(driver, watched), late]);
    } catch (error) {
      if (isJollyError(error)) throw error;
      this.broke(method, error);
      throw broken();
    } finally {
      cancel();
    }
  }
}
