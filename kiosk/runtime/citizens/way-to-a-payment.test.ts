import { describe, expect, it } from 'vitest';
import { atPin, loginBench, settle, signedIn } from '../stand-ins/index.ts';

const QR = 'PAGOPA|002|302000100000000001|84006890481|12345';
const PIN = '73914826';

describe('a notice shown to the greeting', () => {
  it('is paid, as from home, by who is signed in', async () => {
    const bench = await signedIn();
    expect(bench.listening()).toBe(true);
    bench.scan(QR);
    expect(bench.page().name).toBe('pay-verifying');
    expect(bench.desk.payments).toHaveLength(1);
    expect(bench.session.snapshot().citizen).toBeDefined();
    expect(bench.server.ended).toEqual([]);
    expect(bench.uses.slice(3)).toEqual(['pagopa open', 'pagopa use']);
  });

  it('is paid from a finished PIN change too', async () => {
    const bench = await signedIn();
    await bench.choose('change-pin');
    for (const digits of [PIN, '52806194', '52806194']) await bench.type(digits);
    expect(bench.page().name).toBe('pin-done');
    bench.scan(QR);
    expect(bench.page().name).toBe('pay-verifying');
    expect(bench.session.snapshot().citizen).toBeDefined();
  });

  it('is refused with its reason where the code is no notice, and says why nothing can be paid', async () => {
    const other = await signedIn();
    other.scan('https://example.org');
    expect(other.page()).toMatchObject({ name: 'pay-scan', refused: expect.any(String) });
    const blocked = await signedIn();
    blocked.session.limitations(['payments-offline']);
    blocked.scan(QR);
    expect(blocked.page()).toMatchObject({ name: 'problem', kind: 'network-down' });
  });

  it('is not listened for while the PIN is asked, nor where nobody is signed in', async () => {
    const bench = await atPin();
    expect(bench.listening()).toBe(false);
    await bench.choose('forgot-pin');
    expect(bench.listening()).toBe(false);
  });
});

describe('who has no card', () => {
  const atOtherWays = async () => {
    const bench = loginBench();
    bench.session.intent({ type: 'sign-in' });
    await bench.choose('no-card');
    expect(bench.page()).toMatchObject({ name: 'login-other-ways', about: 'no-card' });
    return bench;
  };

  it.each([
    ['start-payment', [], 'pay-scan'],
    ['start-payment', ['barcode-unavailable'], 'pay-type'],
    ['start-payment', ['pos-unavailable'], 'problem'],
    ['type-notice', [], 'pay-type'],
  ] as const)('pays all the same (%s, %j)', async (type, limitations, name) => {
    const bench = await atOtherWays();
    bench.session.limitations(limitations);
    expect(bench.session.intent({ type })).toBe('taken');
    expect(bench.page().name).toBe(name);
    await settle();
    expect(bench.uses.slice(0, 2)).toEqual(['login open', 'login abandon']);
  });

  it('is not who forgot the PIN of a card that is asked for', async () => {
    const bench = await atPin();
    await bench.choose('forgot-pin');
    expect(bench.session.intent({ type: 'start-payment' })).toBe('dropped');
  });
});

it('says that leaving waits for the card, and leaves when it has done', async () => {
  const bench = await atPin();
  bench.reader.holding = true;
  await bench.type(PIN);
  expect(bench.session.snapshot().session?.leaving).toBeUndefined();
  bench.session.intent({ type: 'leave' });
  expect(bench.page().name).toBe('login-working');
  expect(bench.session.snapshot().session?.leaving).toBe(true);
  bench.reader.last.resolve();
  await settle();
  expect(bench.page().name).toBe('card-left');
  expect(bench.session.snapshot().session).toBeUndefined();
});
