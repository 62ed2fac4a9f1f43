import { parseArgs } from 'node:util';
import { type Command, EXIT } from '@jolly/contracts/command';
import { readConfig } from '@jolly/kiosk-runtime/config';
import { readControl } from '@jolly/kiosk-runtime/control';
import { withConfig } from './config-file.ts';

const words: Readonly<Record<string, string>> = {
  closed: 'closed: the figures are on their way to the fleet server',
  'nothing-to-do': 'nothing new since the last close',
  later: 'the card terminal gave no figures: try again, or look at `jolly doctor`',
  busy: 'a citizen is served or a payment is open: try again in a moment',
};

/** The named configuration, or what is wrong with the command line: nothing is closed on a word that was not understood. */
function configOf(args: readonly string[]): string | undefined | { readonly wrong: string } {
  try {
    return parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values.config;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { wrong: error.message };
  }
}

export const dayEndCommand: Command = {
  usage: `[--config <file>]

Closes the present day at the card terminal now and sends its figures to the fleet server. A day
is closed by itself after midnight; charges made after this are closed then.

Exit status: 0 closed or nothing to do, 1 not now, 2 the terminal does not run.`,
  run: async (args, io) => {
    const file = configOf(withConfig(args));
    if (typeof file === 'object') {
      await io.err(`jolly day-end: ${file.wrong}`);
      await io.err('Try: jolly day-end --help');
      return EXIT.usage;
    }
    const control = file === undefined ? undefined : readControl(readConfig(file).dataDir);
    if (!control) {
      await io.err('no terminal has run with this configuration (--config <file>, or set JOLLY_CONFIG)');
      return EXIT.usage;
    }
    try {
      const answer = await fetch(`${control.origin}/day-end`, {
        method: 'POST',
        headers: { authorization: `Bearer ${control.token}` },
      });
      const { day, result } = (await answer.json()) as { readonly day: string; readonly result: string };
      await io.out(`${day}: ${words[result] ?? result}`);
      return result === 'closed' || result === 'nothing-to-do' ? EXIT.done : EXIT.wrong;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await io.err('the terminal does not run');
      return EXIT.usage;
    }
  },
};
