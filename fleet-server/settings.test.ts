import { describe, expect, it } from 'vitest';
import { ServerConfig } from './config.ts';
import { checkSettings } from './settings.ts';

const settings = (over: object): ServerConfig =>
  ServerConfig.parse({
    mode: 'production',
    listen: { host: '0.0.0.0', port: 443 },
    dataDir: '/var/lib/jolly',
    masterKeyFile: '/etc/jolly/master.key',
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
    ...over,
  });

describe('settings', () => {
  it('start production without a demo section, on any address', () => {
    expect(checkSettings(settings({})).mode).toBe('production');
  });

  it.each([
    ['production with a demo section', { demo: { enrolmentCode: '12345678' } }, 'demo'],
    ['a demo beyond loopback', { mode: 'demo', demo: { enrolmentCode: '12345678' } }, 'listen.host'],
    [
      'a tenant twice',
      { tenants: [1, 2].map(() => ({ id: 'aa', name: 'A', creditorTaxCode: '77777777777' })) },
      'tenants',
    ],
  ])('refuse %s', (_name, over, path) => {
    expect(() => checkSettings(settings(over))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', faults: [expect.objectContaining({ path })] }),
    );
  });
});
