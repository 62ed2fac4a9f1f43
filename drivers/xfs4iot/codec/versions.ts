import type { MessageVersion, Payload } from './message.ts';
import { listAt, objectAt, wordAt, wordsAt } from './values.ts';

/** Major versions whose messages we write. */
const SPOKEN = [1, 2, 3];

/** What a service announced in `Common.Capabilities`. */
export interface Announced {
  /** Names of its interfaces, e.g. `Printer`. */
  readonly interfaces: readonly string[];
  /** The version in which each command is sent: the latest that both sides speak. */
  readonly commands: ReadonlyMap<string, MessageVersion>;
  /** The whole payload, for what is special to an interface. */
  readonly capabilities: Payload;
}

/** Reads the completion of `Common.Capabilities`. */
export function readAnnounced(payload: Payload): Announced {
  const commands = new Map<string, MessageVersion>();
  const interfaces: string[] = [];
  for (const each of listAt(payload, 'interfaces')) {
    const name = wordAt(each, 'name');
    if (name === undefined) continue;
    interfaces.push(name);
    const announced = objectAt(each, 'commands');
    for (const command of Object.keys(announced)) {
      const full = command.includes('.') ? command : `${name}.${command}`;
      const best = latest(wordsAt(objectAt(announced, command), 'versions'));
      if (best !== undefined) commands.set(full, best);
    }
  }
  return { interfaces, commands, capabilities: payload };
}

function latest(versions: readonly string[]): MessageVersion | undefined {
  const spoken = versions
    .map((version) => /^(\d+)\.(\d+)$/.exec(version))
    .filter((match) => match !== null)
    .map((match) => ({ text: match[0], major: Number(match[1]), minor: Number(match[2]) }))
    .filter(({ major }) => SPOKEN.includes(major))
    .sort((a, b) => b.major - a.major || b.minor - a.minor);
  return spoken[0]?.text;
}
