import { createPrivateKey, generateKeyPair, generatePrime, type KeyObject } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toBytes } from '../numbers.ts';
import { EXTERNAL_KEY_EXPONENT, publicExponentFor } from './external-key.ts';

const keyPair = promisify(generateKeyPair);
const prime = promisify(
  (bits: number, done: (error: Error | null, prime: bigint) => void) =>
    void generatePrime(bits, { bigint: true }, done),
);

/** Where texts (keys, certificates in PEM) are kept; each is made once. */
export type KeptTexts = (name: string, make: () => Promise<string>) => Promise<string>;

/** For one process, forgotten with it. */
export function textsInMemory(): KeptTexts {
  const known = new Map<string, Promise<string>>();
  return (name, make) => {
    const found = known.get(name) ?? make();
    known.set(name, found);
    return found;
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * In a folder, for its owner alone. A file appears whole (link) and never changes: of two processes that make the same one
 * at once the second takes what the first wrote.
 */
export function textsInFolder(folder: string): KeptTexts {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const memory = textsInMemory();
  return (name, make) =>
    memory(name, async () => {
      const file = join(folder, name);
      const found = readIfThere(file);
      if (found !== undefined) return found;
      const text = await make();
      const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
      writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
      try {
        linkSync(draft, file);
        return text;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return readFileSync(file, 'utf8');
      } finally {
        rmSync(draft);
      }
    });
}

/** Public half of the card's external-authentication key 84, as its tags 81 and 82 say it. */
export interface ExternalKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** The keys of the test CA and its cards, made at first use. */
export class CardKeys {
  readonly #texts: KeptTexts;
  readonly #parsed = new Map<string, KeyObject>();

  constructor(texts: KeptTexts) {
    this.#texts = texts;
  }

  text(name: string, make: () => Promise<string>): Promise<string> {
    return this.#texts(name, make);
  }

  rsa(name: string, modulusLength = 2048): Promise<KeyObject> {
    return this.#key(name, async () => (await keyPair('rsa', { modulusLength })).privateKey);
  }

  ec(name: string, namedCurve = 'P-256'): Promise<KeyObject> {
    return this.#key(name, async () => (await keyPair('ec', { namedCurve })).privateKey);
  }

  /** A modulus that fits the published private exponent (cie-card.md, end). */
  async external(): Promise<ExternalKey> {
    const text = await this.#texts('external-key.txt', async () => {
      for (;;) {
        const [p, q] = await Promise.all([prime(1024), prime(1024)]);
        const exponent = publicExponentFor(p, q);
        if (exponent !== undefined && p * q > EXTERNAL_KEY_EXPONENT && (p * q) >> 2047n === 1n)
          return `${(p * q).toString(16)}\n${exponent.toString(16)}\n`;
      }
    });
    const [modulus = '0', exponent = '0'] = text.split('\n');
    return { modulus: toBytes(BigInt(`0x${modulus}`), 256), exponent: toBytes(BigInt(`0x${exponent}`)) };
  }

  async #key(name: string, make: () => Promise<KeyObject>): Promise<KeyObject> {
    const known = this.#parsed.get(name);
    if (known) return known;
    const text = await this.#texts(`${name}.pem`, async () =>
      (await make()).export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    const key = createPrivateKey(text);
    this.#parsed.set(name, key);
    return key;
  }
}
