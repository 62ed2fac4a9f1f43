/**
 * The process that holds the native PC/SC stack: a crash, a hang or a leak in there stays in here. It takes orders and gives
 * reports over descriptor 3 (`messages-codec.ts`), and ends when that closes. It keeps no state worth saving: the
 * terminal starts it again whenever in doubt.
 */
import { Socket } from 'node:net';
import { secretBytes, wipe } from '@jolly/contracts/values';
import { FrameReader } from '../frames-codec.ts';
import {
  decodeOrder,
  encodeReport,
  LONGEST_MESSAGE,
  type Order,
  type Report,
  wipeMessage,
} from './messages-codec.ts';
import type { PcscSession } from './session.ts';

/** Not `exit`: that waits for native threads, and one may hang in the reader's driver. pcscd resets what we held. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

// Ctrl-C reaches the whole group; the terminal ends its act first and then closes the pipe.
process.on('SIGINT', () => undefined);

// Bytes are read into one buffer of ours and not into fresh ones that nobody could wipe.
const incoming = Buffer.from(secretBytes(65_536).buffer);
const frames = new FrameReader(4, LONGEST_MESSAGE);
const line = new Socket({
  fd: 3,
  readable: true,
  writable: true,
  onread: {
    buffer: incoming,
    callback: (length: number) => {
      const bytes = incoming.subarray(0, length);
      const fault = frames.push(bytes, take);
      wipe(bytes);
      if (fault !== undefined) end();
      return true;
    },
  },
} as ConstructorParameters<typeof Socket>[0]);
line.on('end', end);
line.on('close', end);
line.on('error', end);

function report(message: Report): void {
  const frame = encodeReport(message);
  line.write(frame, () => wipe(frame));
}

let session: PcscSession | undefined;
let work: Promise<void> = Promise.resolve();

function take(body: Uint8Array): void {
  const order = decodeOrder(body);
  if (!order) end();
  work = work.then(() => obey(order));
}

async function obey(order: Order): Promise<void> {
  const { number } = order;
  try {
    if (!session) throw Object.assign(new Error('NoService'), { code: 'NoService' });
    switch (order.kind) {
      case 'open':
        report({ kind: 'opened', number, protocol: await session.open(order.bytes) });
        break;
      case 'transmit': {
        const bytes = await session.transmit(order.bytes);
        report({ kind: 'answer', number, bytes });
        wipe(bytes);
        break;
      }
      case 'release':
        await session.release();
        report({ kind: 'released', number });
        if (session.worn) line.end(end);
        break;
    }
  } catch (error) {
    report({ kind: 'failed', number, word: wordOf(error) });
  } finally {
    wipeMessage(order);
  }
}

function wordOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Za-z0-9_-]{1,64}$/.test(code) ? code : 'UnknownError';
}

line.resume();
try {
  const [{ PcscSession: Session }, { ReaderWatch }] = await Promise.all([
    import('./session.ts'),
    import('./watch.ts'),
  ]);
  const watch = new ReaderWatch(report, () => line.end(end));
  session = new Session((name) => watch.reader(name));
  watch.start();
} catch (error) {
  // No library of PC/SC on this machine, or none for this processor: said, and nothing else to do.
  console.error(error instanceof Error ? error.message : error);
  report({ kind: 'trouble', word: 'addon-missing' });
}
