import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntryData, Reported, SentCommand } from '@jolly/contracts/fleet-link';
import { downTopic, MAX_PAYLOAD_BYTES, Presence } from '@jolly/contracts/fleet-link';
import { type Clock, systemClock, systemRandom, uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventOutbox } from '../../event-outbox/index.ts';
import { openIdentity } from '../../identity/index.ts';
import { FleetEnd } from '../../stand-ins/index.ts';
import { type Down, KeptAccess, MqttLink, type Offered } from '../index.ts';

const address = { tenantId: 'prato', terminalId: 'PO-001' };
const event = (word: string): EntryData => ({ kind: 'event', event: word, detail: {} });
/** Waits are a hundredth of what they are: the order of things is what is tested here. */
const quick: Clock = { ...systemClock, after: (ms, task) => systemClock.after(Math.ceil(ms / 100), task) };

let dataDir: string;
let end: FleetEnd;
let outbox: EventOutbox;
let link: MqttLink;
let reported: Reported;
let httpUp: boolean;
const logs: string[] = [];
const log = (name: string): void => void logs.push(name);

function openLink(clock: Clock = quick): void {
  outbox = new EventOutbox({ dataDir, clock, random: systemRandom, log, makeKiB: 64 });
  const identity = openIdentity({ ...address, dataDir }, systemClock, systemRandom);
  link = new MqttLink({
    address,
    credentials: identity.linkCredentials(),
    access: new KeptAccess({
      dataDir,
      ask: async () => {
        if (!httpUp) throw Object.assign(new Error('down'));
        return end.access;
      },
      log,
    }),
    outbox,
    dataDir,
    clock,
    random: systemRandom,
    software: '0.1.0',
    machine: 'a'.repeat(64),
    settings: () => 0,
    log,
  });
  link.reported(() => reported);
  link.start();
}

const linked = () => vi.waitFor(() => expect(link.connected).toBe(true), { timeout: 5000, interval: 10 });
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 10 });
const words = () =>
  [...end.entries.values()].map(({ entry }) => (entry.data.kind === 'event' ? entry.data.event : ''));

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'jolly-link-'));
  logs.length = 0;
  httpUp = true;
  reported = {
    software: '0.1.0',
    startedAt: 1,
    mode: 'in-service',
    devices: [],
    limitations: [],
    consumables: [],
    openPayments: 0,
    inSession: false,
    settings: { version: 0 },
    backlog: { letters: 0, entries: 0, dropped: 0 },
    host: { memoryFreeMb: 1, memoryTotalMb: 2 },
    network: { reconnects: 0 },
  };
  end = new FleetEnd(address);
  await end.start();
});

afterEach(async () => {
  await link.close();
  outbox.close();
  await end.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a connection', () => {
  it('says that it is there, then hello, and tells everything after the welcome', async () => {
    openLink();
    link.add(event('started'));
    await linked();
    await eventually(() => expect(words()).toEqual(['started']));
    expect(end.came.map(({ kind }) => kind)).toEqual(['presence', 'hello', 'reported', 'entries']);
    const [presence, hello] = end.came;
    const boot = Presence.parse(presence?.body).boot;
    expect(presence).toMatchObject({ retained: true, body: { online: true, why: 'connected' } });
    expect(hello?.body).toMatchObject({ boot, lease: null, settings: 0, software: '0.1.0' });
    await eventually(() => expect(outbox.entries).toBe(0));
    expect(link.rttMs).toBeGreaterThanOrEqual(0);
    expect(end.reported).toEqual(reported);
  });

  it('shows a new password each time, and the lease of the last welcome', async () => {
    openLink();
    await linked();
    end.cut();
    await eventually(() => expect(end.of('hello')).toHaveLength(2));
    expect(new Set(end.passwords).size).toBe(2);
    expect(end.of('hello')[1]?.body).toMatchObject({ lease: 'lease-with-number-1' });
    await linked();
    expect(link.reconnects).toBe(1);
    const boots = end.of('presence').map(({ body }) => Presence.parse(body));
    // the broker itself has said that the first one is lost
    expect(boots.map(({ why }) => why)).toEqual(['connected', 'lost', 'connected']);
    expect(boots[1]?.boot).toBe(boots[0]?.boot);
    expect(boots[2]?.boot).not.toBe(boots[0]?.boot);
  });

  it('says good-bye, and the broker keeps that', async () => {
    openLink();
    await linked();
    await link.close();
    await eventually(() =>
      expect(end.of('presence').at(-1)?.body).toMatchObject({ online: false, why: 'stopping' }),
    );
    expect(end.of('presence')).toHaveLength(2);
  });

  it('is made by a terminal that starts while HTTP is down', async () => {
    openLink();
    await linked();
    await link.close();
    outbox.close();
    const kept = readFileSync(join(dataDir, 'link-access.json'), 'utf8');
    expect(kept).toContain(end.serverKey);
  });

  it('is tried again for as long as the broker is away, and what happened meanwhile arrives', async () => {
    openLink();
    await linked();
    await end.stop();
    await eventually(() => expect(link.connected).toBe(false));
    for (let count = 0; count < 450; count++) link.add(event(`e-${count}`));
    await end.start();
    await linked();
    await eventually(() => expect(outbox.entries).toBe(0));
    expect(words()).toEqual(Array.from({ length: 450 }, (_, count) => `e-${count}`));
    for (const { body } of end.of('entries')) {
      expect((body as { entries: unknown[] }).entries.length).toBeLessThanOrEqual(200);
    }
  });
});

describe('nothing is lost and nothing is forgotten too soon', () => {
  it.each(['presence', 'hello', 'reported', 'entries'] as const)(
    'when the wire is cut at a %s',
    async (kind) => {
      let cuts = 2;
      end.cutAt = (came) => came.kind === kind && cuts-- > 0;
      openLink();
      link.add(event('one'), event('two'));
      await eventually(() => expect(words()).toEqual(['one', 'two']));
      await eventually(() => expect(outbox.entries).toBe(0));
      expect(outbox.dropped).toBe(0);
    },
  );

  it('when acknowledgements are lost: the same batch comes again under the same id', async () => {
    end.silent.add('ack');
    openLink();
    link.add(event('one'));
    await eventually(() => expect(end.of('entries').length).toBeGreaterThanOrEqual(2));
    const [first, second] = end.of('entries');
    expect(second?.id).toBe(first?.id);
    expect(outbox.entries).toBe(1);
    end.silent.clear();
    await eventually(() => expect(outbox.entries).toBe(0));
    expect(words()).toEqual(['one']);
  });

  it('when the broker has it and the server has not: the broker’s word counts for nothing', async () => {
    end.silent.add('ack');
    openLink();
    link.add(event('one'));
    await eventually(() => expect(end.of('entries').length).toBeGreaterThanOrEqual(1));
    await link.close();
    outbox.close();
    openLink();
    expect(outbox.entries).toBe(1);
    end.silent.clear();
    await eventually(() => expect(outbox.entries).toBe(0));
  });

  it('when a welcome is lost: another connection asks again with the same lease', async () => {
    end.silent.add('welcome');
    openLink();
    await eventually(() => expect(end.of('hello').length).toBeGreaterThanOrEqual(2));
    expect(end.of('entries')).toEqual([]);
    end.silent.clear();
    await linked();
    expect(end.of('hello').at(-1)?.body).toMatchObject({ lease: null });
  });

  it('and what the server will never take leaves the others in peace', async () => {
    end.refuse = (entry) => entry.data.kind === 'event' && entry.data.event === 'poison';
    openLink();
    link.add(event('one'), event('poison'), event('two'));
    await eventually(() => expect(outbox.entries).toBe(0));
    expect(words().toSorted()).toEqual(['one', 'two']);
    expect(outbox.refused).toBe(1);
  });

  it('nor does a batch that stops the server hold up those behind it for ever', async () => {
    end.cutAt = () => false;
    end.silent.add('ack');
    openLink();
    link.add(event('one'), event('two'), event('three'));
    await eventually(() =>
      expect(
        end.of('entries').some(({ body }) => (body as { entries: unknown[] }).entries.length === 1),
      ).toBe(true),
    );
    end.silent.clear();
    await eventually(() => expect(outbox.entries).toBe(0));
  });
});

describe('what comes down', () => {
  const commands: Down<SentCommand>[] = [];
  const desired: Down<Offered>[] = [];
  const command = (): SentCommand => ({ commandId: uuidv7(Date.now()), act: { kind: 'self-test' } });
  beforeEach(async () => {
    commands.length = 0;
    desired.length = 0;
    openLink();
    link.onCommand((each) => void commands.push(each));
    link.onDesired((each) => void desired.push(each));
    await linked();
  });
  const refused = (why: string) =>
    eventually(() => expect(Object.fromEntries(link.refusals)).toMatchObject({ [why]: 1 }));

  it('is heard when the server signed it for this terminal', async () => {
    end.send('desired', { version: 3, settings: { volume: 0.5 } });
    const exp = Date.now() + 60_000;
    end.send('command', command(), { exp });
    await eventually(() => expect([desired.length, commands.length]).toEqual([1, 1]));
    expect(desired[0]?.body).toEqual({ version: 3, settings: { volume: 0.5 } });
    expect(Math.abs((commands[0]?.until ?? 0) - exp)).toBeLessThan(2000);
  });

  it('is refused when somebody else signed it', async () => {
    const other = new FleetEnd(address);
    const topic = downTopic(address, 'command');
    end.publish(topic, other.signed(topic, { v: 1, id: uuidv7(Date.now()), at: 1, body: command() }));
    await refused('signature');
    expect(commands).toEqual([]);
  });

  it('is refused when it was signed for another terminal, or another kind', async () => {
    const envelope = { v: 1, id: uuidv7(Date.now()), at: 1, body: command() };
    const elsewhere = end.signed(downTopic({ ...address, terminalId: 'PO-002' }, 'command'), envelope);
    end.publish(downTopic(address, 'command'), elsewhere);
    await refused('signature');
    expect(commands).toEqual([]);
  });

  it('is refused when it is late, a copy, malformed, no message of ours, or too large', async () => {
    end.send('command', command(), { exp: Date.now() - 5000 });
    await refused('expired');
    const id = end.send('command', command());
    await eventually(() => expect(commands).toHaveLength(1));
    end.send('command', command(), { id });
    await refused('replayed');
    end.publish(downTopic(address, 'command'), 'not json');
    await refused('malformed');
    end.send('command', { commandId: 'x', act: { kind: 'dance' } });
    await refused('schema');
    end.publish(`jolly/1/prato/PO-001/down/unknown`, '{}');
    await refused('topic');
    end.send('welcome', { lease: 'x'.repeat(20), now: 1 });
    await refused('unasked');
    end.publish(downTopic(address, 'command'), Buffer.alloc(MAX_PAYLOAD_BYTES + 1, 'x'));
    await refused('oversize');
    // said once each, and the link goes on
    expect(logs.filter((name) => name === 'link-message-refused')).toHaveLength(6);
    expect([link.connected, commands.length]).toEqual([true, 1]);
  });

  it('ends the connection when it has no end', async () => {
    end.publish(downTopic(address, 'command'), Buffer.alloc(4 * MAX_PAYLOAD_BYTES, 'x'));
    await eventually(() => expect(end.of('hello').length).toBeGreaterThanOrEqual(2));
  });

  it('makes the terminal tell everything again when the server asks', async () => {
    const before = end.of('reported').length;
    end.send('ask', { what: 'reported' });
    await eventually(() => expect(end.of('reported').length).toBe(before + 1));
    expect(end.of('reported').at(-1)?.body).toMatchObject({ form: 'whole', seq: before });
  });
});

it('hears commands in time though its clock was set meanwhile, and knows until when on its own clock', async () => {
  const commands: Down<SentCommand>[] = [];
  let skewMs = 0;
  openLink({ ...quick, now: () => Date.now() + skewMs });
  link.onCommand((each) => void commands.push(each));
  await linked();
  const exp = Date.now() + 60_000;
  for (const hours of [1, -1]) {
    skewMs = hours * 3_600_000;
    end.send('command', { commandId: uuidv7(Date.now()), act: { kind: 'self-test' } }, { exp });
    await eventually(() => expect(commands).toHaveLength(hours === 1 ? 1 : 2));
    const until = commands.at(-1)?.until ?? 0;
    expect(Number.isInteger(until)).toBe(true);
    expect(Math.abs(until - exp - skewMs)).toBeLessThan(5000);
  }
});

it('tells what changed, and only that', async () => {
  openLink();
  await linked();
  reported = { ...reported, mode: 'out-of-service', message: 'Torniamo domani' };
  link.changed();
  await eventually(() => expect(end.of('reported')).toHaveLength(2));
  expect(end.of('reported')[1]?.body).toEqual({
    form: 'patch',
    seq: 1,
    patch: { mode: 'out-of-service', message: 'Torniamo domani' },
  });
  expect(end.reported).toEqual(reported);
});
