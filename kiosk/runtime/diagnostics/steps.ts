import type { Clock } from '@jolly/contracts/values';

/** What a step found. `cure` is for the technician; `skipped`: it could not be judged, which is no failure. */
export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
  readonly cure?: string;
  readonly skipped?: boolean;
}

/** One numbered step: small, harmless, with its own way to be tried again. To add one, add it to `terminalSteps`. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<
    Finding | readonly (Finding & { readonly name: string; readonly durationMs: number })[]
  >;
  /** Further tries when it fails. */
  readonly retries?: number;
  readonly cure: string;
}

export interface StepResult extends Finding {
  readonly number: number;
  readonly name: string;
  readonly durationMs: number;
}

export interface Diagnosis {
  readonly at: string;
  readonly terminalId: string;
  /** Whether the running terminal answered, or the tool looked by itself. */
  readonly by: 'terminal' | 'tool';
  readonly ok: boolean;
  readonly steps: readonly StepResult[];
}

/** Runs the steps in order; one that throws has failed, and the next still runs. */
export async function runSteps(steps: readonly Step[], clock: Clock): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    const started = clock.monotonic();
    const found = await tried(step);
    const durationMs = Math.round(clock.monotonic() - started);
    const parts = Array.isArray(found) ? found : [{ ...(found as Finding), name: step.name, durationMs }];
    for (const part of parts) {
      const name = part.name === step.name ? step.name : `${step.name}: ${part.name}`;
      const cure = part.ok ? {} : { cure: part.cure ?? step.cure };
      results.push({
        ...part,
        ...cure,
        number: results.length + 1,
        name,
        durationMs: Math.round(part.durationMs),
      });
    }
  }
  return results;
}

async function tried(step: Step): ReturnType<Step['run']> {
  for (let left = step.retries ?? 0; ; left--) {
    try {
      const found = await step.run();
      const ok = Array.isArray(found) ? found.every((part) => part.ok) : (found as Finding).ok;
      if (ok || left <= 0) return found;
    } catch (error) {
      if (left <= 0) return { ok: false, detail: error instanceof Error ? error.message : 'unknown fault' };
    }
  }
}
