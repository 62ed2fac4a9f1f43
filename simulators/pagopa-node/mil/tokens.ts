import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';

export interface Claims {
  readonly acquirerId: string;
  readonly channel: string;
  readonly terminalId: string;
  /** Seconds since the epoch. */
  readonly exp: number;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Access tokens as MIL's auth service makes them: JWT by RS256 (pagopa.md 5.1). */
export class Tokens {
  #pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

  make(claims: Claims, now: number): string {
    const text = `${part({ alg: 'RS256', kid: 'mil' })}.${part({
      ...claims,
      sub: `${claims.acquirerId}/${claims.terminalId}`,
      aud: 'mil.pagopa.it',
      iss: 'simulator',
      groups: ['NoticePayer'],
      iat: Math.floor(now / 1_000),
    })}`;
    return `${text}.${sign('sha256', Buffer.from(text), this.#keys().privateKey).toString('base64url')}`;
  }

  /** The claims of a token of ours that has not ended. */
  read(token: string, now: number): Claims | undefined {
    const [head = '', body = '', signature = ''] = token.split('.');
    const text = Buffer.from(`${head}.${body}`);
    if (!verify('sha256', text, this.#keys().publicKey, Buffer.from(signature, 'base64url')))
      return undefined;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Claims;
    return claims.exp * 1_000 > now ? claims : undefined;
  }

  /** Every token made so far ends. */
  endAll(): void {
    this.#pair = undefined;
  }

  #keys() {
    this.#pair ??= generateKeyPairSync('rsa', { modulusLength: 2_048 });
    return this.#pair;
  }
}
