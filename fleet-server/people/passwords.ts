import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { fail } from '../problems/index.ts';

export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's figures: 128 MiB and a good part of a second for each guess. */
export const OWASP_COST: ScryptCost = { logN: 17, r: 8, p: 1 };

/** 128 MiB each: more at once would be a way to stop the server. */
const AT_ONCE = 2;
const WAITING = 40;
const BYTES = 32;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `stored` undefined or null: nobody of that name; takes as long, and says no. */
  verify(password: string, stored: string | null | undefined): Promise<boolean>;
  /** Whether it was made with other figures than those in force. */
  outdated(stored: string): boolean;
}

export function openPasswords(cost: ScryptCost): Passwords {
  const queue: (() => void)[] = [];
  let running = 0;

  /** Throws TOO_MANY_REQUESTS when too many wait already. */
  const inTurn = async <R>(work: () => Promise<R>): Promise<R> => {
    if (running >= AT_ONCE) {
      if (queue.length >= WAITING) throw fail('TOO_MANY_REQUESTS');
      await new Promise<void>((go) => queue.push(go));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
  const derive = (password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> =>
    inTurn(
      () =>
        new Promise((resolve, reject) => {
          const N = 2 ** logN;
          // The same characters typed on another system are the same password.
          const text = password.normalize('NFKC');
          scrypt(text, salt, BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
            error ? reject(error) : resolve(key),
          );
        }),
    );
  const prefix = ['scrypt', cost.logN, cost.r, cost.p].join('$');
  const nobody = `${prefix}$${randomBytes(16).toString('base64url')}$${randomBytes(BYTES).toString('base64url')}`;

  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await derive(password, salt, cost);
      return `${prefix}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },
    async verify(password, stored) {
      const [, logN, r, p, salt = '', key = ''] = (stored ?? nobody).split('$');
      const given = await derive(password, Buffer.from(salt, 'base64url'), {
        logN: Number(logN),
        r: Number(r),
        p: Number(p),
      });
      const same = timingSafeEqual(given, Buffer.from(key, 'base64url'));
      return same && typeof stored === 'string';
    },
    outdated: (stored) => !stored.startsWith(`${prefix}$`),
  };
}
