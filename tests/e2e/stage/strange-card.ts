import { connect, type Socket } from 'node:net';
import type { Stage } from './stage.ts';

/** A card with the T=1 protocol and nothing to say of itself. */
const ATR = Buffer.from('3b80800101', 'hex');
const FILE_NOT_FOUND = Buffer.from('6a82', 'hex');
const ANSWER_TO_RESET = 4;

const frame = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
};

/**
 * Lays a card that is neither CIE nor TS-CNS: a parking permit, say. It has no file that anybody asks for. Gives the hand
 * that takes it away again.
 */
export async function layStrangeCard(stage: Stage): Promise<() => void> {
  const [reader] = (await stage.devices.cards()).readers;
  const { hostname, port } = new URL(`tcp://${reader?.address}`);
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(made));
    made.once('error', reject);
  });
  let pending = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
      const body = pending.subarray(2, 2 + pending.readUInt16BE());
      pending = pending.subarray(2 + body.length);
      // orders of one byte: power, reset, and what the card is called
      if (body.length > 1) socket.write(frame(FILE_NOT_FOUND));
      else if (body[0] === ANSWER_TO_RESET) socket.write(frame(ATR));
    }
  });
  socket.on('error', () => socket.destroy());
  return () => socket.destroy();
}
