import { connect as connectTcp, type Socket } from 'node:net';
import { linkClientId, linkUser, MAX_PAYLOAD_BYTES, upTopic } from '@jolly/contracts/fleet-link';
import { systemClock, uuidv7 } from '@jolly/contracts/values';
import type { IClientOptions } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { entryOf, LinkRig, openLinkStore, reportedOf, TOTEM } from '../testing/index.ts';
import type { LinkTables } from './tables.ts';

const OTHER = { tenantId: 'prova', terminalId: 'TOTEM-02' };
const STRANGE = { tenantId: 'altro', terminalId: 'TOTEM-01' };

describe('the embedded link, badly treated', () => {
  let base: Awaited<ReturnType<typeof openLinkStore>>;
  let rig: LinkRig;
  beforeAll(async () => {
    base = await openLinkStore();
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    rig = await LinkRig.start(base.store, {
      listen: { tcp: { host: '127.0.0.1', port: 0 } },
      over: { strangers: 6, outgoingBytes: 200_000 },
    });
  });
  afterEach(() => rig.close());

  const stored = async () =>
    (await rig.store.of<LinkTables>().selectFrom('link_entry').select('entry_id').execute()).length;
  const raw = async (): Promise<Socket> => {
    const socket = connectTcp(rig.open.embedded.ports().tcp ?? 0, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  };
  const ended = (socket: Socket) =>
    new Promise<void>((resolve) => {
      socket.resume();
      socket.once('close', () => resolve());
    });
  /** Another terminal works as if nothing had happened. */
  const stillWorks = async () => {
    const good = await rig.terminal({ ...OTHER, terminalId: 'BUONO' }).connect(rig.url);
    const before = await stored();
    await good.send([entryOf(1)]);
    expect(await stored()).toBe(before + 1);
  };
  const refusedConnect = async (over: IClientOptions) => {
    const terminal = rig.terminal();
    await expect(terminal.connect(rig.url, over)).rejects.toThrow();
  };

  it('lets nobody in without proof', async () => {
    const stranger = rig.terminal();
    const proof = rig.terminal(OTHER).password();
    await refusedConnect({ password: proof });
    await refusedConnect({ password: '{' });
    await expect(stranger.connect(rig.url, { password: '' })).rejects.toThrow();
    expect(rig.refused('credentials-refused') + rig.refused('gate-failed')).toBe(3);
    await stillWorks();
  });

  it.each<[string, IClientOptions]>([
    ['under another client id', { clientId: linkClientId(OTHER) }],
    ['with a session that is kept', { clean: false }],
    ['without a keepalive', { keepalive: 0 }],
    ['with one that is too long', { keepalive: 600 }],
    ['as nobody', { username: 'nobody' }],
    [
      'with a will on another terminal’s topic',
      { will: { topic: upTopic(OTHER, 'presence'), payload: Buffer.from('x'), qos: 1, retain: true } },
    ],
    [
      'with a will that is too large',
      { will: { topic: upTopic(TOTEM, 'presence'), payload: Buffer.alloc(600), qos: 1, retain: true } },
    ],
  ])('takes no connection %s', async (_, over) => {
    await refusedConnect(over);
    expect(rig.refused('connect-refused')).toBe(1);
    await stillWorks();
  });

  it.each([
    ['another terminal', 'forged-topic', upTopic(OTHER, 'entries'), {}],
    ['another municipality', 'forged-topic', upTopic(STRANGE, 'entries'), {}],
    ['the server', 'forged-topic', `jolly/1/${linkUser(TOTEM)}/down/command`, {}],
    ['the broker', 'forged-topic', '$SYS/broker', {}],
    ['no kind of ours', 'forged-topic', `jolly/1/${linkUser(TOTEM)}/up/other`, {}],
    ['retained entries', 'retained', upTopic(TOTEM, 'entries'), { retain: true }],
    ['a quality that is not ours', 'quality-of-service', upTopic(TOTEM, 'entries'), { qos: 2 as const }],
  ])('takes nothing as %s, and tells of it once', async (_, reason, topic, options) => {
    for (let turn = 0; turn < 2; turn += 1) {
      const terminal = await rig.terminal().connect(rig.url);
      const closed = new Promise<void>((resolve) => terminal.client.once('close', () => resolve()));
      const body = { v: 1, id: uuidv7(1), at: 1, body: { entries: [entryOf(1)], dropped: 0 } };
      terminal.client.publish(topic, JSON.stringify(body), { qos: 1, ...options });
      await closed;
    }
    expect(rig.refused(reason as 'forged-topic')).toBe(2);
    expect(rig.open.logged.filter((line) => JSON.stringify(line).includes(reason))).toHaveLength(1);
    expect(await stored()).toBe(0);
    await stillWorks();
  });

  it('lets nobody listen to others', async () => {
    const terminal = await rig.terminal().connect(rig.url);
    const filters = [
      '#',
      'jolly/1/+/+/down/#',
      'jolly/1/prova/+/down/ack',
      `jolly/1/${linkUser(OTHER)}/down/#`,
    ];
    for (const filter of filters) {
      const granted = await terminal.client.subscribeAsync(filter, { qos: 1 }).catch(() => []);
      expect(granted.every(({ qos }) => qos === 128)).toBe(true);
    }
    expect(rig.refused('forged-subscription')).toBe(filters.length);
    const other = await rig.terminal(OTHER).connect(rig.url);
    await other.send([entryOf(1)]);
    expect(terminal.heard).toEqual([]);
  });

  it('refuses what it cannot read, and the connection stays', async () => {
    const terminal = await rig.terminal().connect(rig.url);
    const say = (payload: string | Buffer) =>
      terminal.client.publishAsync(upTopic(TOTEM, 'entries'), payload, { qos: 1 });
    await say('not json');
    await say(Buffer.from([0xff, 0xfe, 0x00]));
    await say('['.repeat(100_000));
    expect(rig.refused('unreadable')).toBe(3);
    const id = uuidv7(1);
    await say('{}');
    await say(JSON.stringify({ v: 2, id, at: 1, body: { entries: [entryOf(1)], dropped: 0 } }));
    await say(JSON.stringify({ v: 1, id, at: 1, body: { entries: [], dropped: 0 } }));
    await say(
      JSON.stringify({ v: 1, id, at: 1, body: { entries: new Array(201).fill(entryOf(1)), dropped: 0 } }),
    );
    await say(JSON.stringify({ v: 1, id, at: 1, body: { entries: [1], dropped: 0 }, more: 1 }));
    expect(rig.refused('malformed')).toBe(5);
    await say(JSON.stringify({ v: 1, id, at: 1, exp: 2, body: { entries: [entryOf(1)], dropped: 0 } }));
    expect(rig.refused('expired')).toBe(1);
    await terminal.client.publishAsync(upTopic(TOTEM, 'presence'), 'x', { qos: 1, retain: true });
    expect(rig.refused('unreadable')).toBe(4);
    await terminal.send([entryOf(5)]);
    expect(await stored()).toBe(1);
  });

  it('ends a connection that sends something too large, before it has it', async () => {
    const terminal = await rig.terminal().connect(rig.url);
    const closed = new Promise<void>((resolve) => terminal.client.once('close', () => resolve()));
    terminal.client.publish(upTopic(TOTEM, 'entries'), Buffer.alloc(2 * MAX_PAYLOAD_BYTES), { qos: 1 });
    await closed;
    const stranger = await raw();
    stranger.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
    await ended(stranger);
    expect(rig.refused('oversized')).toBe(2);
    await stillWorks();
  });

  it('ends a connection that speaks something else', async () => {
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0xc0, 0]),
      Buffer.from([0xf0, 1, 1]),
    ]) {
      const socket = await raw();
      socket.write(bytes);
      await ended(socket);
    }
    await stillWorks();
  });

  it('hears only so many who have not said who they are', async () => {
    const sockets = await Promise.all(Array.from({ length: 12 }, raw));
    await vi.waitFor(() => expect(rig.refused('connect-flood')).toBe(6));
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(() => expect(rig.open.embedded.connections().all).toBe(0));
    await stillWorks();
  });

  it('ends a connection that does not read what it is sent', async () => {
    const lazy = await rig.terminal().connect(`mqtt://127.0.0.1:${rig.open.embedded.ports().tcp}`);
    lazy.client.stream.pause();
    const wide = { what: 'reported', padding: 'x'.repeat(100_000) };
    await vi.waitFor(
      async () => {
        for (let sent = 0; sent < 20; sent += 1) void rig.open.link.send(TOTEM, 'ask', wide);
        await new Promise((resolve) => setImmediate(resolve));
        expect(rig.refused('slow-reader')).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 20 },
    );
    await stillWorks();
  });

  it('hears nothing but who it is of one that was not welcomed', async () => {
    const heard: unknown[] = [];
    rig.open.link.onUp('signal', (_from, body) => heard.push(body));
    const thief = await rig.terminal().connect(rig.url);
    await thief.say('entries', { entries: [entryOf(1)], dropped: 0 });
    await thief.say('reported', { form: 'whole', seq: 0, reported: reportedOf({ software: 'thief' }) });
    await thief.say('signal', { call: 'me' });
    await vi.waitFor(() => expect(rig.refused('not-welcomed')).toBe(3));
    expect(await stored()).toBe(0);
    expect([heard, thief.heard]).toEqual([[], []]);
    await thief.greet();
    await thief.send([entryOf(1)]);
    expect(await stored()).toBe(1);
  });

  it('is not moved by the same message again', async () => {
    const terminal = await rig.terminal().connect(rig.url);
    await terminal.greet();
    const batch = { v: 1, id: uuidv7(systemClock.now()), at: 1, body: { entries: [entryOf(1)], dropped: 0 } };
    for (let turn = 0; turn < 3; turn += 1) {
      await terminal.client.publishAsync(upTopic(TOTEM, 'entries'), JSON.stringify(batch), { qos: 1 });
      await terminal.next('ack', batch.id);
    }
    expect(await stored()).toBe(1);
  });
});
