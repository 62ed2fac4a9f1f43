import {
  type Down,
  downTopic,
  LINK_VERSION,
  type LinkAddress,
  MAX_PAYLOAD_BYTES,
  signedDown,
} from '@jolly/contracts/fleet-link';
import { type Clock, uuidv7 } from '@jolly/contracts/values';
import type { Broker } from './port.ts';

/** Ed25519 under the installation's key, base64url. */
export type Sign = (text: string) => string | Promise<string>;

export interface More {
  readonly corr?: string;
  readonly exp?: number;
}

/** Wraps, signs and publishes. Resolves to the envelope's id. */
export function downSender(parts: {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly sign: Sign;
}): (to: LinkAddress, kind: Down, body: unknown, more?: More) => Promise<string> {
  const { broker, clock, sign } = parts;
  return async (to, kind, body, more = {}) => {
    const topic = downTopic(to, kind);
    const at = clock.now();
    const id = uuidv7(at);
    const signed = JSON.stringify({ v: LINK_VERSION, id, at, ...more, body });
    const payload = JSON.stringify({ signed, sig: await sign(signedDown(topic, signed)) });
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
      throw new RangeError(`a message down of kind ${kind} is larger than the link takes`);
    }
    await broker.publish(topic, payload);
    return id;
  };
}
