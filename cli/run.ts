import { type CommandIo, EXIT } from '@jolly/contracts/command';
import { type Registration, commands as registered } from './commands.ts';

function overview(commands: Readonly<Record<string, Registration>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'jolly <command> [options]',
    '',
    'Commands:',
    ...rows,
    '',
    'jolly <command> --help says more.',
  ].join('\n');
}

/** Runs `jolly` with the arguments after its name; resolves with the exit status. */
export async function run(
  args: readonly string[],
  io: CommandIo,
  commands: Readonly<Record<string, Registration>> = registered,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    await io.out(overview(commands));
    return EXIT.done;
  }
  if (name === undefined) {
    await io.err(overview(commands));
    return EXIT.usage;
  }
  const registration = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!registration) {
    await io.err(`jolly: no command "${name}": one of ${Object.keys(commands).join(', ')}`);
    await io.err('Try: jolly --help');
    return EXIT.usage;
  }
  const command = await registration.load();
  // Asked here, so that no command can act on a question.
  if (rest.includes('--help') || rest.includes('-h')) {
    await io.out(`jolly ${name} ${command.usage}`);
    return EXIT.done;
  }
  return command.run(rest, io);
}
