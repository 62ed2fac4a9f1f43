import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkClientId } from '@jolly/contracts/fleet-link';
import { systemClock, systemRandom } from '@jolly/contracts/values';
import { runLinkCaCommand } from '@jolly/fleet-server/administration';
import { openTenantCa } from '@jolly/fleet-server/enrolment';
import type { IdentityTables } from '@jolly/fleet-server/identity';
import { externalBroker, Refusals } from '@jolly/fleet-server/link';
import { openKeyring, openVault } from '@jolly/fleet-server/sealing';
import { House, linkKey, Mosquitto, openLinkStore, openTestLink } from '@jolly/fleet-server/testing';
import { EventOutbox } from '@jolly/kiosk-runtime/event-outbox';
import { KeptAccess, MqttLink } from '@jolly/kiosk-runtime/fleet-link';
import { openIdentity } from '@jolly/kiosk-runtime/identity';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const ADDRESS = { tenantId: 'prova', terminalId: 'TOTEM-01' };
const log = () => undefined;

let house: House;
let folder: string;
let base: Awaited<ReturnType<typeof openLinkStore>>;
const ends: (() => Promise<unknown> | undefined)[] = [];

beforeEach(async () => {
  house = new House();
  folder = mkdtempSync(join(tmpdir(), 'jolly-broker-'));
  base = await openLinkStore();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await base.close();
  house.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** As a timer of the house's does: the command, then its files beside the house's own. */
async function written(): Promise<{ readonly authorities: string; readonly revoked: string }> {
  const config = join(folder, 'fleet.json');
  const out = join(folder, 'out');
  const node = { kind: 'node-soap', url: 'https://127.0.0.1:1', pspName: 'Banca', pspTaxCode: '02654890025' };
  const ids = { idPsp: 'BDIMITMM', idBrokerPsp: '02654890025', idChannel: '02654890025_01' };
  const names = ['prova', 'altro'].map((id) => ({ id, name: id, creditorTaxCode: '77777777777' }));
  const settings = {
    ...{ mode: 'production', publicUrl: 'https://jolly.example', listen: { port: 0 }, ...base.place },
    ...{ masterKeyFile: join(folder, 'key'), tenants: names, gateway: { ...node, ...ids } },
  };
  writeFileSync(config, JSON.stringify(settings));
  const lines: string[] = [];
  const status = await runLinkCaCommand(['--config', config, '--out', out], { print: (l) => lines.push(l) });
  expect([status, lines]).toEqual([0, [expect.stringContaining('2 authorities')]]);
  return {
    authorities: readFileSync(join(out, 'authorities.pem'), 'utf8'),
    revoked: readFileSync(join(out, 'revoked.pem'), 'utf8') + house.revocationList(),
  };
}

it('a terminal links to mosquitto with its certificate, and no more once it is revoked and the lists are refreshed', async () => {
  const dataDir = join(folder, 'terminal');
  mkdirSync(dataDir);
  const identity = openIdentity({ ...ADDRESS, dataDir }, systemClock, systemRandom);
  const terminal = base.store.of<IdentityTables>();
  await terminal
    .insertInto('terminal')
    .values({
      ...{ tenant_id: ADDRESS.tenantId, terminal_id: ADDRESS.terminalId, public_key: identity.publicKey },
      ...{ site: 'Municipio', enrolled_at: 1, status: 'enrolled', suspect_why: null, site_id: null },
      ...{ serial: null, key_since: 1, previous_key: null, previous_until: null },
    })
    .execute();
  const first = await written();
  const mosquitto = await Mosquitto.prepare(house, first.revoked);
  await mosquitto.run();
  // a municipality that is added while it runs
  mosquitto.trust(first.authorities);
  mosquitto.reload();
  ends.push(() => mosquitto.kill());

  const key = linkKey();
  const refusals = new Refusals({ warn: log });
  const own = house.issue('jolly-server-1');
  const { url } = mosquitto;
  const broker = externalBroker({ url, ...own, caFile: house.authority, refusals, failed: log });
  const server = openTestLink({ store: base.store, clock: systemClock, broker, sign: key.sign, refusals });
  await server.link.start();
  ends.push(() => server.link.close());
  await vi.waitFor(() => expect(server.link.counts().connected).toBe(true), { timeout: 10_000 });

  const vault = openVault(base.store, openKeyring(join(folder, 'key')), systemClock);
  const ca = openTenantCa({ store: base.store, vault, clock: systemClock });
  const certificate = await ca.certificateOf(ADDRESS, identity.publicKey);
  const brokerCa = readFileSync(house.authority, 'utf8');
  const serverKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  const access = { urls: [url], serverKeys: [serverKey], certificate, brokerCa };
  const outbox = new EventOutbox({ dataDir, clock: systemClock, random: systemRandom, log });
  const credentials = identity.linkCredentials();
  const link = new MqttLink({
    ...{ address: ADDRESS, credentials, outbox, dataDir, clock: systemClock, random: systemRandom, log },
    ...{ software: '0.1.0', machine: 'a'.repeat(64), settings: () => 0 },
    access: new KeptAccess({ dataDir, ask: async () => access, log }),
  });
  ends.push(async () => {
    await link.close();
    outbox.close();
  });
  link.add({ kind: 'event', event: 'started', detail: {} });
  link.start();
  await vi.waitFor(() => expect(outbox.entries).toBe(0), { timeout: 10_000 });
  expect([link.connected, server.link.counts().entriesStored]).toEqual([true, 1]);
  await link.close();

  const knock = async (pem: { cert: string; key: string }, clientId: string) => {
    const client = await connectAsync(url, { clientId, reconnectPeriod: 0, ca: brokerCa, ...pem }, false);
    await client.endAsync(true);
  };
  const mine = { cert: certificate, key: credentials.tlsKey() };
  const terminalKnocks = () => knock(mine, linkClientId(ADDRESS));
  await terminalKnocks();
  await terminal.updateTable('terminal').set({ status: 'revoked' }).execute();
  await terminalKnocks();
  // twice, as timers do: whoever is refused stays so
  for (const _ of ['once', 'again']) {
    await vi.waitFor(
      async () => {
        mosquitto.revoke((await written()).revoked);
        mosquitto.reload();
        await expect(terminalKnocks()).rejects.toThrow(/revoked/);
      },
      { timeout: 10_000, interval: 500 },
    );
  }
  // who is still good comes in as before
  const other = house.issue('jolly-server-2');
  await knock({ cert: readFileSync(other.certFile, 'utf8'), key: readFileSync(other.keyFile, 'utf8') }, 'x');
  expect(server.link.counts().connected).toBe(true);
}, 30_000);
