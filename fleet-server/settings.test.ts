import { describe, expect, it } from 'vitest';
import { ServerConfig } from './config.ts';
import { checkSettings, gatewayOf } from './settings.ts';

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

  it('let a tenant have a way to pagoPA of its own', () => {
    const mil = {
      kind: 'mil',
      pspName: 'Q',
      pspTaxCode: '02654890025',
      urls: { auth: 'https://a.example', paymentNotice: 'https://n.example', fees: 'https://f.example' },
      acquirerId: '4585625',
      clientId: '5254f087-1214-45cd-94ae-fda53c835197',
      terminals: { 'PO-09': 'PO000009' },
    };
    const tenants = ['aa', 'bb'].map((id) => ({
      id,
      name: id,
      creditorTaxCode: '77777777777',
      ...(id === 'bb' ? { gateway: mil } : {}),
    }));
    const config = checkSettings(settings({ tenants }));
    expect(gatewayOf(config, 'aa').kind).toBe('node-soap');
    expect(gatewayOf(config, 'bb')).toMatchObject({ kind: 'mil', channel: 'TOTEM', fee: 'none' });
    const long = { ...mil, terminals: { 'PO-09': 'PO-000009' } };
    expect(() => settings({ gateway: long })).toThrow('gateway');
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
