import { type LrcMode, lrcModes } from './codec/index.ts';
import type { ProcedureOutput } from './conversation.ts';
import type { EcrLine, ProcedureListener } from './line.ts';

/**
 * Asks the harmless `s` in each LRC mode until one is understood (pos.md 1.1). A packet heard in another mode, even a NAK,
 * names the mode to try next, so a terminal that answers at all is found in two questions. Leaves the line in the mode
 * found; gives the answer, or the last failure.
 */
export async function detectLrc(
  line: EcrLine,
  askStatus: (listener: ProcedureListener) => Promise<ProcedureOutput>,
): Promise<ProcedureOutput> {
  const untried = new Set<LrcMode>(lrcModes);
  let next: LrcMode | undefined = 'std';
  let output: ProcedureOutput = { ok: false, failure: 'silent', detail: '' };
  while (next) {
    untried.delete(next);
    line.setMode(next);
    let hint: LrcMode | undefined;
    output = await askStatus({
      garbled: (fits) => {
        hint ??= fits;
        return true;
      },
    });
    if (output.ok || output.failure === 'lost' || output.failure === 'unsent') return output;
    next = hint && untried.has(hint) ? hint : [...untried][0];
  }
  return output;
}
