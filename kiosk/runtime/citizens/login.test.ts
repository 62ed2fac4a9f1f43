import { Snapshot } from '@jolly/contracts/terminal-channel';
import { JollyError } from '@jolly/contracts/values';
import { cardError } from '@jolly/drivers/card';
import { describe, expect, it } from 'vitest';

import { atPin, INVENTED, loginBench, sessionBench, settle, signedIn, wrongPin } from '../stand-ins/index.ts';

const PIN = '73914826';
const unreachable = new JollyError(
  'SERVER_UNREACHABLE',
  { cause: 'silent', retry: 'later' },
  { why: 'timeout' },
);

describe('the way in', () => {
  it('asks for the card, looks at it, asks the server, then the PIN, and greets', async () => {
    const { session, page, lay, type, server, reader, uses } = loginBench();
    session.intent({ type: 'sign-in' });
    expect(page()).toMatchObject({
      name: 'login-card',
      stage: 'waiting',
      purpose: 'sign-in',
      cards: ['cie', 'cns'],
    });
    expect(reader.acts).toEqual([]);
    await lay();
    expect(server.requests).toMatchObject([{ method: 'cie-card-local', level: 'pin' }]);
    expect(page()).toMatchObject({ name: 'login-secret', field: 'cie-pin', entered: 0, canSubmit: false });
    await type(PIN);
    expect(reader.last.given).toEqual([PIN]);
    expect(page()).toEqual({
      name: 'signed-in',
      card: 'cie',
      takeCard: true,
      actions: ['continue', 'change-pin'],
    });
    const snapshot = Snapshot.parse(session.snapshot());
    expect(snapshot.citizen).toEqual({
      givenName: INVENTED.givenName,
      familyName: INVENTED.familyName,
      method: 'cie-card-local',
      level: 'pin',
    });
    expect(uses).toEqual(['login open', 'login use', 'login done']);
  });

  it('begins by itself when a card is laid at home', async () => {
    const { page } = await atPin();
    expect(page()).toMatchObject({ name: 'login-secret', field: 'cie-pin' });
  });

  it('takes a health card with a PIN of five to eight digits, and changes no PIN of it', async () => {
    const { page, type, key, server } = await atPin({}, 'cns');
    expect(page()).toMatchObject({ card: 'cns', field: 'cns-pin', length: { min: 5, max: 8 } });
    for (const digit of '7391') key(digit);
    expect(page()).toMatchObject({ entered: 4, canSubmit: false });
    await type('5');
    expect(server.proofs).toEqual(['cns-pin']);
    expect(page()).toMatchObject({ name: 'signed-in', actions: ['continue'] });
  });

  it('shows the steps of the card, and the server as the last one', async () => {
    const bench = await atPin();
    bench.reader.holding = true;
    await bench.type(PIN);
    bench.reader.last.options.onStep?.('channel', 1, 5);
    expect(bench.page()).toEqual({
      name: 'login-working',
      purpose: 'sign-in',
      card: 'cie',
      step: 'channel',
      progress: { done: 1, of: 6 },
    });
    let open = (): void => undefined;
    bench.server.hold = new Promise((resolve) => {
      open = resolve;
    });
    bench.reader.last.resolve();
    await settle();
    expect(bench.page()).toMatchObject({ step: 'server', progress: { done: 5, of: 6 } });
    open();
    await settle();
    expect(bench.page().name).toBe('signed-in');
  });

  it('is not there on a terminal without a reader', async () => {
    const { session } = sessionBench();
    expect(session.intent({ type: 'sign-in' })).toBe('dropped');
    expect(session.snapshot().place.signIn).toBe(false);
  });

  it('stays signed in over home and payments, until the session ends', async () => {
    const { session, page, choose, scan, take, server, clock } = await signedIn();
    await choose('continue');
    expect(page().name).toBe('home');
    expect(session.snapshot()).toMatchObject({ citizen: { givenName: INVENTED.givenName }, session: {} });
    scan('https://example.org');
    expect(session.snapshot()).toMatchObject({ screen: { name: 'pay-scan' }, citizen: {} });
    await take();
    session.intent({ type: 'leave' });
    expect(page().name).toBe('goodbye');
    expect(session.snapshot().citizen).toBeUndefined();
    await settle();
    expect(server.ended.map((token) => token.reveal())).toEqual(['T'.repeat(43)]);
    clock.advance(6000);
    expect(page().name).toBe('home');
    expect(JSON.stringify(session.snapshot())).not.toContain(INVENTED.familyName);
  });

  it('ends for the citizen when the server’s session ends', async () => {
    const { session, page, clock } = await signedIn();
    for (let minute = 0; minute < 15; minute++) {
      session.intent({ type: 'touched' });
      clock.advance(59_000);
    }
    session.intent({ type: 'touched' });
    clock.advance(16_000);
    expect(session.snapshot().citizen).toBeUndefined();
    expect(page().name).toBe('home');
  });

  it('goes without PIN where the municipality allows it, and nowhere else', async () => {
    const strict = await atPin();
    await strict.choose('without-pin');
    expect(strict.page().name).toBe('login-secret');
    const { page, choose, type, server } = await atPin({ withoutPin: true });
    await choose('without-pin');
    expect(page()).toMatchObject({ purpose: 'sign-in-without-pin', field: 'cie-can', length: { max: 6 } });
    await type('739148');
    expect(server.requests.at(-1)).toMatchObject({ level: 'card' });
    expect(server.proofs).toEqual(['cie-card']);
    expect(page().name).toBe('signed-in');
  });
});

describe('tries', () => {
  it('are told after a wrong PIN, and the PIN is asked again', async () => {
    const { page, type, reader } = await atPin();
    reader.failing = [wrongPin(2)];
    await type(PIN);
    expect(page()).toMatchObject({ name: 'login-secret', triesLeft: 2, notice: 'wrong', entered: 0 });
    expect(reader.count('signIn')).toBe(1);
  });

  it('are never doubled by ten taps', async () => {
    const { key, reader, pad, clock } = await atPin();
    reader.holding = true;
    for (const digit of PIN) key(digit);
    for (let tap = 0; tap < 10; tap++) {
      pad.key({ type: 'secret', field: 'cie-pin', key: 'enter' });
      clock.advance(60);
    }
    await settle();
    expect(reader.count('signIn')).toBe(1);
    reader.last.reject(wrongPin(2));
    await settle();
    expect(reader.count('signIn')).toBe(1);
  });

  it('before the last one must be confirmed, in a later login of the session too', async () => {
    const { page, type, choose, reader, session, clock } = await atPin();
    reader.failing = [wrongPin(1)];
    await type(PIN);
    expect(page()).toMatchObject({ name: 'login-last-try', field: 'cie-pin' });
    await type(PIN);
    expect(reader.count('signIn')).toBe(1);
    session.intent({ type: 'back' });
    expect(page().name).toBe('home');
    session.intent({ type: 'sign-in' });
    await settle();
    expect(page().name).toBe('login-last-try');
    clock.advance(1000);
    await choose('confirm-last-try');
    expect(page()).toMatchObject({ name: 'login-secret', triesLeft: 1 });
    await type(PIN);
    expect(reader.count('signIn')).toBe(2);
    expect(page().name).toBe('signed-in');
  });

  it('that may have counted are said, never sent again, and warned of', async () => {
    const { page, type, choose, reader } = await atPin();
    reader.failing = [wrongPin(2), cardError('PIN_UNCERTAIN')];
    await type(PIN);
    await type(PIN);
    expect(page()).toMatchObject({ name: 'login-problem', kind: 'pin-uncertain' });
    expect(reader.count('signIn')).toBe(2);
    await choose('try-again');
    expect(page().name).toBe('login-last-try');
    expect(reader.count('signIn')).toBe(2);
    await choose('confirm-last-try');
    expect(page()).not.toHaveProperty('triesLeft');
  });

  it('that may have counted are counted from the most a card has: the third is never sent unasked', async () => {
    const { page, type, choose, reader } = await atPin();
    reader.failing = [cardError('PIN_UNCERTAIN')];
    await type(PIN);
    await choose('try-again');
    expect(page().name).toBe('login-secret');
    reader.failing = [cardError('PIN_UNCERTAIN')];
    await type(PIN);
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-last-try', field: 'cie-pin' });
    await type(PIN);
    expect(reader.count('signIn')).toBe(2);
  });

  it.each(['cie', 'cns'] as const)(
    'that a %s counts without saying how many are left are counted too',
    async (kind) => {
      const { page, type, reader, choose } = await atPin({}, kind);
      reader.failing = [cardError('PIN_WRONG'), cardError('PIN_WRONG')];
      await type(PIN);
      expect(page()).toMatchObject({ name: 'login-secret', notice: 'wrong' });
      expect(page()).not.toHaveProperty('triesLeft');
      await type(PIN);
      expect(page().name).toBe('login-last-try');
      await choose('confirm-last-try');
      await type(PIN);
      expect(page().name).toBe('signed-in');
    },
  );

  it('of a PUK are counted from ten', async () => {
    const { page, type, reader, choose } = await atPin();
    reader.failing = [cardError('PIN_BLOCKED')];
    await type(PIN);
    await choose('unblock-pin');
    reader.failing = Array.from({ length: 9 }, () => cardError('PUK_WRONG'));
    for (let time = 1; time <= 9; time++) {
      expect(page()).toMatchObject({ name: 'login-secret', field: 'cie-puk' });
      for (const digits of ['11223344', '48261593', '48261593']) await type(digits);
    }
    expect(page()).toMatchObject({ name: 'login-last-try', field: 'cie-puk' });
  });

  it('are remembered for a card whose citizen leaves and comes back, until it takes its PIN', async () => {
    const { page, type, reader, session, take, lay, clock, choose } = await atPin();
    reader.failing = [wrongPin(1)];
    await type(PIN);
    session.intent({ type: 'leave' });
    await take();
    clock.advance(20_000);
    await lay('cie', 'another');
    expect(page().name).toBe('login-secret');
    session.intent({ type: 'leave' });
    await take();
    clock.advance(20_000);
    await lay();
    expect(page().name).toBe('login-last-try');
    await choose('confirm-last-try');
    // the number is of an earlier visit: the card may have been elsewhere since
    expect(page()).not.toHaveProperty('triesLeft');
    await type(PIN);
    expect(page().name).toBe('signed-in');
    session.intent({ type: 'leave' });
    await take();
    clock.advance(20_000);
    await lay();
    expect(page().name).toBe('login-secret');
  });

  it('of a card that does not come back are forgotten after some hours', async () => {
    const { page, type, reader, session, take, lay, clock } = await atPin();
    reader.failing = [wrongPin(1)];
    await type(PIN);
    session.intent({ type: 'leave' });
    await take();
    clock.advance(7 * 60 * 60 * 1000);
    await lay();
    expect(page().name).toBe('login-secret');
  });

  it('are used up: the PUK is offered for an identity card, the issuer is named for a health card', async () => {
    const cie = await atPin();
    cie.reader.failing = [cardError('PIN_BLOCKED')];
    await cie.type(PIN);
    expect(cie.page()).toMatchObject({
      name: 'login-problem',
      kind: 'pin-blocked',
      card: 'cie',
      actions: ['unblock-pin', 'finish', 'help'],
    });
    const cns = await atPin({}, 'cns');
    cns.reader.failing = [cardError('PIN_BLOCKED')];
    await cns.type(PIN);
    expect(cns.page()).toMatchObject({ kind: 'pin-blocked', card: 'cns', actions: ['finish', 'help'] });
  });

  it('of one card say nothing of another', async () => {
    const { page, type, reader, take, lay, choose } = await atPin();
    reader.failing = [wrongPin(1)];
    await type(PIN);
    await take();
    await lay('cie', 'another');
    expect(page()).toMatchObject({ name: 'login-problem', kind: 'card-other' });
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-secret' });
    expect(page()).not.toHaveProperty('triesLeft');
  });
});

describe('a card taken away', () => {
  const removed = { name: 'login-problem', kind: 'card-removed', actions: ['try-again', 'no-card', 'help'] };

  it('while it is looked at', async () => {
    const { reader, lay, page } = loginBench();
    reader.holding = true;
    await lay();
    expect(page()).toMatchObject({ stage: 'reading', progress: { done: 0, of: 2 } });
    reader.take();
    reader.last.reject(cardError('CARD_REMOVED'));
    await settle();
    expect(page()).toMatchObject(removed);
  });

  it('just when the look had ended', async () => {
    const { reader, lay, page, server } = loginBench();
    reader.holding = true;
    await lay();
    reader.take();
    reader.last.resolve();
    await settle();
    expect(page()).toMatchObject(removed);
    expect(server.requests).toEqual([]);
  });

  it('while the PIN is typed: the digits are gone, and try again goes on', async () => {
    const { page, take, lay, key, pad, choose, type } = await atPin();
    for (const digit of PIN) key(digit);
    await take();
    expect(page()).toMatchObject(removed);
    expect(pad.field).toBeUndefined();
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-card', stage: 'again' });
    await lay();
    expect(page()).toMatchObject({ name: 'login-secret', entered: 0 });
    await type(PIN);
    expect(page().name).toBe('signed-in');
  });

  it('and laid back goes on without a touch', async () => {
    const { page, take, lay } = await atPin();
    await take();
    await lay();
    expect(page().name).toBe('login-secret');
  });

  it('while it works: the card’s own word decides, not the reader’s', async () => {
    const { page, take, reader, type } = await atPin();
    reader.holding = true;
    await type(PIN);
    await take();
    expect(page().name).toBe('login-working');
    reader.last.reject(cardError('PIN_UNCERTAIN'));
    await settle();
    expect(page()).toMatchObject({ kind: 'pin-uncertain' });
    expect(reader.count('signIn')).toBe(1);
  });

  it('while the server judges changes nothing', async () => {
    const { page, take, server, type } = await atPin();
    let open = (): void => undefined;
    server.hold = new Promise((resolve) => {
      open = resolve;
    });
    await type(PIN);
    await take();
    open();
    await settle();
    expect(page()).toMatchObject({ name: 'signed-in', takeCard: false });
  });

  it('after a wrong PIN keeps the count', async () => {
    const { page, take, reader, type, lay } = await atPin();
    reader.holding = true;
    await type(PIN);
    await take();
    reader.last.reject(wrongPin(1));
    await settle();
    expect(page()).toMatchObject(removed);
    reader.holding = false;
    await lay();
    expect(page().name).toBe('login-last-try');
  });
});

describe('what a reader and a card can do wrong', () => {
  it.each([
    ['CARD_MUTE', 'card-unreadable'],
    ['CARD_RESET', 'card-unreadable'],
    ['CARD_BUSY', 'card-unreadable'],
    ['CARD_SLOW', 'card-slow'],
    ['READER_LOST', 'reader-unavailable'],
    ['CARD_UNKNOWN', 'card-unknown'],
    ['CARD_ANSWER_INVALID', 'card-unreadable'],
    ['CARD_REFUSED', 'card-unreadable'],
    ['CARD_CHANNEL_BROKEN', 'card-unreadable'],
    ['CARD_NOT_GENUINE', 'card-not-genuine'],
    ['CARD_REMOVED', 'card-removed'],
  ] as const)('%s is said as %s, at the look and at the PIN, with a way on', async (code, kind) => {
    const { page, lay, reader, choose, type, session } = loginBench();
    reader.failing = [cardError(code)];
    await lay();
    const first = page();
    expect(first).toMatchObject({ name: 'login-problem', kind });
    expect(Snapshot.safeParse(session.snapshot()).error).toBeUndefined();
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-secret' });
    reader.failing = [cardError(code)];
    await type(PIN);
    expect(page()).toMatchObject({ name: 'login-problem', kind, card: 'cie' });
    expect(reader.count('signIn')).toBe(1);
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-secret', entered: 0 });
  });

  it('two cards are said, then lifted', async () => {
    const { page, session, reader, choose, lay } = loginBench();
    session.intent({ type: 'sign-in' });
    reader.show({ state: 'several' });
    expect(page()).toMatchObject({ name: 'login-problem', kind: 'card-two' });
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-card', stage: 'take-off' });
    await lay();
    expect(page().name).toBe('login-secret');
  });

  it('a second card while the PIN is typed sends nothing', async () => {
    const { page, reader, key } = await atPin();
    for (const digit of PIN) key(digit);
    reader.show({ state: 'several' });
    key('enter');
    await settle();
    expect(page()).toMatchObject({ kind: 'card-two' });
    expect(reader.count('signIn')).toBe(0);
  });

  it('a mute card is said', async () => {
    const { page, session, reader } = loginBench();
    session.intent({ type: 'sign-in' });
    reader.show({ state: 'mute' });
    expect(page()).toMatchObject({ kind: 'card-unreadable' });
  });

  it('a missing reader is said, and tried again when it is back', async () => {
    const { page, session, reader, choose } = loginBench();
    reader.show({ state: 'unavailable', reason: 'no-readers' });
    session.intent({ type: 'sign-in' });
    expect(page()).toMatchObject({ kind: 'reader-unavailable' });
    reader.show({ state: 'none' });
    await choose('try-again');
    expect(page()).toMatchObject({ name: 'login-card', stage: 'again' });
  });

  it('a driver that throws what it should not ends in a page', async () => {
    const { page, type, reader, loginLogs } = await atPin();
    reader.failing = [new TypeError('boom')];
    await type(PIN);
    expect(page()).toMatchObject({ name: 'login-problem', kind: 'pin-uncertain' });
    expect(JSON.stringify(loginLogs)).toContain('login-fault');
  });
});

describe('the server', () => {
  it('that cannot be reached is said before any PIN is asked', async () => {
    const { page, lay, server, reader, choose } = loginBench();
    server.failing = unreachable;
    await lay();
    expect(page()).toMatchObject({ name: 'login-problem', kind: 'server-unreachable' });
    expect(reader.count('signIn')).toBe(0);
    server.failing = undefined;
    await choose('try-again');
    expect(page().name).toBe('login-secret');
  });

  it('is asked anew when the PIN was typed slowly, and the PIN is sent once', async () => {
    const { page, key, server, reader, clock, session } = await atPin();
    for (const digit of PIN) key(digit);
    clock.advance(55_000);
    session.intent({ type: 'touched' });
    clock.advance(50_000);
    key('enter');
    await settle();
    expect(server.requests).toHaveLength(2);
    expect(reader.last.given).toEqual([PIN]);
    expect(reader.count('signIn')).toBe(1);
    expect(page().name).toBe('signed-in');
  });

  it('that fell silent while the PIN was typed costs no try', async () => {
    const { page, key, server, reader, clock, session } = await atPin();
    for (const digit of PIN) key(digit);
    clock.advance(55_000);
    session.intent({ type: 'touched' });
    clock.advance(50_000);
    server.failing = unreachable;
    key('enter');
    await settle();
    expect(page()).toMatchObject({ kind: 'server-unreachable' });
    expect(reader.count('signIn')).toBe(0);
  });

  it('keeps its challenge over a wrong PIN', async () => {
    const { type, reader, server } = await atPin();
    reader.failing = [wrongPin(2)];
    await type(PIN);
    await type(PIN);
    expect(server.requests).toHaveLength(1);
    expect(server.proofs).toHaveLength(1);
  });

  it.each([
    ['challenge-unknown', 'server-unreachable'],
    ['challenge-expired', 'server-unreachable'],
    ['method-not-accepted', 'method-not-accepted'],
    ['signature-wrong', 'card-not-verified'],
    ['certificate-unreadable', 'card-not-verified'],
    ['certificate-untrusted', 'card-not-verified'],
    ['certificate-expired', 'card-expired'],
    ['certificate-revoked', 'card-revoked'],
    ['revocation-unknown', 'server-unreachable'],
    ['sod-untrusted', 'card-not-genuine'],
    ['sod-mismatch', 'card-not-genuine'],
    ['document-expired', 'card-expired'],
    ['identity-unreadable', 'card-not-verified'],
  ] as const)('that says %s is heard as %s, and nobody is signed in', async (problem, kind) => {
    const { page, type, server, session } = await atPin();
    server.answer = { result: 'refused', problem };
    await type(PIN);
    expect(page()).toMatchObject({ name: 'login-problem', kind });
    // the same card would be refused again: its owner is first told what can be done without it
    const screen = page();
    if (kind.startsWith('card-'))
      expect('actions' in screen && screen.actions.slice(0, 2)).toEqual(['no-card', 'try-again']);
    expect(session.snapshot().citizen).toBeUndefined();
  });

  it('that does not take this way is heard before the PIN', async () => {
    const { page, lay, server } = loginBench();
    const refused = { code: 'LOGIN_NOT_ACCEPTED', status: 403 };
    server.failing = new JollyError('SERVER_REFUSED', { cause: 'refused', retry: 'no' }, refused);
    await lay();
    expect(page()).toMatchObject({ kind: 'method-not-accepted' });
  });

  it('is not asked for a card that this terminal does not take', async () => {
    const { page, lay, server } = loginBench({ methods: ['cie-card-local'] });
    await lay('cns');
    expect(page()).toMatchObject({ kind: 'method-not-accepted', card: 'cns' });
    expect(server.requests).toEqual([]);
  });

  it('that verifies whom nobody waits for any more is told to forget them', async () => {
    const { type, server, session, logins } = await atPin();
    let open = (): void => undefined;
    server.hold = new Promise((resolve) => {
      open = resolve;
    });
    await type(PIN);
    session.intent({ type: 'leave' });
    open();
    await settle();
    expect(session.snapshot().citizen).toBeUndefined();
    expect(logins.signedIn).toBeUndefined();
    expect(server.ended).toHaveLength(1);
  });
});

describe('a new PIN', () => {
  async function atOldPin() {
    const bench = await signedIn();
    await bench.choose('change-pin');
    expect(bench.page()).toMatchObject({ name: 'login-secret', purpose: 'change-pin', field: 'cie-pin' });
    return bench;
  }

  it('is typed twice and set once', async () => {
    const { page, type, reader, choose, session } = await atOldPin();
    await type(PIN);
    expect(page()).toMatchObject({ field: 'cie-new-pin' });
    await type('48261593');
    expect(page()).toMatchObject({ field: 'cie-new-pin-again' });
    expect(reader.count('changePin')).toBe(0);
    await type('48261593');
    expect(reader.last.given).toEqual([PIN, '48261593']);
    expect(page()).toMatchObject({ name: 'pin-done', what: 'changed' });
    await choose('continue');
    expect(page().name).toBe('home');
    expect(session.snapshot().citizen).toBeDefined();
  });

  it.each([
    [PIN, 'same-as-before'],
    ['12345678', 'too-simple'],
    ['98765432', 'too-simple'],
    ['55555555', 'too-simple'],
    ['90123456', 'too-simple'],
    ['12121212', 'too-simple'],
    ['27182718', 'too-simple'],
  ] as const)('that is %s is asked again: %s', async (digits, notice) => {
    const { page, type, reader } = await atOldPin();
    await type(PIN);
    await type(digits);
    expect(page()).toMatchObject({ field: 'cie-new-pin', notice, entered: 0 });
    expect(reader.count('changePin')).toBe(0);
  });

  it('that is not the same twice is asked again from the first', async () => {
    const { page, type, reader } = await atOldPin();
    await type(PIN);
    await type('48261593');
    await type('48261594');
    expect(page()).toMatchObject({ field: 'cie-new-pin', notice: 'not-the-same' });
    await type('48261593');
    await type('48261593');
    expect(reader.count('changePin')).toBe(1);
    expect(page().name).toBe('pin-done');
  });

  it('with a wrong old one starts from the old one', async () => {
    const { page, type, reader } = await atOldPin();
    reader.failing = [cardError('PIN_WRONG', { triesLeft: 2 })];
    await type('11223344');
    await type('48261593');
    await type('48261593');
    expect(page()).toMatchObject({ field: 'cie-pin', notice: 'wrong', triesLeft: 2 });
  });

  it('is set with the PUK when the old one is blocked, then signs in', async () => {
    const { page, type, choose, reader } = await atPin();
    reader.failing = [cardError('PIN_BLOCKED')];
    await type(PIN);
    await choose('unblock-pin');
    expect(page()).toMatchObject({ field: 'cie-puk', purpose: 'unblock-pin' });
    reader.failing = [cardError('PUK_WRONG', { triesLeft: 9 })];
    for (const digits of ['11223344', '48261593', '48261593']) await type(digits);
    expect(page()).toMatchObject({ field: 'cie-puk', notice: 'wrong', triesLeft: 9 });
    for (const digits of ['92837465', '48261593', '48261593']) await type(digits);
    expect(reader.last.given).toEqual(['92837465', '48261593']);
    expect(page()).toMatchObject({ name: 'pin-done', what: 'unblocked' });
    await choose('continue');
    expect(page()).toMatchObject({ purpose: 'sign-in', field: 'cie-pin' });
  });

  it('is not for a health card', async () => {
    const { page, session, choose, lay } = loginBench();
    session.intent({ type: 'sign-in' });
    await choose('forgot-pin');
    expect(page()).toEqual({
      name: 'login-other-ways',
      about: 'forgot-pin',
      actions: ['unblock-pin', 'try-again', 'help'],
    });
    await choose('unblock-pin');
    await lay('cns');
    expect(page()).toMatchObject({ kind: 'method-not-accepted', card: 'cns', purpose: 'unblock-pin' });
    await choose('try-again');
    expect(page()).toMatchObject({ kind: 'method-not-accepted' });
  });
});

describe('pages beside the way', () => {
  it('lead back to where the citizen was', async () => {
    const { page, session, choose, clock } = loginBench();
    session.intent({ type: 'sign-in' });
    await choose('no-card');
    expect(page()).toMatchObject({ name: 'login-other-ways', about: 'no-card' });
    session.intent({ type: 'back' });
    expect(page()).toMatchObject({ name: 'login-card', stage: 'waiting' });
    await choose('help');
    expect(page().name).toBe('login-card');
    session.intent({ type: 'help' });
    expect(page().name).toBe('help');
    session.intent({ type: 'back' });
    expect(page().name).toBe('login-card');
    clock.advance(600);
    session.intent({ type: 'back' });
    expect(page().name).toBe('home');
  });

  it('tell in help what to read out', async () => {
    const { page, lay, reader, choose } = loginBench();
    reader.failing = [cardError('CARD_MUTE')];
    await lay();
    await choose('help');
    expect(page()).toEqual({ name: 'help', supportCode: 'PO-001-CARD-MUTE' });
  });

  it('of help give way when a card is laid', async () => {
    const { page, session, lay } = loginBench();
    session.intent({ type: 'sign-in' });
    session.intent({ type: 'help' });
    await lay();
    expect(page().name).toBe('login-secret');
  });

  it('change their language in the middle, and keep the digits', async () => {
    const { page, session, key, type, reader } = await atPin();
    for (const digit of PIN.slice(0, 4)) key(digit);
    session.intent({ type: 'open-languages' });
    key('9');
    session.intent({ type: 'set-language', language: 'en' });
    expect(session.snapshot().preferences.language).toBe('en');
    expect(page()).toMatchObject({ name: 'login-secret', entered: 4 });
    await type(PIN.slice(4));
    expect(reader.last.given).toEqual([PIN]);
  });

  it('shuffle the pad only where the municipality asks, and never while it is read aloud', async () => {
    const fixed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
    expect((await atPin()).page()).toMatchObject({ layout: fixed });
    const orders = new Set<string>();
    for (let time = 0; time < 5; time++) {
      const { page, session } = await atPin({ shufflePad: true });
      const screen = page();
      if (screen.name !== 'login-secret') throw new Error('no pad');
      expect([...screen.layout].sort()).toEqual([...fixed].sort());
      orders.add(screen.layout.join());
      session.intent({ type: 'toggle-listen' });
      expect(page()).toMatchObject({ layout: fixed });
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('who goes away', () => {
  it('in the middle of a PIN is warned, and leaves nothing', async () => {
    const { session, page, key, clock, pad, take, reader } = await atPin();
    for (const digit of PIN) key(digit);
    clock.advance(60_000);
    expect(session.snapshot().idle).toMatchObject({ money: 'nothing-charged' });
    key('enter');
    await settle();
    expect(reader.count('signIn')).toBe(0);
    await take();
    expect(page()).toMatchObject({ kind: 'card-removed' });
    clock.advance(40_000);
    expect(page().name).toBe('home');
    expect(pad.field).toBeUndefined();
  });

  it('has no time running while the card works', async () => {
    const { session, reader, type, clock, page } = await atPin();
    reader.holding = true;
    await type(PIN);
    clock.advance(300_000);
    expect(session.snapshot()).toMatchObject({ screen: { name: 'login-working' } });
    expect(session.snapshot().idle).toBeUndefined();
    for (const intent of ['back', 'help', 'start-over'] as const)
      expect(session.intent({ type: intent })).toBe('dropped');
    reader.last.resolve();
    await settle();
    expect(page().name).toBe('signed-in');
  });

  it('while the card works leaves when the card has ended', async () => {
    const { session, reader, type, page, server, take } = await atPin();
    reader.holding = true;
    await type(PIN);
    expect(session.snapshot().session).toMatchObject({ canLeave: true });
    expect(session.intent({ type: 'leave' })).toBe('taken');
    expect(page().name).toBe('login-working');
    reader.last.reject(wrongPin(2));
    await take();
    expect(page().name).toBe('goodbye');
    expect(server.proofs).toEqual([]);
  });

  it('leaves the buffers wiped only after the card is done with them', async () => {
    const { reader, type, logins, session } = await atPin();
    reader.holding = true;
    let seen = '';
    const plain = reader.signIn;
    reader.signIn = async (pin, context, options) => {
      const answer = await plain(pin, context, options);
      seen = new TextDecoder().decode(pin.ascii());
      return answer;
    };
    await type(PIN);
    session.close();
    logins.end();
    await settle();
    reader.last.resolve();
    await settle();
    expect(seen).toBe(PIN);
  });
});

describe('a card left on the reader', () => {
  it('is called for after the logout, until it is taken', async () => {
    const { session, page, take, clock, server, logins } = await signedIn();
    session.intent({ type: 'set-language', language: 'en' });
    session.intent({ type: 'leave' });
    expect(page()).toEqual({ name: 'card-left', secondsLeft: 30, secondsTotal: 30, card: 'cie' });
    const snapshot = session.snapshot();
    expect([snapshot.citizen, snapshot.session]).toEqual([undefined, undefined]);
    expect(snapshot.preferences.language).toBe('en');
    expect(server.ended).toHaveLength(1);
    expect(logins.card).toBe('left');
    clock.advance(5000);
    expect(page()).toMatchObject({ secondsLeft: 25 });
    await take();
    expect(page().name).toBe('home');
    expect(session.snapshot().preferences.language).toBe('it');
    expect(logins.card).toBe('none');
  });

  it('is called for by its kind also when nobody signed in with it, and by none when it was not looked at', async () => {
    const { session, page, reader, lay } = await atPin({}, 'cns');
    session.intent({ type: 'leave' });
    expect(page()).toMatchObject({ name: 'card-left', card: 'cns' });
    reader.holding = true;
    const other = loginBench();
    other.reader.holding = true;
    await other.lay();
    expect(other.page()).not.toHaveProperty('card');
    other.session.intent({ type: 'leave' });
    expect(other.page().name).toBe('card-left');
    expect(other.page()).not.toHaveProperty('card');
    await lay('cie', 'next');
    expect(page()).not.toHaveProperty('card');
  });

  it('must be lifted by the next citizen, whose own then starts by itself', async () => {
    const { session, page, take, lay, clock, logins, reader } = await signedIn();
    session.intent({ type: 'leave' });
    clock.advance(30_000);
    expect(page().name).toBe('home');
    expect(logins.card).toBe('left');
    session.intent({ type: 'sign-in' });
    await settle();
    expect(page()).toMatchObject({ name: 'login-card', stage: 'take-off', card: 'cie' });
    expect(reader.count('look')).toBe(1);
    await take();
    expect(page()).toMatchObject({ stage: 'waiting' });
    await lay('cie', 'another');
    expect(page().name).toBe('login-secret');
  });

  it('by who walked away is called for too', async () => {
    const { clock, page, session } = await signedIn();
    clock.advance(100_000);
    expect(page().name).toBe('card-left');
    expect(session.snapshot().citizen).toBeUndefined();
    clock.advance(30_000);
    expect(page().name).toBe('home');
  });

  it('by nobody: the next card, laid during the goodbye, begins the next login', async () => {
    const { session, page, take, lay, uses } = await signedIn();
    session.intent({ type: 'set-language', language: 'en' });
    await take();
    session.intent({ type: 'leave' });
    expect(page().name).toBe('goodbye');
    await lay('cie', 'another');
    expect(page().name).toBe('login-secret');
    expect(session.snapshot()).toMatchObject({ preferences: { language: 'it' }, session: {} });
    expect(session.snapshot().citizen).toBeUndefined();
    expect(uses.slice(-2)).toEqual(['login open', 'login use']);
  });

  it('before the terminal started is not looked at', async () => {
    const { page, session, reader } = loginBench({}, (before) => before.lay());
    await settle();
    expect(page().name).toBe('home');
    session.intent({ type: 'sign-in' });
    await settle();
    expect(page()).toMatchObject({ stage: 'take-off' });
    expect(reader.acts).toEqual([]);
    session.intent({ type: 'leave' });
    expect(page().name).toBe('goodbye');
  });
});

describe('the desk', () => {
  it('runs one act at a time, and throws away what comes too late', async () => {
    const { session, reader, lay, page, take } = loginBench();
    reader.holding = true;
    await lay();
    session.intent({ type: 'back' });
    session.intent({ type: 'sign-in' });
    await settle();
    expect(reader.count('look')).toBe(1);
    const first = reader.last;
    await take();
    first.resolve();
    await settle();
    expect(reader.count('look')).toBe(2);
    reader.last.reject(cardError('CARD_REMOVED'));
    await settle();
    expect(page()).toMatchObject({ kind: 'card-removed' });
  });

  it('logs neither digits nor people', async () => {
    const { loginLogs, logs, choose, type, session, server } = await signedIn();
    await choose('change-pin');
    for (const digits of [PIN, '48261593', '48261593']) await type(digits);
    session.intent({ type: 'leave' });
    await settle();
    const text = JSON.stringify([loginLogs, logs]);
    for (const word of [PIN, '48261593', INVENTED.fiscalCode, INVENTED.familyName, INVENTED.nis])
      expect(text).not.toContain(word);
    expect(text).not.toContain(server.ended[0]?.reveal());
  });

  it('lets go of everything when it is closed', async () => {
    const { logins, session, reader, clock, server } = await signedIn();
    session.close();
    await logins.close();
    expect(reader.watched).toBe(false);
    expect(server.ended).toHaveLength(1);
    clock.advance(10_000_000);
    expect(logins.citizen).toBeUndefined();
  });
});
