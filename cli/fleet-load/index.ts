import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { TenantId } from '@jolly/contracts/values';
import { actOnMadeUp } from '@jolly/fleet-server/made-up';
import { type CrowdState, Crowds, madeUp } from '@jolly/simulators/fleet-load';
import { z } from 'zod';

const USAGE = `--broker <url> --tenant <id> [--terminals N …]   |   --enrol | --forget   --config <file of the fleet server>

Made-up terminals over the real protocol, to see what a fleet server bears. Not for one that serves real terminals.

  --enrol      puts N made-up terminals into the store of that server, --forget takes them out with all that
               was kept of them. --tenant is the first municipality of the file unless said; a production
               server is refused without --yes-this-is-a-test-server
  --terminals  how many (100); --first the number of the first (1)
  --seed       from which their keys are made (jolly); the same at --enrol and later

  --broker     mqtts://host:8883, mqtt://host:1883, ws://host:7301/mqtt or wss://…; --ca a PEM file that signs its certificate
  --processes  the crowd is spread over so many (1): each opens 20,000 connections at most
  --seconds    how long they stay once all are there (60)
  --connects   new connections a second (100)
  --heartbeat  seconds between what one terminal measures of itself (60)
  --events     events a second of all together, besides (0), in batches of --batch (20)
  --storm      at the end every cable is pulled at once, and it waits until all are back

Prints one JSON: connected, green, sent, acknowledged, resent, ack times, and the processor that the crowd itself took.`;

const positive = z.coerce.number().positive();
const count = z.coerce.number().int().min(1);
const Flags = z.object({
  enrol: z.boolean().default(false),
  forget: z.boolean().default(false),
  config: z.string().optional(),
  tenant: TenantId.optional(),
  terminals: count.max(99_999).default(100),
  first: count.max(99_999).default(1),
  seed: z.string().min(1).default('jolly'),
  'yes-this-is-a-test-server': z.boolean().default(false),
  broker: z
    .string()
    .regex(/^(mqtts?|wss?):\/\/\S+$/, 'mqtts://… or wss://…')
    .optional(),
  ca: z.string().optional(),
  processes: count.max(64).default(1),
  seconds: positive.default(60),
  connects: positive.default(100),
  heartbeat: positive.default(60),
  events: z.coerce.number().min(0).default(0),
  batch: count.max(200).default(20),
  storm: z.boolean().default(false),
});
type Flags = z.infer<typeof Flags>;

const FLAGS = ['enrol', 'forget', 'storm', 'yes-this-is-a-test-server'];
const options: ParseArgsConfig['options'] = Object.fromEntries(
  Object.keys(Flags.shape).map((name) => [name, { type: FLAGS.includes(name) ? 'boolean' : 'string' }]),
);

/** `jolly fleet-load`: see `--help`. */
export const fleetLoadCommand: Command = {
  usage: USAGE,
  async run(args, io) {
    const flags = read(args);
    if (typeof flags === 'string') {
      await io.err(`jolly fleet-load: ${flags}`);
      return EXIT.usage;
    }
    if (flags.enrol || flags.forget) return actOnStore(flags, io);
    return loadServer(flags, io);
  },
};

/** The command line, or what is wrong with it. */
function read(args: readonly string[]): Flags | string {
  let values: unknown;
  try {
    values = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    return error instanceof Error ? error.message : 'not understood';
  }
  const parsed = Flags.safeParse(values);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; ');
  }
  const { enrol, forget, config, broker, tenant } = parsed.data;
  if (enrol && forget) return '--enrol or --forget';
  if (enrol || forget) return config === undefined ? '--config is missing' : parsed.data;
  return broker === undefined || tenant === undefined ? '--broker and --tenant are missing' : parsed.data;
}

async function actOnStore(flags: Flags, io: CommandIo): Promise<number> {
  const lines: string[] = [];
  const status = await actOnMadeUp({
    act: flags.enrol ? 'enrol' : 'forget',
    config: flags.config ?? '',
    tenantId: flags.tenant,
    terminals: madeUp(flags.seed, flags.first, flags.first + flags.terminals - 1),
    testServer: flags['yes-this-is-a-test-server'],
    print: (line) => void lines.push(line),
  });
  for (const line of lines) await (status === EXIT.done ? io.out(line) : io.err(line));
  return status;
}

async function loadServer(flags: Flags, io: CommandIo): Promise<number> {
  const { terminals, processes, first, seed, seconds, connects, heartbeat, events, batch } = flags;
  const ca = flags.ca === undefined ? undefined : readFileSync(flags.ca, 'utf8');
  const crowds = await Crowds.start({
    tenantId: flags.tenant ?? '',
    seed,
    broker: { url: flags.broker ?? '', ca },
    ...{ terminals, processes, first },
  });
  const everybody = ({ green }: CrowdState) => green === terminals;
  const patience = 60_000 + (terminals / connects) * 2_000;
  const ackMs: number[] = [];
  const look = async () => {
    const state = await crowds.state();
    ackMs.push(...state.ackMs);
    return state;
  };
  try {
    const began = performance.now();
    crowds.order({ order: 'connect', perSecond: connects });
    crowds.order({ order: 'heartbeats', seconds: heartbeat });
    await crowds.until(everybody, patience);
    const connectSeconds = since(began);
    if (events > 0) crowds.order({ order: 'flood', batches: events / batch, size: batch, seconds });
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      await look();
      await pause(Math.min(1_000, Math.max(1, end - performance.now())));
    }
    let stormSeconds: number | undefined;
    if (flags.storm) {
      const storm = performance.now();
      crowds.order({ order: 'storm' });
      // the order is on its way: they are still there for a moment
      await pause(500);
      await crowds.until(everybody, patience + 300_000);
      stormSeconds = since(storm);
    }
    await crowds.until(({ unacknowledged }) => unacknowledged === 0, 30_000);
    const { ackMs: _, ...state } = await look();
    ackMs.sort((one, other) => one - other);
    const result = {
      connected: state.green,
      connectSeconds,
      ...(stormSeconds === undefined ? {} : { stormSeconds }),
      ...state,
      ackMsP50: at(ackMs, 0.5),
      ackMsP99: at(ackMs, 0.99),
      seconds: since(began),
    };
    await io.out(JSON.stringify(result));
    return state.green === terminals && state.unacknowledged === 0 ? EXIT.done : EXIT.wrong;
  } finally {
    await crowds.stop();
  }
}

const since = (began: number): number => Math.round((performance.now() - began) / 100) / 10;
const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** Null of none: a time that was not measured is not zero. */
function at(sorted: readonly number[], share: number): number | null {
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return found === undefined ? null : Math.round(found * 10) / 10;
}
