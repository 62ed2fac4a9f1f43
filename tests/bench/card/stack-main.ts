/**
 * Whole logins over the virtual card stack: pcscd with the virtual reader in namespaces of their own where the machine allows that,
 * else Jolly's own virtual slot. `--data FOLDER --rounds N --wire installed|quick`; one JSON document (`StackSamples`) on standard
 * output.
 */
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isJollyError, systemClock } from '@jolly/contracts/values';
import { parseDeviceUri } from '@jolly/drivers/registry';
import { openReaderStack, type ReaderStack, type Slot } from '../../../drivers/card/reader/index.ts';
import { CITIZENS } from '../../../simulators/card/index.ts';
import { type Started, startProcess } from '../../../simulators/process/spawn.ts';
import { inNamespaces, runAgainInNamespaces } from '../../pcsc/namespaces.ts';
import { PCSCD, startPcscd, VPCD_DRIVER, VPCD_PORTS, VPCD_READERS } from '../../pcsc/pcscd.ts';
import { LoginRun } from './login-run.ts';
import type { StackSamples } from './stack.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '' },
    rounds: { type: 'string', default: '4' },
    wire: { type: 'string', default: 'installed' },
  },
});
/** Short APDUs, and extended ones. */
const CITIZENS_ON_SLOTS = ['giulia', 'marco'] as const;
/** As a round trip over vpcd takes 40 ms and more, one is enough to have everything loaded. */
const warmUp = values.wire === 'quick' ? 5 : 1;
/** So many in all: one that is cut may be bad luck of a busy machine, three in a row are a fault. */
const STACKS = 3;

const installed = existsSync(PCSCD) && existsSync(VPCD_DRIVER);
if (installed && !inNamespaces()) {
  const status = await runAgainInNamespaces('installed');
  // Without namespaces a pcscd of this machine would be in the way: then the other stack.
  if (status !== undefined) process.exit(status);
}
const pcsc = installed && inNamespaces();

/**
 * vpcd writes a frame's length and its body one after the other, and the second waits until the first is acknowledged, which Linux delays by
 * 40 ms. In a network of our own it can be told not to.
 */
function acknowledgeAtOnce(): void {
  for (const address of ['127.0.0.1', '127.0.0.0/8']) {
    const route = `route replace local ${address} dev lo table local proto kernel scope host src 127.0.0.1 quickack 1`;
    const { status } = spawnSync('ip', route.split(' '), { stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error('the wire to vpcd cannot be made quick');
  }
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

async function cardOn(stack: ReaderStack): Promise<Slot> {
  const end = performance.now() + 10_000;
  for (;;) {
    const slot = stack.slots.find(({ state }) => state === 'card');
    if (slot) return slot;
    if (performance.now() > end) throw new Error('the card was never seen on its reader');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** All rounds on a fresh stack: its own pcscd, readers and card process. */
async function measure(): Promise<Omit<StackSamples, 'restarts'>> {
  const pcscd = pcsc ? await startPcscd() : undefined;
  const stacks: ReaderStack[] = [];
  let cards: Started<{ readonly anchor: string }> | undefined;
  try {
    const ports = pcsc ? VPCD_PORTS : [await freePort(), await freePort()];
    for (const [at, port] of ports.entries()) {
      const uri = pcsc ? `pcsc:${VPCD_READERS[at]}` : `vpcd+tcp://127.0.0.1:${port}`;
      const stack = openReaderStack(parseDeviceUri(uri), { clock: systemClock, log: () => undefined });
      stack.start({ slots: () => undefined, trouble: () => undefined });
      stacks.push(stack);
    }
    cards = await startProcess<{ readonly anchor: string }>(
      fileURLToPath(new URL('./card-process.ts', import.meta.url)),
      [
        ...['--data', values.data],
        ...['--cards', CITIZENS_ON_SLOTS.map((id, at) => `${id}@127.0.0.1:${ports[at]}`).join(',')],
      ],
    );
    const anchors = [new X509Certificate(cards.ready.anchor)];
    const runs = await Promise.all(
      stacks.map(async (stack, at) => {
        const owner = CITIZENS.find(({ id }) => id === CITIZENS_ON_SLOTS[at]);
        if (!owner) throw new Error('no citizen for that slot');
        return new LoginRun(owner.id, stack, await cardOn(stack), anchors, owner.pin);
      }),
    );
    const rounds = Number(values.rounds);
    // Where the wire waits most of the time, both cards can be served at once.
    if (pcsc && values.wire === 'installed') await Promise.all(runs.map((run) => run.rounds(warmUp, rounds)));
    else for (const run of runs) await run.rounds(warmUp, rounds);
    return {
      stack: pcsc ? 'pcscd with vpcd' : "Jolly's own virtual slot",
      logins: runs.map(({ citizen, apdus, extended, logins, raws }) => ({
        citizen,
        apdus,
        extended,
        logins,
        raws,
      })),
    };
  } finally {
    await Promise.all(stacks.map((stack) => stack.close()));
    await cards?.stop();
    await pcscd?.stop();
  }
}

/** Nobody takes a card here: a card or reader that went away is the virtual stack's doing, and no figure of Jolly's. */
function cutByStack(error: unknown): string | undefined {
  if (!isJollyError(error)) return undefined;
  if (error.code === 'CARD_REMOVED' || error.code === 'READER_LOST') return error.code;
  // The same while a PIN was under way.
  return error.code === 'PIN_UNCERTAIN' ? cutByStack(error.cause) : undefined;
}

if (pcsc && values.wire === 'quick') acknowledgeAtOnce();
for (let restarts = 0; ; restarts += 1) {
  try {
    const samples: StackSamples = { ...(await measure()), restarts };
    process.stdout.write(`${JSON.stringify(samples)}\n`);
    break;
  } catch (error) {
    const cut = cutByStack(error);
    if (cut === undefined || restarts + 1 === STACKS) throw error;
    process.stderr.write(`bench: the virtual stack cut a login (${cut}), begun anew on a fresh one\n`);
  }
}
