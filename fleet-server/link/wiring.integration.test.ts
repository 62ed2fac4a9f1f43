import { createPublicKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FleetPage } from '@jolly/contracts/fleet-api';
import { linkUser, upTopic } from '@jolly/contracts/fleet-link';
import { uuidv7 } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openLinkKeys } from '../enrolment/index.ts';
import type { IdentityTables } from '../identity/index.ts';
import { openKeyring, openVault } from '../sealing/index.ts';
import type { TerminalTables } from '../terminals/index.ts';
import { LinkTerminal, Rig, reportedOf, TENANT, type TestPerson } from '../testing/index.ts';

describe('the link of a whole server', () => {
  let rig: Rig;
  let person: TestPerson;
  let url: string;
  let terminal: LinkTerminal;

  beforeAll(async () => {
    rig = await new Rig().start();
    url = (await rig.server.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws');
    await rig.server.start();
    person = await rig.signIn();
    const vault = openVault(rig.store, openKeyring(join(rig.folder, 'master.key')), rig.clock);
    const [serverKey] = await openLinkKeys(vault, rig.clock).publicKeys();
    terminal = new LinkTerminal(
      { tenantId: TENANT, terminalId: 'TOTEM-01' },
      rig.clock,
      createPublicKey({ key: Buffer.from(serverKey, 'base64url'), format: 'der', type: 'spki' }),
    );
    await rig.terminal('TOTEM-01');
    const key = terminal.key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
    await rig.store.of<IdentityTables>().updateTable('terminal').set({ public_key: key }).execute();
  });
  afterAll(async () => {
    await terminal.end();
    await rig.close();
  });

  it('takes an enrolled terminal, and the console sees how it is', async () => {
    await terminal.connect(url);
    const { lease } = await terminal.greet();
    await terminal.say('reported', {
      form: 'whole',
      seq: 0,
      reported: reportedOf({ mode: 'locked' }),
      lease,
    });
    const page = async () => FleetPage.parse((await person.get('/console/api/fleet')).body).rows;
    await vi.waitFor(async () =>
      expect(await page()).toMatchObject([{ terminalId: 'TOTEM-01', state: 'stopped', reason: 'locked' }]),
    );
    terminal.cut();
    await vi.waitFor(async () => expect(await page()).toMatchObject([{ reason: 'offline' }]));
  });

  it('ends the connection of one whose key was copied', async () => {
    await terminal.connect(url);
    const closed = new Promise<void>((resolve) => terminal.client.once('close', () => resolve()));
    // what it says of the time does not make it an old word
    const body = { boot: randomUUID(), software: '1', lease: 'x', machine: 'm', settings: 0 };
    const hello = { v: 1, id: uuidv7(rig.clock.now()), at: 1, body };
    await terminal.client.publishAsync(upTopic(terminal.address, 'hello'), JSON.stringify(hello), { qos: 1 });
    await closed;
    await expect(terminal.connect(url)).rejects.toThrow();
    // it is not there, and does not come to be so by what it said before it was turned away
    const { online, suspect } = await rig.store
      .of<TerminalTables>()
      .selectFrom('terminal_state')
      .select(['online', 'suspect'])
      .executeTakeFirstOrThrow();
    expect({ online, suspect }).toEqual({ online: 0, suspect: 1 });
  });

  it('is described to whoever is signed in', async () => {
    const answer = await person.get('/api/asyncapi.json');
    expect(answer.body).toMatchObject({ asyncapi: '3.0.0' });
    expect(JSON.stringify(answer.body)).toContain(
      linkUser({ tenantId: '{tenant}', terminalId: '{terminal}' }),
    );
    expect((await rig.inject('GET', '/api/asyncapi.json')).status).toBe(401);
  });
});
