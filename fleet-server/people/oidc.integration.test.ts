import { CONSOLE_API, ConsoleMe, PEOPLE_ROUTES } from '@jolly/contracts/fleet-api';
import { Secret } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CENTRE } from '../audit/index.ts';
import { openKeyring, openVault } from '../sealing/index.ts';
import { type OidcHouse, openOidcHouse, Rig, TENANT, type TestPerson } from '../testing/index.ts';
import { OidcProvider } from './settings.ts';
import type { PeopleTables } from './tables.ts';

const HOME = 'http://127.0.0.1:7301';
const START = PEOPLE_ROUTES.oidcStart.replace(':id', 'casa');
const CALLBACK = PEOPLE_ROUTES.oidcCallback.replace(':id', 'casa');

describe('signing in through a provider', () => {
  let house: OidcHouse;
  let rig: Rig;
  let admin: TestPerson;

  const open = async (over: Partial<OidcProvider> = {}) => {
    house = await openOidcHouse({
      clientId: 'jolly',
      clientSecret: 'a secret of the tests',
      redirectUri: `${HOME}${CALLBACK}`,
      accounts: {
        'sub-1': { preferred_username: 'Giulia.Verdi', name: 'Giulia Verdi', email: 'giulia@example.it' },
        'sub-2': { preferred_username: 'giulia.verdi', name: 'Altra Giulia' },
        'sub-3': {
          preferred_username: 'mario.rossi',
          name: 'Mario Rossi',
          groups: ['posta', 'totem-tecnici'],
        },
      },
    });
    const provider = OidcProvider.parse({
      id: 'casa',
      name: 'Ente',
      issuer: house.issuer,
      clientId: 'jolly',
      ...over,
    });
    rig = new Rig({
      publicUrl: HOME,
      signIn: { local: true, secondFactor: 'writers', idleMinutes: 30, hours: 8, oidc: [provider] },
    });
    await rig.start();
    const vault = openVault(rig.store, openKeyring(`${rig.folder}/master.key`), rig.clock);
    await vault.set(CENTRE, 'oidc-casa', new Secret('a secret of the tests'));
    admin = await rig.person('municipality-admin');
  };
  const enter = (user: string) =>
    admin.post(PEOPLE_ROUTES.people, {
      user,
      name: 'Giulia',
      way: 'oidc',
      role: 'technician',
      disabled: false,
    });
  beforeEach(() => open());
  afterEach(async () => {
    await rig.close();
    await house.close();
  });

  const start = async () => {
    const answer = await rig.open('GET', START);
    const cookie = String(answer.raw.headers['set-cookie']).split(';')[0] ?? '';
    return { url: String(answer.raw.headers.location), cookie, answer };
  };
  const back = async (address: string, cookie: string) => {
    const answer = await rig.inject('GET', address.replace(HOME, ''), { cookie });
    const session = [answer.raw.headers['set-cookie']]
      .flat()
      .find((each) => each?.startsWith('jolly_session'));
    return { to: String(answer.raw.headers.location), session: session?.split(';')[0] };
  };
  const signIn = async (account: string) => {
    const { url, cookie } = await start();
    return back(await house.visit(url, account), cookie);
  };
  const who = async (session = '') =>
    ConsoleMe.parse((await rig.inject('GET', `${CONSOLE_API}/me`, { cookie: session })).body);

  it('lets in who was entered beforehand, with state, nonce and PKCE', async () => {
    expect((await enter('giulia.verdi')).status).toBe(200);
    const { url } = await start();
    const asked = new URL(url).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const each of ['state', 'nonce', 'code_challenge'])
      expect(asked.get(each)?.length).toBeGreaterThan(40);
    const { to, session } = await signIn('sub-1');
    expect(to).toBe('/console/');
    expect(await who(session)).toMatchObject({
      user: 'giulia.verdi',
      role: 'technician',
      way: 'oidc',
      totpNeeded: false,
    });
  });

  it('does not let in who is not entered, nor another account that took the name over', async () => {
    const refused = { to: '/console/#/sign-in/SIGN_IN_REFUSED', session: undefined };
    expect(await signIn('sub-1')).toEqual(refused);
    await enter('giulia.verdi');
    expect((await signIn('sub-1')).to).toBe('/console/');
    expect(await signIn('sub-2')).toEqual(refused);
  });

  it('is not a way into an account with a password here', async () => {
    const body = { user: 'giulia.verdi', name: 'G', way: 'local', role: 'office', disabled: false };
    expect((await admin.post(PEOPLE_ROUTES.people, body)).status).toBe(200);
    expect((await signIn('sub-1')).to).toBe('/console/#/sign-in/SIGN_IN_REFUSED');
  });

  it('of one municipality is no way to somebody who has become more than that', async () => {
    await rig.close();
    await house.close();
    await open({ tenants: [TENANT] });
    const made = await enter('giulia.verdi');
    expect((await signIn('sub-1')).to).toBe('/console/');
    const boss = await rig.person('centre-admin');
    const { personId } = made.body as { personId: string };
    const body = { user: 'giulia.verdi', name: 'Giulia', way: 'oidc', role: 'centre-admin', disabled: false };
    expect((await boss.put(PEOPLE_ROUTES.person.replace(':id', personId), body)).status).toBe(200);
    expect((await signIn('sub-1')).to).toBe('/console/#/sign-in/SIGN_IN_REFUSED');
  });

  it('binds only who was entered for it', async () => {
    await enter('giulia.verdi');
    const people = rig.store.of<PeopleTables>().updateTable('person');
    await people.set({ oidc_provider: 'altra' }).where('user_key', '=', 'giulia.verdi').execute();
    expect((await signIn('sub-1')).to).toBe('/console/#/sign-in/SIGN_IN_REFUSED');
  });

  it('takes no answer of another journey, none twice, none late', async () => {
    await enter('giulia.verdi');
    const mine = await start();
    const theirs = await start();
    const address = await house.visit(theirs.url, 'sub-1');
    const refused = '/console/#/sign-in/SIGN_IN_REFUSED';
    expect((await back(address, mine.cookie)).to, 'another journey').toBe(refused);
    expect((await back(address, '')).to, 'no journey').toBe(refused);
    expect((await back(address, theirs.cookie.replace('=v1.', '=v1.0'))).to, 'a cookie not ours').toBe(
      refused,
    );
    expect((await back(address.replace('code=', 'code=x'), theirs.cookie)).to, 'another code').toBe(refused);
    const late = await start();
    const arrived = await house.visit(late.url, 'sub-1');
    expect((await back(arrived, late.cookie)).to).toBe('/console/');
    expect((await back(arrived, late.cookie)).to, 'the same code again').toBe(refused);
    const slow = await start();
    const slowly = await house.visit(slow.url, 'sub-1');
    rig.clock.advance(11 * 60_000);
    expect((await back(slowly, slow.cookie)).to, 'after its time').toBe(refused);
  });

  it('makes people of a group where the settings say so, and only for the municipalities it is for', async () => {
    await rig.close();
    await house.close();
    const roles = [{ value: 'totem-tecnici', role: 'technician' as const, tenantId: TENANT }];
    await open({ groups: { claim: 'groups', roles } });
    const { session } = await signIn('sub-3');
    expect(await who(session)).toMatchObject({
      user: 'mario.rossi',
      name: 'Mario Rossi',
      role: 'technician',
    });
    // what staff, or a group of before, said counts no longer
    const given = rig.store.of<PeopleTables>().updateTable('person').set({ centre_admin: 1 });
    await given.where('user_key', '=', 'mario.rossi').execute();
    expect(await who((await signIn('sub-3')).session)).toMatchObject({ role: 'technician' });
    expect((await signIn('sub-1')).to).toBe('/console/#/sign-in/SIGN_IN_REFUSED');
    await rig.close();
    await house.close();
    await open({ groups: { claim: 'groups', roles }, tenants: ['altrove'] });
    expect((await signIn('sub-3')).to).toBe('/console/#/sign-in/SIGN_IN_REFUSED');
  });

  it('says so where the provider does not answer', async () => {
    await house.close();
    expect((await start()).answer.raw.headers.location).toBe('/console/#/sign-in/PROVIDER_UNREACHABLE');
  });
});
