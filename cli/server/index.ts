import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { runSecretsCommand } from '@jolly/fleet-server/secrets';

export { trustCommand } from '@jolly/fleet-server/trust';

async function allOf(input: CommandIo['input']): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export const secretsCommand: Command = {
  usage: `set <tenant> <name> | list | rotate | link-key announce | link-key change   --config <file of the fleet server>

The credentials of the payments node, sealed under the master key. A value is read from
standard input, never from the command line, which every process of the machine can see.
  set      stores or replaces one credential; a running server uses it at its next call
  list     which are set, never their values
  rotate   makes a new master key and seals everything again
  link-key announce, then a day later change: a new key signs what goes down the fleet link`,
  run: async (args, io) => {
    const lines: string[] = [];
    const status = await runSecretsCommand(args, {
      input: () => allOf(io.input),
      print: (line) => void lines.push(line),
    });
    for (const line of lines) await (status === EXIT.done ? io.out(line) : io.err(line));
    return status;
  },
};
