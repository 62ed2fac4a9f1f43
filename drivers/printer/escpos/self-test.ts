import type { Clock } from '@jolly/contracts/values';
import type { SelfTestStep } from '../../health/index.ts';
import { command, type PrinterReply } from './codec/index.ts';
import { blockedBy, type Condition } from './condition.ts';
import { inspect } from './inspect.ts';
import type { PrinterLine } from './line.ts';
import type { PrinterSettings } from './settings.ts';

const cures: Readonly<Record<string, string>> = {
  link: 'check cable, power and address; close other programs that hold the printer',
  offline: 'press the feed button; switch the printer off and on',
  'paper-out': 'put in a new roll',
  'cover-open': 'close the cover',
  jam: 'open the cover and take the jammed paper out',
  cutter: 'open the cover, free the cutter, close it again',
  fault: 'switch the printer off and on; if it stays, call service',
};

/** Link, status, paper, identity: prints nothing. */
export async function selfTestOf(
  line: PrinterLine,
  settings: PrinterSettings,
  clock: Clock,
): Promise<{ readonly steps: readonly SelfTestStep[]; readonly condition: Condition | undefined }> {
  const steps: SelfTestStep[] = [];
  let startedAt = clock.monotonic();
  const step = (name: string, ok: boolean, detail: string, cure?: string) => {
    const now = clock.monotonic();
    steps.push({ name, ok, durationMs: Math.round(now - startedAt), detail, ...(cure ? { cure } : {}) });
    startedAt = now;
  };
  const linked = await line.acquire(3_000);
  step('link', linked, linked ? 'open' : line.reason, linked ? undefined : cures.link);
  if (!linked) return { steps, condition: undefined };
  const condition = await inspect(line, settings.profile);
  if (!condition) {
    step('status', false, 'no answer to DLE EOT', cures.link);
    return { steps, condition: undefined };
  }
  const blocked = blockedBy(condition);
  const paperOnly = blocked === 'paper-out';
  step(
    'status',
    !blocked || paperOnly,
    blocked ?? 'online',
    blocked && !paperOnly ? cures[blocked] : undefined,
  );
  const low = condition.paper === 'low' ? 'keep a new roll ready' : undefined;
  step(
    'paper',
    condition.paper !== 'out',
    condition.paper,
    condition.paper === 'out' ? cures['paper-out'] : low,
  );
  // Informative: clones often do not say who they are. Executed in order, so only asked of a printer that works.
  if (!blocked) {
    const maker = await line.ask(command.identity(66), 1_500, identityOf);
    const model = maker === undefined ? undefined : await line.ask(command.identity(67), 1_500, identityOf);
    step('identity', true, [maker, model].filter(Boolean).join(' ') || 'not told');
  }
  return { steps, condition };
}

function identityOf(reply: PrinterReply): string | undefined {
  if (reply.reply === 'status') return `type ${reply.byte}`;
  if (reply.reply !== 'block' || reply.header !== 0x5f) return undefined;
  return Array.from(reply.bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?',
  ).join('');
}
