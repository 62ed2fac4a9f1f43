import type { Clock } from '@jolly/contracts/values';
import type { SelfTestStep } from '../../health/index.ts';
import { fromWallClock } from '../wall-clock.ts';
import type { StatusAnswer } from './codec/index.ts';
import type { ProcedureOutput } from './conversation.ts';
import type { Ecr17Settings } from './settings.ts';

/** What the self-test may ask of the driver. */
export interface SelfTestProbes {
  readonly open: () => Promise<string | undefined>;
  readonly status: () => Promise<StatusAnswer | string>;
  readonly lrc: () => string | undefined;
  readonly totals: () => Promise<ProcedureOutput>;
  readonly statusName: (digit: number) => string;
}

const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Link, check byte, status, clock, totals: harmless all, in this order; the first failure of link or status ends it. */
export async function selfTest(
  clock: Clock,
  settings: Ecr17Settings,
  probes: SelfTestProbes,
): Promise<readonly SelfTestStep[]> {
  const steps: SelfTestStep[] = [];
  const timed = async <T>(
    name: string,
    work: () => Promise<T>,
    judge: (value: T) => Omit<SelfTestStep, 'name' | 'durationMs'>,
  ): Promise<T> => {
    const from = clock.monotonic();
    const value = await work();
    steps.push({ name, durationMs: Math.round(clock.monotonic() - from), ...judge(value) });
    return value;
  };

  const down = await timed('link', probes.open, (reason) =>
    reason === undefined
      ? { ok: true }
      : {
          ok: false,
          detail: reason,
          cure: 'check power, cable and address; enable the cash-register link on the terminal',
        },
  );
  if (down !== undefined) return steps;
  const status = await timed('lrc', probes.status, (answer) =>
    typeof answer === 'string'
      ? {
          ok: false,
          detail: answer,
          cure:
            settings.lrc === 'auto'
              ? 'the terminal answers in none of the four LRC modes: check protocol 17, terminal id, serial speed'
              : 'try lrc=auto in the device URI; check terminal id and serial speed',
        }
      : { ok: true, detail: probes.lrc() ?? settings.lrc },
  );
  if (typeof status === 'string') return steps;
  steps.push({
    name: 'status',
    durationMs: 0,
    ok: status.status === 2,
    detail: `${probes.statusName(status.status)}, terminal ${status.terminalId}, software ${status.software}`,
    ...(status.status !== 2 && { cure: 'run the first DLL or the pending update at the terminal' }),
  });
  const wall = status.dateTimeIso === null ? undefined : Date.parse(`${status.dateTimeIso}:00Z`);
  const skew = wall === undefined ? undefined : fromWallClock(wall, settings.timeZone) - clock.now();
  const right = skew !== undefined && Math.abs(skew) <= CLOCK_TOLERANCE_MS;
  steps.push({
    name: 'clock',
    durationMs: 0,
    ok: right,
    detail: skew === undefined ? 'not told' : `${Math.round(skew / 1_000)} s from the kiosk's clock`,
    ...(!right && { cure: 'set the date and time of the terminal; lost answers are matched by it' }),
  });
  await timed('totals', probes.totals, (output) =>
    output.ok ? { ok: true } : { ok: true, detail: `not told: ${output.failure} (payments do not need it)` },
  );
  return steps;
}
