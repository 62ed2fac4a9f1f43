import { NoticeKey } from '@jolly/contracts/notice';
import { systemClock, systemRandom } from '@jolly/contracts/values';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { registerNexo } from '@jolly/drivers/pos/nexo';
import { registerZvt } from '@jolly/drivers/pos/zvt';
import { registerPrinter } from '@jolly/drivers/printer/escpos';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { HttpFleetClient } from '@jolly/kiosk-runtime/fleet-link';
import { openIdentity } from '@jolly/kiosk-runtime/identity';
import { type Journal, openJournal } from '@jolly/kiosk-runtime/journal';
import { openPaymentDesk } from '@jolly/kiosk-runtime/payments';
import { z } from 'zod';
import { answerTo } from './world/citizen.ts';

/**
 * The terminal without its screen, as a process to be killed: the real journal, desk, drivers and client, and a citizen who
 * answers at once. Order as JSON in `JOLLY_CHILD`; one JSON line a milestone on standard output.
 */
export const ChildOrder = z.object({
  dataDir: z.string(),
  tenantId: z.string(),
  terminalId: z.string(),
  serverUrl: z.url(),
  pos: z.string(),
  printer: z.string(),
  enrolmentCode: z.string(),
  /** Absent: only recovers, delivers and ends. */
  notice: NoticeKey.optional(),
  /** Kills itself at this write of the journal. */
  killAt: z.object({ write: z.int(), side: z.enum(['before', 'after']) }).optional(),
  /** Called when money is about to move: the world changes behind the terminal's back. */
  atCharging: z.array(z.object({ url: z.url(), body: z.unknown() })).default([]),
  drainMs: z.int().default(2_000),
});
export type ChildOrder = z.input<typeof ChildOrder>;

const say = (milestone: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(milestone)}\n`);
const dead = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
};

/** The journal with the scissors at it: a real SIGKILL before or after the n-th write. */
function scissors(journal: Journal, at: ChildOrder['killAt']): Journal {
  let writes = 0;
  const cut = <T>(work: () => T): T => {
    const here = writes++ === at?.write;
    if (here && at?.side === 'before') dead();
    const result = work();
    if (here) dead();
    return result;
  };
  return new Proxy(journal, {
    get: (target, key) => {
      if (key === 'append') return (step: Parameters<Journal['append']>[0]) => cut(() => target.append(step));
      if (key === 'settle') return (id: number, refused?: string) => cut(() => target.settle(id, refused));
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function main(): Promise<void> {
  const order = ChildOrder.parse(JSON.parse(process.env.JOLLY_CHILD ?? '{}'));
  const journal = scissors(openJournal(order.dataDir, { clock: systemClock }), order.killAt);
  const identity = openIdentity(order, systemClock, systemRandom);
  const fleet = new HttpFleetClient({ serverUrl: order.serverUrl, identity, clock: systemClock });
  const registry = registerPrinter(registerZvt(registerNexo(registerPos(new DeviceRegistry()))));
  const context = { clock: systemClock, log: () => undefined };
  const desk = openPaymentDesk({
    journal,
    fleet,
    pos: registry.create('pos', order.pos, context),
    printer: registry.create('printer', order.printer, context),
    clock: systemClock,
    random: systemRandom,
    place: { terminalId: order.terminalId, city: 'Comune di Prova', site: 'Banco', timeZone: 'Europe/Rome' },
    limits: {
      outcomeWaitMs: 300,
      askPosEveryMs: 200,
      askNodeEveryMs: 50,
      restartPatienceMs: 20_000,
      activateAgainMs: 200,
    },
    log: (event, detail) => say({ log: event, ...detail }),
  });
  await fleet
    .enrol({ site: 'Banco', code: order.enrolmentCode })
    .catch(() => say({ log: 'enrolment-failed' }));
  const recovered = await desk.recover();
  say({ recovered });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  if (order.notice) {
    const payment = desk.open(order.notice);
    say({ opened: payment.kioskPaymentId });
    let meddled = false;
    const patience = Date.now() + 4_000;
    for (let seen = ''; Date.now() < patience; await pause(2)) {
      const { screen } = payment;
      if (!meddled && !payment.interruptible) {
        meddled = true;
        for (const { url, body } of order.atCharging) {
          await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
        }
      }
      const key = JSON.stringify(screen);
      if (key === seen) continue;
      seen = key;
      const command = answerTo(screen, false);
      if (command) payment.send(command);
      if (command?.type === 'leave') break;
    }
    payment.send({ type: 'leave', reason: 'idle' });
  }
  const end = Date.now() + order.drainMs;
  while (Date.now() < end && (desk.openPayments > 0 || desk.outboxDepth > 0)) await pause(5);
  say({ done: true, open: desk.openPayments, waiting: desk.outboxDepth });
  process.exit(0);
}

if (process.env.JOLLY_CHILD) await main();
