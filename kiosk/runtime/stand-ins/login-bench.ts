import type { LoginAction, Screen, SecretKey } from '@jolly/contracts/terminal-channel';
import { ManualClock, systemRandom } from '@jolly/contracts/values';
import { openLoginDesk, SecretPad } from '../citizens/index.ts';
import type { RuntimeConfig } from '../config/index.ts';
import type { Session } from '../session/index.ts';
import { FakeLoginServer, FakeReader } from './citizens.ts';
import { sessionBench, testConfig } from './sessions.ts';

/** Lets every promise that can be kept be kept. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A session with a login desk, a fake reader and a fake server, on a clock that only the test moves. */
export function loginBench(
  login: Partial<RuntimeConfig['login']> = {},
  prepare?: (reader: FakeReader) => void,
) {
  const config = testConfig();
  const full = {
    ...config,
    login: { ...config.login, ...login },
    devices: { ...config.devices, card: 'pcsc:none' },
  };
  const clock = new ManualClock();
  const reader = new FakeReader();
  prepare?.(reader);
  const server = new FakeLoginServer(clock);
  const loginLogs: unknown[] = [];
  let session: Session | undefined;
  const pad = new SecretPad({
    clock,
    present: () => session?.intent({ type: 'touched' }),
    uncovered: () => session?.asksSecret ?? false,
  });
  const logins = openLoginDesk({
    reader,
    fleet: server,
    pad,
    clock,
    random: systemRandom,
    place: full,
    settings: full.login,
    log: (event, detail) => loginLogs.push({ event, ...detail }),
  });
  const bench = sessionBench(full, logins, clock);
  session = bench.session;
  const running = bench.session;

  const key = (pressed: SecretKey['key'], field?: SecretKey['field']): void => {
    const screen = running.snapshot().screen;
    const asked = screen.name === 'login-secret' ? screen.field : 'cie-pin';
    pad.key({ type: 'secret', field: field ?? asked, key: pressed });
    clock.advance(100);
  };
  const choose = async (action: LoginAction): Promise<void> => {
    // later than any double press
    clock.advance(600);
    running.intent({ type: 'login', action });
    await settle();
  };
  return {
    ...bench,
    reader,
    server,
    pad,
    logins,
    loginLogs,
    key,
    choose,
    page: (): Screen => running.snapshot().screen,
    /** Types digits into the field that asks, and submits them. */
    type: async (digits: string): Promise<void> => {
      for (const digit of digits) key(digit);
      clock.advance(600);
      key('enter');
      await settle();
    },
    lay: async (kind?: 'cie' | 'cns', serial?: string): Promise<void> => {
      reader.lay(kind, serial);
      await settle();
    },
    take: async (): Promise<void> => {
      reader.take();
      await settle();
    },
  };
}
export type LoginBench = ReturnType<typeof loginBench>;

/** A bench on which a card was laid at home: the PIN is asked. */
export async function atPin(
  login: Partial<RuntimeConfig['login']> = {},
  kind: 'cie' | 'cns' = 'cie',
): Promise<LoginBench> {
  const bench = loginBench(login);
  await bench.lay(kind);
  return bench;
}

export async function signedIn(): Promise<LoginBench> {
  const bench = await atPin();
  await bench.type('73914826');
  return bench;
}
