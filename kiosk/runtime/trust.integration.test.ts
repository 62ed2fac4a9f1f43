import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJollyError } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CardKeys, createAuthority, textsInMemory } from '../../simulators/card/index.ts';
import { readConfig } from './config/index.ts';
import { deviceRegistry } from './drivers.ts';

let folder: string;
let testCa: string;
let state: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jolly-trust-'));
  testCa = join(folder, 'test-ca.pem');
  const options = { keys: new CardKeys(textsInMemory()), now: Date.now, address: () => 'http://127.0.0.1:9' };
  writeFileSync(testCa, (await createAuthority(options)).anchors.csca);
  state = join(folder, 'state.pem');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null'];
  execFileSync('openssl', ['req', '-x509', ...key, '-subj', '/O=Stato di prova/CN=CSCA', '-out', state], {
    stdio: 'ignore',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the configuration and makes its drivers, as a start does. What is wrong with it, in its own words. */
function faultsOf(mode: 'demo' | 'production', card: string | undefined, login: object): string {
  const file = join(folder, 'terminal.json');
  const place = { tenantId: 'prato', terminalId: 'PO-001', city: 'Prato', site: 'Piazza' };
  const devices = { pos: 'none+tcp://h:1', printer: 'none+tcp://h:1', barcode: 'none+tcp://h:1', card };
  const rest = { creditorTaxCode: '84006890481', serverUrl: 'http://127.0.0.1:1', dataDir: folder };
  writeFileSync(file, JSON.stringify({ mode, ...place, ...rest, devices, login }));
  try {
    deviceRegistry(readConfig(file));
    return '';
  } catch (error) {
    if (!isJollyError(error) || error.code !== 'CONFIG_INVALID') throw error;
    return JSON.stringify(error.detail);
  }
}

describe('whom a terminal trusts to say which identity cards are genuine', () => {
  it('is somebody, in production', () => {
    expect(faultsOf('production', 'pcsc:ACR', {})).toMatch(/login\.cscaFiles: identity cards are taken/);
    expect(faultsOf('production', 'pcsc:ACR', { cscaFiles: [state] })).toBe('');
  });

  it('is not the test CA, in production, alone or among others', () => {
    expect(faultsOf('production', 'pcsc:ACR', { cscaFiles: [testCa] })).toMatch(/test CA/);
    expect(faultsOf('production', 'pcsc:ACR', { cscaFiles: [state, testCa] })).toMatch(/test CA/);
    expect(faultsOf('production', undefined, { cscaFiles: [testCa] })).toMatch(/test CA/);
  });

  it('is nobody’s question where no identity card is taken', () => {
    expect(faultsOf('production', undefined, {})).toBe('');
    expect(faultsOf('production', 'pcsc:ACR', { methods: ['cns-card-local'] })).toBe('');
  });

  it('is as one likes in a demo', () => {
    expect(faultsOf('demo', 'pcsc:ACR', {})).toBe('');
    expect(faultsOf('demo', 'pcsc:ACR', { cscaFiles: [testCa] })).toBe('');
  });
});
