import { readJournal } from '../journal/index.ts';
import type { Finding } from './steps.ts';

/** Reads the journal beside whoever writes it, and checks its chain from end to end. */
export async function checkJournal(dataDir: string): Promise<Finding> {
  const journal = readJournal(dataDir);
  try {
    const chain = journal.verifyChain();
    if (!chain.whole)
      return { ok: false, detail: `chain broken at step ${chain.brokenAt} (${chain.reason})` };
    const open = journal.payments({ openOnly: true }).length;
    return {
      ok: true,
      detail: `${chain.steps} steps, chain whole, ${open} open, ${journal.waiting().length} to send`,
    };
  } finally {
    journal.close();
  }
}
