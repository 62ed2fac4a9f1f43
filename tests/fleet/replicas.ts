import { accessSync, constants, mkdirSync } from 'node:fs';
import { COMMAND_ENDS, CommandState } from '@jolly/contracts/fleet-link';
import {
  type Cluster,
  House,
  lookInto,
  Mosquitto,
  makeCluster,
  postgresPrograms,
  type StoreLook,
} from '@jolly/fleet-server/testing';
import { Chance } from './chance.ts';
import { Crowd } from './crowd.ts';
import { terminalOf, until } from './faults.ts';
import { type Findings, findingsOf, open } from './findings.ts';
import { Office } from './office.ts';
import { ServerProcess } from './server-process.ts';
import { ENROLMENT_CODE, makeFolder, SITES, serverSettings, TENANT } from './town.ts';
import { Wire } from './wire.ts';

export interface ReplicaOptions {
  readonly seed: number;
  readonly terminals: number;
  readonly settleSeconds: number;
  readonly keep: boolean;
  readonly note: (line: string) => void;
}

/** What is missing here, if anything. */
export function missingTools(): string | undefined {
  if (!postgresPrograms()) return 'no PostgreSQL (apt-get install postgresql)';
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  const found = folders.some((folder) => {
    try {
      accessSync(`${folder}/mosquitto`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ? undefined : 'no mosquitto (apt-get install mosquitto)';
}

/** Seconds in which what a dead server did is done by the other. */
const TAKEN_OVER_SECONDS = 20;

/** Two servers on one PostgreSQL and one mosquitto, and terminals that go on talking while one of the two is killed, then the other. */
export async function killReplicas(options: ReplicaOptions): Promise<Findings> {
  const { folder, remove } = makeFolder();
  const house = new House();
  const wire = await Wire.open();
  let cluster: Cluster | undefined;
  let broker: Mosquitto | undefined;
  const crowds: Crowd[] = [];
  const servers: ServerProcess[] = [];
  let look: StoreLook | undefined;
  try {
    cluster = await makeCluster();
    broker = await Mosquitto.prepare(house);
    const address = `http://127.0.0.1:${wire.port}`;
    for (const name of ['jolly-server-1', 'jolly-server-2']) {
      const settings = serverSettings(folder, address, {
        dataDir: `${folder}/${name}`,
        store: { url: cluster.url, poolSize: 6 },
        link: { broker: 'external', url: broker.url, caFile: house.authority, ...house.issue(name) },
        linkAccess: { urls: [broker.url], brokerCaFile: house.authority },
      });
      mkdirSync(settings.dataDir);
      servers.push(new ServerProcess(folder, name, settings));
    }
    for (const server of servers) await server.start();
    look = await lookInto(folder, cluster.url);
    const each = options.terminals / 2;
    for (const first of [0, each]) {
      crowds.push(
        new Crowd({
          ...{ tenantId: TENANT, enrolmentCode: ENROLMENT_CODE, serverUrl: address, sites: SITES, folder },
          ...{ first, count: each, eventsEverySecond: 3 },
        }),
      );
    }
    const bench: Bench = { ...options, look, wire, servers, crowds, commands: [], violations: [] };
    await begin(bench, broker);
    await watched(bench);
    for (const holder of [false, true]) await killOne(bench, holder);
    for (const crowd of crowds) crowd.tell({ do: 'quiet' });
    const seen = look;
    let left: readonly string[] = [];
    await until(options.settleSeconds, async () => {
      left = await open(seen, await statesOf(crowds));
      return left.length === 0;
    });
    const findings = await findingsOf(look, await statesOf(crowds), bench);
    return { ...findings, violations: [...bench.violations, ...findings.violations] };
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.kill()));
    await Promise.all(servers.map((server) => server.kill()));
    await look?.close();
    await broker?.kill();
    await cluster?.remove();
    await wire.close();
    house.remove();
    if (options.keep) options.note(`files in ${folder}`);
    else remove();
  }
}

interface Bench extends ReplicaOptions {
  readonly look: StoreLook;
  readonly wire: Wire;
  readonly servers: readonly ServerProcess[];
  readonly crowds: readonly Crowd[];
  readonly commands: string[];
  readonly violations: string[];
}

const statesOf = async (crowds: readonly Crowd[]) =>
  (await Promise.all(crowds.map((crowd) => crowd.states()))).flat();
const portsOf = (servers: readonly ServerProcess[]) =>
  servers.flatMap(({ address }) => (address ? [Number(new URL(address).port)] : []));

/** The broker comes when the municipality's authority exists: that is made for the first terminal. */
async function begin(bench: Bench, broker: Mosquitto): Promise<void> {
  const { look, wire, servers, crowds, note, terminals } = bench;
  const chance = new Chance(bench.seed);
  wire.leadTo(...portsOf(servers));
  await Promise.all(crowds.map((crowd) => crowd.start(chance.below(2 ** 31))));
  let authorities: readonly string[] = [];
  await until(20, async () => {
    authorities = await look.authorities();
    return authorities.length > 0;
  });
  for (const authority of authorities) broker.trust(authority);
  await broker.run();
  const linked = await until(30, async () => (await statesOf(crowds)).every(({ connected }) => connected));
  if (!linked) bench.violations.push('not every terminal linked over the broker');
  note(`${terminals} terminals, two servers, mosquitto with client certificates, PostgreSQL`);
}

/** What is done at one server is seen live at the other's console, and ends. */
async function watched({ servers, commands, violations, look }: Bench): Promise<void> {
  const [one, other] = servers;
  if (!one || !other) throw new Error('two servers');
  const over = new AbortController();
  let seen = '';
  const watching = new Office(() => other.address).watch((text) => {
    seen += text;
  }, over.signal);
  const id = await new Office(() => one.address).command(terminalOf(0), { kind: 'self-test' });
  if (id) commands.push(id);
  const ended = await until(10, async () => id !== undefined && (await hasEnd(look, id)));
  const live = await until(5, async () => seen.includes('"commands"'));
  if (!ended) violations.push('a command through one of two servers did not end within ten seconds');
  if (!live) violations.push('the console of the other server did not see a command live');
  over.abort();
  await watching;
}

async function killOne(bench: Bench, holder: boolean): Promise<void> {
  const { servers, wire, look, commands, violations, note, terminals } = bench;
  const duties = await Promise.all(servers.map(hasDuty));
  if (duties.filter(Boolean).length !== 1)
    violations.push(`the duty is held by ${duties.filter(Boolean).length} servers`);
  const at = duties.indexOf(holder);
  const dead = servers[at];
  const left = servers[1 - at];
  if (!dead || !left) throw new Error('two servers');
  const send = async (server: ServerProcess, number: number) => {
    const id = await new Office(() => server.address).command(terminalOf(number), { kind: 'self-test' });
    if (id) commands.push(id);
    return id;
  };
  // under its hands, so that some are stored and not yet sent when it dies
  const dying = Array.from({ length: 10 }, (_, number) => send(dead, number).catch(() => undefined));
  await Promise.any(dying);
  await dead.kill();
  const killedAt = Date.now();
  wire.leadTo(...portsOf(servers));
  await Promise.all(dying);
  const after = await Promise.all(
    Array.from({ length: 10 }, (_, number) => send(left, terminals - 1 - number)),
  );
  if (after.includes(undefined)) violations.push('the server that is left did not take a command');
  const all = commands.slice();
  const took = async (what: string, so: () => Promise<boolean>) => {
    const done = await until(TAKEN_OVER_SECONDS, so);
    if (!done) violations.push(`${what} not within ${TAKEN_OVER_SECONDS} s of a server's death`);
    return `${what} after ${((Date.now() - killedAt) / 1000).toFixed(1)} s`;
  };
  const told = await Promise.all([
    took('every terminal heard', () => heardSince(look, terminals, killedAt)),
    took('commands ended', async () => (await Promise.all(all.map((id) => hasEnd(look, id)))).every(Boolean)),
    took('the duty taken', () => hasDuty(left)),
  ]);
  note(`killed ${holder ? 'the server with the duty' : 'a server'}: ${told.join(', ')}`);
  await dead.start();
  wire.leadTo(...portsOf(servers));
}

async function hasEnd(look: StoreLook, id: string): Promise<boolean> {
  const row = (await look.commands()).find(({ command_id }) => command_id === id);
  return row !== undefined && COMMAND_ENDS.has(CommandState.parse(row.state));
}

const heardSince = async (look: StoreLook, terminals: number, since: number): Promise<boolean> =>
  (await look.heardSince(since)).length >= terminals;

async function hasDuty({ address }: ServerProcess): Promise<boolean> {
  const answer = await fetch(`${address}/metrics`);
  return /^jolly_duty(\{[^}]*\})? 1$/m.test(await answer.text());
}
