import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { linkClientId, readLinkUser } from '@jolly/contracts/fleet-link';
import { systemClock } from '@jolly/contracts/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../problems/index.ts';
import { entryOf, House, LinkRig, LinkTerminal, openLinkStore, TOTEM } from '../testing/index.ts';

describe('the embedded link over TLS', () => {
  const house = new House();
  let base: Awaited<ReturnType<typeof openLinkStore>>;
  let rig: LinkRig;
  let url: string;

  beforeAll(async () => {
    base = await openLinkStore();
    const tls = { host: '127.0.0.1', port: 0, ...house.issue('localhost') };
    rig = await LinkRig.start(base.store, { listen: { tls } });
    const ca = new X509Certificate(readFileSync(house.authority));
    rig.open.gate.byCertificate = async (user, clientId, der) => {
      const certificate = der.length > 0 ? new X509Certificate(der) : undefined;
      const address = readLinkUser(user);
      const ours = certificate?.checkIssued(ca) && certificate.verify(ca.publicKey);
      if (
        !address ||
        !certificate ||
        !ours ||
        certificate.subject !== `CN=${user}` ||
        clientId !== linkClientId(address)
      ) {
        throw fail('LINK_REFUSED');
      }
      return address;
    };
    url = `mqtts://localhost:${rig.open.embedded.ports().tls}`;
  });
  afterAll(async () => {
    await rig.close();
    await base.close();
    house.remove();
  });

  const pemOf = (name: string, from = house) => {
    const { keyFile, certFile } = from.issue(name);
    return {
      key: readFileSync(keyFile),
      cert: readFileSync(certFile),
      ca: readFileSync(house.authority),
      password: undefined as unknown as string,
    };
  };
  const terminal = () => new LinkTerminal(TOTEM, systemClock, rig.open.serverKey);

  it('knows a terminal by its certificate, also without a password', async () => {
    const one = await terminal().connect(url, pemOf('prova/TOTEM-01'));
    await one.send([entryOf(1)]);
    await one.end();
  });

  it('takes the signed password where there is no certificate', async () => {
    const one = await rig.terminal().connect(url, { ca: readFileSync(house.authority) });
    await one.send([entryOf(1)]);
  });

  it('refuses another’s certificate, one of another authority, and none', async () => {
    const stranger = new House();
    const { ca } = pemOf('x');
    await expect(terminal().connect(url, pemOf('prova/TOTEM-02'))).rejects.toThrow();
    await expect(terminal().connect(url, { ...pemOf('prova/TOTEM-01', stranger), ca })).rejects.toThrow();
    await expect(terminal().connect(url, { ca, password: undefined as unknown as string })).rejects.toThrow();
    expect(rig.refused('credentials-refused')).toBe(3);
    stranger.remove();
  });

  it('speaks no TLS older than 1.2', async () => {
    const socket = connect({
      ...{ host: '127.0.0.1', port: rig.open.embedded.ports().tls ?? 0 },
      ...{
        ca: readFileSync(house.authority),
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
        ciphers: 'ALL@SECLEVEL=0',
      },
    });
    await expect(
      new Promise((resolve, reject) => {
        socket.once('secureConnect', resolve);
        socket.once('error', reject);
      }),
    ).rejects.toThrow();
    socket.destroy();
  });
});
