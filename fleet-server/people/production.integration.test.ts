import { CONSOLE_API, CONSOLE_SESSION_ROUTE, PEOPLE_ROUTES } from '@jolly/contracts/fleet-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rig, TENANT } from '../testing/index.ts';

describe('signing in where it counts', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await new Rig({
      mode: 'production',
      demo: undefined,
      publicUrl: 'https://jolly.example',
      signIn: { local: true, secondFactor: 'everybody', idleMinutes: 30, hours: 8, oidc: [] },
      tenants: [
        {
          id: TENANT,
          name: 'Comune di Prova',
          timeZone: 'Europe/Rome',
          creditorTaxCode: '77777777777',
          citizens: { methods: [], withoutPin: [] },
        },
      ] as never,
    }).start();
  });
  afterEach(() => rig.close());

  it('gives a cookie that only this host gets, over TLS, and says so of itself', async () => {
    const viewer = await rig.person('viewer');
    expect(viewer.cookie).toMatch(/^__Host-jolly_session=/);
    const answer = await rig.inject('DELETE', CONSOLE_SESSION_ROUTE, {
      cookie: viewer.cookie,
      'x-csrf-token': viewer.me.csrf,
    });
    expect(String(answer.raw.headers['set-cookie'])).toMatch(/Path=\/;.* HttpOnly; Secure; SameSite=Strict/);
    expect(answer.raw.headers['strict-transport-security']).toContain('max-age=31536000');
    expect((await viewer.get(`${CONSOLE_API}/me`)).status).toBe(401);
  });

  it('has no door of the demo, and nobody of it', async () => {
    expect((await rig.open('GET', PEOPLE_ROUTES.ways)).body).toEqual({ demo: false, local: true, oidc: [] });
    expect((await rig.open('POST', CONSOLE_SESSION_ROUTE, { user: 'demo' })).body).toMatchObject({
      code: 'SIGN_IN_CLOSED',
    });
    const admin = await rig.person('municipality-admin');
    expect(JSON.stringify((await admin.get(PEOPLE_ROUTES.people)).body)).not.toContain('demo');
  });

  it('asks everybody for a second factor where the house wants it', async () => {
    const viewer = await rig.person('viewer');
    expect(viewer.me).toMatchObject({ role: 'viewer', totpNeeded: false });
    const again = { user: viewer.me.user, password: 'una frase lunga di 12 parole sue' };
    expect((await rig.open('POST', PEOPLE_ROUTES.local, again)).body).toMatchObject({ code: 'TOTP_NEEDED' });
  });
});
