import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandAct } from '@jolly/contracts/fleet-link';
import type { Layer } from '@jolly/contracts/twin';
import { lookInto } from '@jolly/fleet-server/testing';
import { Chance } from './chance.ts';
import { Crowd } from './crowd.ts';
import { type Findings, findingsOf, open } from './findings.ts';
import { Office } from './office.ts';
import { ServerProcess } from './server-process.ts';
import { ENROLMENT_CODE, makeFolder, SITES, serverSettings, TENANT } from './town.ts';
import { Wire } from './wire.ts';

export interface FaultOptions {
  readonly seed: number;
  readonly terminals: number;
  readonly processes: number;
  readonly faultSeconds: number;
  readonly settleSeconds: number;
  /** Leaves the files where they are. */
  readonly keep: boolean;
  readonly note: (line: string) => void;
}

const ACTS: readonly CommandAct[] = [
  { kind: 'print-test-page' },
  { kind: 'print-test-page' },
  { kind: 'out-of-service', message: 'Torniamo subito' },
  { kind: 'back-in-service' },
  { kind: 'self-test' },
  { kind: 'lock' },
  { kind: 'unlock' },
  { kind: 'restart-app' },
  { kind: 'rotate-key' },
  { kind: 'fetch-logs', minutes: 5 },
];
const PEOPLE = 4;
const START_SECONDS = 20;
/** Further off, a terminal is not believed until its clock is right again. */
const BELIEVED_MS = 300_000;

/**
 * Two hundred terminals, one server, and everything that goes wrong between them; then quiet. What terminals had recorded is at the
 * server once, every command has its end, and all have the settings that they are to have.
 */
export async function provokeFaults(options: FaultOptions): Promise<Findings> {
  const { seed, note } = options;
  const chance = new Chance(seed);
  const { folder, remove } = makeFolder();
  const wire = await Wire.open();
  const address = `http://127.0.0.1:${wire.port}`;
  const settings = serverSettings(folder, address);
  mkdirSync(settings.dataDir);
  const server = new ServerProcess(folder, 'server', settings);
  const each = options.terminals / options.processes;
  const crowds = Array.from(
    { length: options.processes },
    (_, at) =>
      new Crowd({
        ...{ tenantId: TENANT, enrolmentCode: ENROLMENT_CODE, serverUrl: address, sites: SITES, folder },
        ...{ first: at * each, count: each, eventsEverySecond: 1 },
      }),
  );
  const told = { cuts: 0, snapped: 0, outages: 0, terminalKills: 0, serverKills: 0, skews: 0, settings: 0 };
  const commands: string[] = [];
  try {
    wire.leadTo(await server.start());
    const look = await lookInto(settings.dataDir);
    try {
      await Promise.all(crowds.map((crowd) => crowd.start(chance.below(2 ** 31), 0)));
      const office = new Office(() => server.address);
      const sites = await office.sites();
      const layers: readonly (readonly [Layer, () => string])[] = [
        ['centre', () => 'centre'],
        ['municipality', () => TENANT],
        ['site', () => chance.of(sites).siteId],
        ['terminal', () => terminalOf(chance.below(options.terminals))],
      ];
      await until(START_SECONDS, async () => {
        const states = (await Promise.all(crowds.map((crowd) => crowd.states()))).flat();
        return states.filter(({ connected }) => connected).length >= options.terminals * 0.9;
      });
      note(
        `${options.terminals} terminals in ${options.processes} processes, one server; faults for ${options.faultSeconds} s`,
      );

      const end = Date.now() + options.faultSeconds * 1000;
      const during = (act: () => Promise<void>, least: number, most: number) =>
        repeat(act, () => chance.between(least, most), end);
      await Promise.all([
        during(
          async () => {
            const [layer, id] = chance.of(layers);
            const helpPhone = `055 ${1000 + chance.below(9000)}`;
            if (await office.setSettings(layer, id(), { helpPhone })) told.settings += 1;
          },
          200,
          1200,
        ),
        // several people at once: one of them waits for a server that was killed under the call
        ...Array.from({ length: PEOPLE }, () =>
          during(
            async () => {
              const id = await office.command(terminalOf(chance.below(options.terminals)), chance.of(ACTS));
              if (id) commands.push(id);
            },
            50,
            300,
          ),
        ),
        during(
          async () => {
            told.cuts += 1;
            const share = chance.of([0.02, 0.1, 0.3, 1]);
            told.snapped += wire.snap(() => chance.next() < share);
          },
          300,
          2500,
        ),
        during(
          async () => {
            told.outages += 1;
            wire.cut(true);
            await sleep(chance.between(200, 2500));
            wire.cut(false);
          },
          6000,
          12_000,
        ),
        during(
          async () => {
            told.terminalKills += 1;
            const crowd = chance.of(crowds);
            await crowd.kill();
            await sleep(chance.between(0, 1500));
            await crowd.start(chance.below(2 ** 31), Math.round(chance.between(-1, 1) * BELIEVED_MS * 0.9));
          },
          3000,
          7000,
        ),
        during(
          async () => {
            told.serverKills += 1;
            wire.leadTo();
            await server.kill();
            await sleep(chance.between(0, 1500));
            wire.leadTo(await server.start());
          },
          5000,
          10_000,
        ),
        during(
          async () => {
            told.skews += 1;
            // some so far that the server does not take their word until they are right again
            const mostMs = chance.of([5_000, 60_000, BELIEVED_MS * 0.9, 3_600_000]);
            chance.of(crowds).tell({ do: 'skew', share: 0.2, mostMs });
          },
          800,
          3000,
        ),
      ]);
      note(
        `${told.cuts} cuts (${told.snapped} connections), ${told.outages} outages, ${told.terminalKills} kills of terminals, ` +
          `${told.serverKills} of the server, ${told.skews} wrong clocks; ${told.settings} settings, ${commands.length} commands`,
      );

      for (const crowd of crowds) {
        crowd.tell({ do: 'quiet' });
        crowd.tell({ do: 'skew', share: 1, mostMs: 0 });
      }
      const calm = Date.now();
      let left: readonly string[] = [];
      const states = async () => (await Promise.all(crowds.map((crowd) => crowd.states()))).flat();
      await until(options.settleSeconds, async () => {
        left = await open(look, await states());
        return left.length === 0;
      });
      note(
        left.length === 0
          ? `all settled ${((Date.now() - calm) / 1000).toFixed(1)} s after the last fault`
          : `not settled: ${left.length}`,
      );
      const findings = await findingsOf(look, await states(), { crowds, commands });
      for (const [what, count] of server.complaints()) note(`the server complained ${count} times: ${what}`);
      return findings;
    } finally {
      await look.close();
    }
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.kill()));
    await server.kill();
    await wire.close();
    if (options.keep) note(`files in ${folder}`);
    else remove();
  }
}

export const terminalOf = (number: number): string => `T-${String(number).padStart(3, '0')}`;

async function repeat(act: () => Promise<void>, waitMs: () => number, end: number): Promise<void> {
  for (;;) {
    const wait = waitMs();
    if (Date.now() + wait >= end) return;
    await sleep(wait);
    await act();
  }
}

/** Resolves when it is so, or after so long. */
export async function until(seconds: number, so: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await so()) return true;
    await sleep(300);
  }
  return false;
}
