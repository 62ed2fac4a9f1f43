import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  Ack,
  Ask,
  type Down as DownKind,
  type Envelope,
  envelopeOf,
  type LinkAddress,
  MAX_PAYLOAD_BYTES,
  readTopic,
  SentCommand,
  SignedDown,
  signedDown,
  Welcome,
} from '@jolly/contracts/fleet-link';
import { z } from 'zod';

const BODIES = {
  welcome: envelopeOf(Welcome),
  ack: envelopeOf(Ack),
  // what is in them is judged where they are to hold: its faults are told, not dropped
  desired: envelopeOf(z.strictObject({ version: z.int().min(1), settings: z.unknown() })),
  command: envelopeOf(SentCommand),
  ask: envelopeOf(Ask),
  signal: envelopeOf(z.unknown()),
} as const;

type Bodies = { [Kind in DownKind]: z.output<(typeof BODIES)[Kind]>['body'] };
export type Opened = {
  [Kind in DownKind]: { readonly kind: Kind; readonly envelope: Envelope<Bodies[Kind]> };
}[DownKind];

/** Why a message is not one of the server's for us. */
export type Refusal =
  | 'oversize'
  | 'topic'
  | 'malformed'
  | 'signature'
  | 'schema'
  | 'expired'
  | 'replayed'
  | 'unasked';

/** Ids of messages are kept while a copy of them could come; more than any server sends meanwhile. */
const KEPT_IDS = 4096;

/**
 * Opens what comes down: ours, whole, under the server's key, in time, and for the first time. A broker may be another's: it can drop
 * and delay, and nothing else.
 */
export class Opener {
  readonly #address: LinkAddress;
  readonly #seen = new Set<string>();
  #keys: readonly KeyObject[] = [];

  constructor(address: LinkAddress) {
    this.#address = address;
  }

  /** SPKI DER, base64url; what is no Ed25519 key is left out. */
  trust(serverKeys: readonly string[]): void {
    this.#keys = serverKeys.flatMap((text) => {
      try {
        const key = createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' });
        return key.asymmetricKeyType === 'ed25519' ? [key] : [];
      } catch (error) {
        if (error instanceof Error) return [];
        throw error;
      }
    });
  }

  /** `now`: the server's clock as far as it is known here. */
  open(topic: string, payload: Uint8Array, now: number): Opened | Refusal {
    if (payload.length > MAX_PAYLOAD_BYTES) return 'oversize';
    const read = readTopic(topic);
    if (read?.way !== 'down') return 'topic';
    if (read.tenantId !== this.#address.tenantId || read.terminalId !== this.#address.terminalId)
      return 'topic';
    const outer = SignedDown.safeParse(json(Buffer.from(payload).toString('utf8')));
    if (!outer.success) return 'malformed';
    const { signed, sig } = outer.data;
    const text = Buffer.from(signedDown(topic, signed));
    const signature = Buffer.from(sig, 'base64url');
    if (!this.#keys.some((key) => verify(null, text, key, signature))) return 'signature';
    const inner = BODIES[read.kind].safeParse(json(signed));
    if (!inner.success) return 'schema';
    const { id, exp } = inner.data;
    if (exp !== undefined && exp <= now) return 'expired';
    if (this.#seen.has(id)) return 'replayed';
    this.#seen.add(id);
    if (this.#seen.size > KEPT_IDS) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return { kind: read.kind, envelope: inner.data } as Opened;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
