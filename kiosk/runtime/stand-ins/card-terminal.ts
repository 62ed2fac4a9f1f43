import { createInterface } from 'node:readline';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CardReader } from '@jolly/drivers/card';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { readConfig } from '../config/index.ts';
import { startTerminal } from '../terminal.ts';
import { FakeReader } from './citizens.ts';

/**
 * A whole terminal as a process, with a card reader that obeys lines on standard input (`lay`, `take`, `heap <file>`). For the test
 * that looks for a citizen in its memory. `node card-terminal.ts <config file>`
 */
const reader = new FakeReader();
reader.spying = false;
const device = {
  uri: 'fake+tcp://h:1',
  health: () => ({ state: 'ready', reasons: [], since: 0, counters: {} }) as const,
  onHealth: () => () => undefined,
  selfTest: async () => [],
  close: async () => undefined,
};
const driver: CardReader = Object.assign(reader, device);
const terminal = await startTerminal(readConfig(process.argv[2] ?? ''), {
  registry: new DeviceRegistry().register('card', 'fake', () => driver),
  software: 'test',
  log: (event, detail) => process.stderr.write(`${JSON.stringify({ event, ...detail })}\n`),
});
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, file] = line.split(' ');
  if (word === 'lay') reader.lay();
  if (word === 'take') reader.take();
  if (word === 'heap') {
    // twice: what the first frees lets go of more
    collect();
    setImmediate(() => {
      collect();
      writeHeapSnapshot(file);
      say({ written: file });
    });
  }
});
say({ url: terminal.mint(), pid: process.pid });
