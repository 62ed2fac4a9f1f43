import { connect, type Socket } from 'node:net';

/** ATR of a TS-CNS as it could be: 15 historical bytes with "CNS" at 9..11. */
export const FAKE_ATR = Uint8Array.from(Buffer.from('3b8f8001006b0508c805010111434e531031804b', 'hex'));

export interface FakeCardOptions {
  readonly port: number;
  readonly host?: string;
  readonly atr?: Uint8Array;
  /** The answer to an APDU with its status word; undefined: silence. `at` counts from 1. */
  answer?(apdu: Uint8Array, at: number): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Bytes to a write: the stream is cut anywhere. */
  readonly fragment?: number;
  /** Instead of any protocol: what is said on each frame that comes. */
  onFrame?(body: Uint8Array, socket: Socket): void;
}

export interface FakeCard {
  readonly controls: number[];
  readonly apdus: Uint8Array[];
  readonly socket: Socket;
  readonly taken: Promise<void>;
  take(): Promise<void>;
}

/** `90 00`. */
export const OK = Uint8Array.of(0x90, 0x00);

/** Frames of the virtual reader's wire (2-byte length, body), written here a second time on purpose. */
export function frame(body: Uint8Array): Uint8Array {
  return Uint8Array.of(body.length >> 8, body.length & 0xff, ...body);
}

/** Lays a card that is no more than a function on a virtual reader. Rejects when nobody listens. */
export async function layFakeCard(options: FakeCardOptions): Promise<FakeCard> {
  const socket = connect({ host: options.host ?? '127.0.0.1', port: options.port });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const taken = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  const card: FakeCard = {
    controls: [],
    apdus: [],
    socket,
    taken,
    take: () => {
      socket.destroy();
      return taken;
    },
  };
  const say = async (body: Uint8Array) => {
    const bytes = frame(body);
    const step = options.fragment ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) {
      if (socket.destroyed) return;
      socket.write(bytes.subarray(at, at + step));
      if (step < bytes.length) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const hear = async (body: Uint8Array) => {
    if (options.onFrame) {
      if (body.length === 1) card.controls.push(body[0] ?? 0);
      options.onFrame(body, socket);
    } else if (body.length === 1) {
      card.controls.push(body[0] ?? 0);
      if (body[0] === 4) await say(options.atr ?? FAKE_ATR);
    } else {
      card.apdus.push(body);
      const answer = options.answer ? await options.answer(body, card.apdus.length) : OK;
      if (answer) await say(answer);
    }
  };
  let buffer = Buffer.alloc(0);
  let work = Promise.resolve();
  socket.on('data', (bytes: Buffer) => {
    buffer = Buffer.concat([buffer, bytes]);
    while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
      const body = Uint8Array.from(buffer.subarray(2, 2 + buffer.readUInt16BE(0)));
      buffer = buffer.subarray(2 + body.length);
      work = work.then(() => hear(body));
    }
  });
  return card;
}
