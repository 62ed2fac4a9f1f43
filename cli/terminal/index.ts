import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { readConfig } from '@jolly/kiosk-runtime/config';
import { runDoctorCommand } from '@jolly/kiosk-runtime/diagnostics';
import { runJournalCommand } from '@jolly/kiosk-runtime/journal';
import { withConfig } from './config-file.ts';

/** Lines said while a command runs, passed on in order once it is over. */
class Said {
  readonly #lines: { readonly to: 'out' | 'err'; readonly line: string }[] = [];

  readonly out = (text: string): void => this.#say('out', text);
  readonly err = (text: string): void => this.#say('err', text);

  #say(to: 'out' | 'err', text: string): void {
    for (const line of text.replace(/\n$/, '').split('\n')) this.#lines.push({ to, line });
  }

  async passOn(io: CommandIo): Promise<void> {
    for (const { to, line } of this.#lines) await io[to](line);
  }
}

export const doctorCommand: Command = {
  usage: `[--config <file>] [--json]

Tests every device and link of this terminal, numbered, each with its duration and what to do
about it. Charges nothing, prints nothing. A running terminal is asked to test itself.

The configuration is --config, else JOLLY_CONFIG, else the demo's in this folder.
Exit status: 0 all well, 1 something failed, 2 not started.`,
  run: async (args, io) => {
    const said = new Said();
    const status = await runDoctorCommand(withConfig(args), {
      out: said.out,
      err: said.err,
      env: process.env,
    });
    await said.passOn(io);
    return status;
  },
};

/** `--config <file>` in the arguments becomes `--data <its data folder>`. */
function dataOf(args: readonly string[]): readonly string[] {
  if (args.some((argument) => argument === '--data' || argument.startsWith('--data='))) return args;
  const full = withConfig(args);
  const at = full.indexOf('--config');
  const file = full[at + 1];
  if (at < 0 || file === undefined) return args;
  return [...full.slice(0, at), ...full.slice(at + 2), '--data', readConfig(file).dataDir];
}

export const journalCommand: Command = {
  usage: `[payments|steps|open|verify] [--config <file> | --data <folder>] [--payment <id>] [--limit n] [--json]

Reads the payments of a terminal's journal beside the running terminal; changes nothing.
  payments   the last payments, newest first
  steps      every step of one payment: --payment <id>, or its last four digits
  open       what is not finished: payments, messages waiting, notes about the card terminal
  verify     reads the chain of hashes from end to end

Exit status: 0 done, 1 unreadable or broken, 2 wrong usage.`,
  run: async (args, io) => {
    const said = new Said();
    let status: number = EXIT.wrong;
    try {
      status = runJournalCommand(dataOf(args), said);
    } finally {
      await said.passOn(io);
    }
    return status;
  },
};
