import type { Command } from '@jolly/contracts/command';
import { runDoctorCommand } from '@jolly/kiosk-runtime/diagnostics';
import { runJournalCommand } from '@jolly/kiosk-runtime/journal';

/** `jolly doctor`: asks the running terminal, or looks by itself where none runs. */
export const doctorCommand: Command = {
  usage: 'doctor --config <file> [--json]',
  run: async (args, io) => {
    const out: string[] = [];
    const err: string[] = [];
    const status = await runDoctorCommand(args, {
      out: (text) => void out.push(text.replace(/\n$/, '')),
      err: (text) => void err.push(text.replace(/\n$/, '')),
      env: process.env,
    });
    for (const line of out) await io.out(line);
    for (const line of err) await io.err(line);
    return status;
  },
};

/** `jolly journal`: reads beside a running terminal, changes nothing. */
export const journalCommand: Command = {
  usage: 'journal [payments|steps|open|verify] --data <folder>',
  run: async (args, io) => {
    const out: string[] = [];
    const err: string[] = [];
    const status = runJournalCommand(args, {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
    });
    for (const line of out) await io.out(line);
    for (const line of err) await io.err(line);
    return status;
  },
};
