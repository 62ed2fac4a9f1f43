import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { runAuditCommand, runLinkCaCommand, runPeopleCommand } from '@jolly/fleet-server/administration';
import { runSecretsCommand } from '@jolly/fleet-server/secrets';

export { backupCommand, restoreCommand, restoreTestCommand } from '@jolly/fleet-server/backup';
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
  run: async (args, io) =>
    printing(io, (print) => runSecretsCommand(args, { input: () => allOf(io.input), print })),
};

export const peopleCommand: Command = {
  usage: `add | link | reset-totp | disable | enable | list   --config <file of the fleet server>

Who may sign in to the console: the first person, and the way back in when nobody can.
  add          --user <name> --name <name> --role <role> [--tenant <id>] [--oidc]; prints a link
               with which the person sets the password: once, within a day
  link         --user <name>: a new link
  reset-totp   --user <name>: the second factor is enrolled anew at the next sign-in
  disable      --user <name>, and enable
  list         everybody, and what they are where`,
  run: async (args, io) => printing(io, (print) => runPeopleCommand(args, { print })),
};

export const auditCommand: Command = {
  usage: `verify | export   --config <file of the fleet server>

The log of who did what: a chain of hashes for each municipality, and one for the centre.
  verify   [--tenant <id>] [--expect <lines>:<hash>]: reads them again; fails where one is not whole,
           or is not the one whose head was noted
  export   --tenant <id>: every line, one JSON a line`,
  run: async (args, io) => printing(io, (print) => runAuditCommand(args, { print })),
};

export const linkCaCommand: Command = {
  usage: `--config <file of the fleet server> --out <folder> [--tenant <id>]

What a broker of the house's must know of terminals' certificates, of all municipalities or of one.
  authorities.pem   the authorities that sign them, for the broker's cafile
  revoked.pem       their lists of certificates no longer good, for its crlfile; each valid
                    for seven days: to be written anew every hour, and the broker reloaded`,
  run: async (args, io) => printing(io, (print) => runLinkCaCommand(args, { print })),
};

/** Lines in their order, however slowly they are read; what went wrong on standard error. */
async function printing(
  io: CommandIo,
  run: (print: (line: string) => void) => Promise<number>,
): Promise<number> {
  const lines: string[] = [];
  const status = await run((line) => void lines.push(line));
  for (const line of lines) await (status === EXIT.done ? io.out(line) : io.err(line));
  return status;
}
