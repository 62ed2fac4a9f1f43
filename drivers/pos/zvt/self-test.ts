import type { Clock } from '@jolly/contracts/values';
import type { SelfTestStep } from '../../health/index.ts';

/** What the self-test may ask of the driver; a text says what went wrong. */
export interface SelfTestProbes {
  readonly open: () => Promise<string | undefined>;
  readonly register: () => Promise<string | undefined>;
  readonly status: () => Promise<{ readonly operative: boolean; readonly detail: string } | string>;
  readonly diagnosis: () => Promise<string | undefined>;
  readonly totals: () => Promise<string | undefined>;
  readonly terminalId: () => string;
}

/** Link, registration, status, diagnosis (the terminal calls its host), totals: harmless all; what all need ends it. */
export async function selfTest(clock: Clock, probes: SelfTestProbes): Promise<readonly SelfTestStep[]> {
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
  const fault =
    (cure: string, detail: () => string | undefined = () => undefined) =>
    (reason: string | undefined) => {
      const told = detail();
      return reason === undefined
        ? { ok: true, ...(told && { detail: told }) }
        : { ok: false, detail: reason, cure };
    };

  const down = await timed(
    'link',
    probes.open,
    fault('check power, cable and address; enable the cash-register link (ZVT) on the terminal'),
  );
  if (down !== undefined) return steps;
  const unregistered = await timed(
    'registration',
    probes.register,
    fault(
      'check password and config in the device URI, and serial speed and stop bits',
      () => `terminal ${probes.terminalId()}`,
    ),
  );
  if (unregistered !== undefined) return steps;
  const status = await timed('status', probes.status, (answer) =>
    typeof answer === 'string'
      ? { ok: false, detail: answer, cure: 'the terminal does not answer status questions: restart it' }
      : {
          ok: answer.operative,
          detail: answer.detail,
          ...(!answer.operative && { cure: 'do at the terminal what it asks for' }),
        },
  );
  if (typeof status === 'string') return steps;
  await timed(
    'diagnosis',
    probes.diagnosis,
    fault('check that the terminal reaches its host: its network, its SIM'),
  );
  await timed('totals', probes.totals, (reason) =>
    reason === undefined
      ? { ok: true }
      : { ok: true, detail: `not told: ${reason} (payments do not need it)` },
  );
  return steps;
}
