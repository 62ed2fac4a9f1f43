import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyring } from '../sealing/index.ts';
import { Rig } from '../testing/index.ts';
import { runSecretsCommand } from './index.ts';

describe('the secrets of a municipality', () => {
  let folder: string;
  let config: string;
  const printed: string[] = [];
  const run = (args: readonly string[], value = '') =>
    runSecretsCommand([...args, '--config', config], {
      input: async () => `${value}\n`,
      print: (line) => printed.push(line),
    });

  beforeEach(() => {
    printed.length = 0;
    folder = mkdtempSync(join(tmpdir(), 'jolly-secrets-'));
    config = join(folder, 'server.json');
    writeFileSync(
      config,
      JSON.stringify({
        mode: 'production',
        listen: { host: '0.0.0.0', port: 443 },
        dataDir: join(folder, 'data'),
        masterKeyFile: join(folder, 'keys', 'master.key'),
        tenants: [{ id: 'prova', name: 'Prova', creditorTaxCode: '77777777777' }],
        gateway: {
          kind: 'node-soap',
          url: 'https://node.example',
          pspName: 'P',
          pspTaxCode: '02654890025',
          idPsp: 'P',
          idBrokerPsp: 'P',
          idChannel: 'P_01',
        },
        debtPositions: { url: 'https://gpd.example' },
        carts: { url: 'https://checkout.example' },
      }),
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('turn the key of the fleet link in two steps', async () => {
    expect(await run(['link-key', 'change'])).toBe(1);
    expect(await run(['link-key', 'announce'])).toBe(0);
    expect(await run(['link-key', 'change'])).toBe(0);
    expect(await run(['link-key', 'change'])).toBe(1);
    expect(await run(['link-key'])).toBe(2);
    expect(await run(['set', 'prova', 'link-ca-key'], 'chiave')).toBe(2);
  });

  it('are set from standard input and never seen again', async () => {
    expect(await run(['set', 'prova', 'gateway-password'], 'segreto-canale')).toBe(0);
    expect(await run(['list'])).toBe(0);
    expect(printed).toEqual([
      'prova gateway-password set',
      'prova gateway-password set',
      'prova gateway-subscription-key missing',
      'prova debt-positions-key missing',
      'prova checkout-key missing',
    ]);
    expect(readFileSync(join(folder, 'data', 'fleet.sqlite'), 'latin1')).not.toContain('segreto-canale');
    expect(statSync(join(folder, 'keys', 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('survive rotations of the master key', async () => {
    const file = join(folder, 'keys', 'master.key');
    await run(['set', 'prova', 'gateway-password'], 'segreto-canale');
    const before = readFileSync(file, 'utf8');
    for (let times = 0; times < 3; times++) expect(await run(['rotate'])).toBe(0);
    expect(printed.at(-1)).toBe('master key rotated, 1 values sealed again');
    expect(readFileSync(file, 'utf8').split('\n')).not.toContain(before.trim());
  });

  it('are refused to a key file that others can read, and for unknown names', async () => {
    expect(await run(['set', 'prova', 'gateway-pin'], 'x')).toBe(2);
    expect(await run(['set', 'altrove', 'gateway-password'], 'x')).toBe(2);
    chmodSync(join(folder, 'keys', 'master.key'), 0o644);
    expect(await run(['list'])).toBe(1);
    expect(printed.at(-1)).toContain('KEY_FILE_INVALID');
  });

  it('do not open in another place, under another key, or changed', async () => {
    const keyring = openKeyring(join(folder, 'a.key'));
    const sealed = keyring.seal('segreto', 'secret:prova:x');
    expect(keyring.open(sealed, 'secret:prova:x')).toBe('segreto');
    const unreadable = expect.objectContaining({ code: 'SECRET_UNREADABLE' });
    expect(() => keyring.open(sealed, 'secret:altrove:x')).toThrow(unreadable);
    expect(() => openKeyring(join(folder, 'b.key')).open(sealed, 'secret:prova:x')).toThrow(unreadable);
    const flipped = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
    expect(() => keyring.open(flipped, 'secret:prova:x')).toThrow(unreadable);
    expect(() => keyring.open('', 'secret:prova:x')).toThrow(unreadable);
  });

  it('rotate under a running server: a stored outcome is still sent as it was', async () => {
    const rig = await new Rig().start();
    const terminal = await rig.terminal();
    const id = await terminal.activated();
    rig.gateway.outcomeAnswers = [{ answer: 'unreachable', reason: 'x' }];
    await terminal.charged(id);
    const keyring = openKeyring(join(rig.folder, 'master.key'));
    keyring.rotate();
    await rig.pass(2_000);
    const [first, second] = rig.gateway.sentOf('sendPaymentOutcomeV2');
    expect(second).toEqual(first);
    expect(await terminal.state(id)).toMatchObject({
      state: 'confirmed',
      activation: { iuv: expect.any(String) },
    });
    await rig.close();
  });
});
