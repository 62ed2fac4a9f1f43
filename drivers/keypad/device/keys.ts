import { PadKey } from '@jolly/contracts/terminal-channel';
import { type Clock, errorsOf } from '@jolly/contracts/values';

export const keypadError = errorsOf({
  KEYPAD_SETTING_INVALID: {
    cause: 'a setting of the keypad’s URI cannot be used',
    retry: 'no',
    cure: 'see docs/keypad.md for the settings and their values',
  },
});

/** Which key the maker's code means; codes of the jack where it speaks by keys. */
export interface KeyCodes {
  readonly keys: ReadonlyMap<string, PadKey>;
  readonly jackIn: string | undefined;
  readonly jackOut: string | undefined;
}

/**
 * Reads `?up=103&ok=28,96&…&jackin=191&jackout=192`: codes by the name of the key, several with a comma. What is not named keeps its
 * default. Throws `KEYPAD_SETTING_INVALID` for a code that two keys claim, or one that is no code.
 */
export function keyCodes(
  query: URLSearchParams,
  defaults: Readonly<Partial<Record<PadKey, readonly string[]>>>,
): KeyCodes {
  const keys = new Map<string, PadKey>();
  const faults: string[] = [];
  for (const key of PadKey.options) {
    const codes = query.get(key)?.split(',') ?? defaults[key] ?? [];
    for (const code of codes) {
      if (!/^[\w-]{1,32}$/.test(code)) faults.push(`${key}: «${code}» is no code`);
      else if (keys.has(code)) faults.push(`${code}: both ${keys.get(code)} and ${key}`);
      else keys.set(code, key);
    }
  }
  if (faults.length > 0) throw keypadError('KEYPAD_SETTING_INVALID', { faults: faults.join('; ') });
  return { keys, jackIn: query.get('jackin') ?? undefined, jackOut: query.get('jackout') ?? undefined };
}

/** A key that is still down then is held (help: call a person). EN 301 549 5.7 asks for two seconds at least. */
const HOLD_MS = 2000;
/** A cable that was pulled while a key was down must not hold it for ever. */
const FORGET_MS = 60_000;

export interface KeyEars {
  readonly key: (key: PadKey) => void;
  readonly hold: (key: PadKey) => void;
}

/** Follows keys down and up: a key comes once, however long it is held or however often the wire repeats it. */
export class KeyFollower {
  readonly #clock: Clock;
  readonly #tell: KeyEars;
  readonly #down = new Map<PadKey, { readonly at: number; readonly cancel: () => void }>();

  constructor(clock: Clock, tell: KeyEars) {
    this.#clock = clock;
    this.#tell = tell;
  }

  down(key: PadKey): void {
    const known = this.#down.get(key);
    if (known && this.#clock.monotonic() - known.at < FORGET_MS) return;
    known?.cancel();
    const cancel = this.#clock.after(HOLD_MS, () => this.#tell.hold(key));
    this.#down.set(key, { at: this.#clock.monotonic(), cancel });
    this.#tell.key(key);
  }

  up(key: PadKey): void {
    this.#down.get(key)?.cancel();
    this.#down.delete(key);
  }

  /** The cable is out: nobody holds anything any more. */
  reset(): void {
    for (const { cancel } of this.#down.values()) cancel();
    this.#down.clear();
  }
}
