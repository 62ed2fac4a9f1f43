import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, figureOf, median, rounded } from '../statistics.ts';
import type { LoginTimes, RawTimes } from './login-run.ts';

/** Times in the order they were taken. */
export interface StackSamples {
  readonly stack: 'pcscd with vpcd' | "Jolly's own virtual slot";
  /** Stacks before this one that cut a login; nothing of theirs is in the figures. */
  readonly restarts: number;
  readonly logins: readonly {
    readonly citizen: string;
    readonly apdus: number;
    readonly extended: boolean;
    readonly logins: readonly LoginTimes[];
    readonly raws: readonly RawTimes[];
  }[];
}

export interface StackLogin {
  readonly apdus: number;
  readonly extended: boolean;
  /** Look and PIN login, both transactions. */
  readonly login: Figure;
  /** The same bytes by the transport alone: sum of their round trips. */
  readonly raw: Figure;
  readonly ratio: Figure;
  /** Of the login: its own round trips. */
  readonly inTransit: Figure;
  /** Two transactions' connecting, beginning, reset and letting go, seen beside the raw bytes. */
  readonly around: Figure;
  /** Of the login: processor of the driver's process (absent where two cards were served at once). */
  readonly ownCpu?: Figure;
}

export type StackFigures = Pick<StackSamples, 'stack' | 'restarts'> & {
  readonly logins: Readonly<Record<string, StackLogin>>;
};

const MOST = 1.15;

/**
 * Whole logins over the virtual stack beside their raw bytes. `installed`: vpcd as it comes, a round trip of 40 ms and more; `quick`: the
 * same without that wait. On Jolly's own slot the two are one.
 */
export function benchStack(data: string, wire: 'installed' | 'quick', rounds: number): StackFigures {
  const script = fileURLToPath(new URL('./stack-main.ts', import.meta.url));
  const args = [script, '--data', data, '--rounds', String(rounds), '--wire', wire];
  const { status, stdout } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    // Three stacks on a busy machine.
    timeout: 360_000,
  });
  if (status !== 0) throw new Error('the logins over the virtual stack failed');
  const { stack, restarts, logins } = JSON.parse(stdout) as StackSamples;
  const alone = stack !== 'pcscd with vpcd' || wire === 'quick';
  return {
    stack,
    restarts,
    logins: Object.fromEntries(logins.map((one) => [one.citizen, figuresOf(one, alone)])),
  };
}

function figuresOf(one: StackSamples['logins'][number], alone: boolean): StackLogin {
  const { apdus, extended, logins, raws } = one;
  const whole = logins.map((login) => login.whole);
  const raw = raws.map(({ roundTrips }) => roundTrips);
  const ratio = median(whole) / median(raw);
  const pairs = whole.map((ms, at) => ms / (raw[at] ?? Number.NaN));
  return {
    apdus,
    extended,
    login: figureOf(whole, 'ms'),
    raw: figureOf(raw, 'ms'),
    ratio: {
      ...figureOf(pairs, '×'),
      median: rounded(ratio),
      goal: `median login ≤ ${MOST} × median raw`,
      met: ratio <= MOST,
    },
    inTransit: figureOf(
      logins.map((login) => login.inTransit),
      'ms',
    ),
    around: figureOf(
      raws.map(({ around }) => around),
      'ms',
    ),
    ...(alone
      ? {
          ownCpu: figureOf(
            logins.map(({ cpu }) => cpu),
            'ms',
          ),
        }
      : {}),
  };
}
