import { X509Certificate } from 'node:crypto';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { isJollyError, SecretDigits, systemClock } from '@jolly/contracts/values';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, createCards, type EmulatedCard } from '../../../simulators/card/index.ts';
import { DeviceRegistry } from '../../registry/index.ts';
import { cardError } from '../errors.ts';
import type { Presence } from '../port.ts';
import type { CardInHand, ReaderStack, ReaderStackEvents, Slot } from '../reader/index.ts';
import { ReaderDevice, registerCard } from './index.ts';

const context: LoginContext = {
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
};
const VERIFY = 0x20;

let cards: Cards;
let anchors: readonly X509Certificate[];
beforeAll(async () => {
  cards = await createCards();
  anchors = [new X509Certificate(cards.authority.anchors.csca)];
});

function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}

type Spoil = (answer: Uint8Array, apdu: Uint8Array) => Uint8Array;

/** Readers made of nothing: cards are laid and taken by the test. */
class FakeStack implements ReaderStack {
  readonly uri = 'vpcd+tcp://127.0.0.1:1';
  readonly counters = { transactions: 0, apdus: 0 };
  readonly ins: number[] = [];
  spoil: Spoil = (answer) => answer;
  /** What another program did with the card before each act; it left it as it was, without a reset. */
  foreign: ((card: EmulatedCard) => void) | undefined;
  /** First command of each transaction, in hexadecimal. */
  readonly first: string[] = [];
  slots: readonly Slot[] = [];
  closed = false;
  readonly #cards = new Map<number, EmulatedCard>();
  #events: ReaderStackEvents | undefined;
  #insertion = 0;

  start(events: ReaderStackEvents): void {
    this.#events = events;
    this.#show([]);
  }

  #show(slots: readonly Slot[]): void {
    this.slots = slots;
    this.#events?.slots(slots);
  }

  empty(...names: string[]): void {
    this.#show(names.map((name) => ({ name, state: 'empty', atr: undefined, insertion: 0 })));
  }

  lay(...laid: (EmulatedCard | 'mute')[]): void {
    this.#show(
      laid.map((card, at) => {
        this.#insertion += 1;
        const mute = card === 'mute';
        if (!mute) this.#cards.set(this.#insertion, card);
        const atr = mute ? undefined : card.atr;
        return { name: `reader ${at}`, state: mute ? 'mute' : 'card', atr, insertion: this.#insertion };
      }),
    );
  }

  /** Another card, and the reader did not notice. */
  swap(card: EmulatedCard): void {
    this.#cards.set(this.#insertion, card);
  }

  trouble(reason: string | undefined): void {
    this.#events?.trouble(reason);
  }

  async withCard<T>(
    insertion: number,
    act: (card: CardInHand) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const slot = this.slots.find((one) => one.insertion === insertion);
    const card = this.#cards.get(insertion);
    if (!slot || !card) throw cardError('CARD_REMOVED');
    this.counters.transactions += 1;
    if (this.foreign) this.foreign(card);
    else card.power(true);
    let count = 0;
    return act({
      slot,
      protocol: 'T=1',
      transmit: async (apdu) => {
        if (signal?.aborted) throw cardError('CARD_SLOW');
        this.counters.apdus += 1;
        this.ins.push(apdu[1] ?? 0);
        count += 1;
        if (count === 1) this.first.push(Buffer.from(apdu).toString('hex'));
        return Uint8Array.from(this.spoil(card.answer(Uint8Array.from(apdu)), apdu));
      },
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const opened: ReaderDevice[] = [];
afterEach(async () => {
  for (const device of opened.splice(0)) await device.close();
});

function reader() {
  const stack = new FakeStack();
  const log: string[] = [];
  const write = (event: string, detail: object = {}) => log.push(`${event} ${JSON.stringify(detail)}`);
  const device = new ReaderDevice(stack, { clock: systemClock, log: write }, { anchors });
  opened.push(device);
  const seen: Presence[] = [];
  device.onPresence((presence) => seen.push(presence));
  return { stack, device, seen, log };
}

const failure = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error: unknown) => (isJollyError(error) ? error.code : String(error)),
  );

describe('what lies on the readers', () => {
  it('is none, one, several or mute, and each change is said once', () => {
    const { stack, device, seen } = reader();
    stack.empty('a', 'b');
    stack.empty('a', 'b');
    stack.lay('mute');
    stack.lay('mute', 'mute');
    stack.trouble('service-stopped');
    stack.empty();
    expect(seen.map(({ state }) => state)).toEqual(['none', 'mute', 'several', 'unavailable']);
    expect(device.presence()).toEqual({ state: 'unavailable', reason: 'service-stopped' });
    expect(device.health()).toMatchObject({ state: 'unavailable', reasons: ['service-stopped'] });
    stack.trouble(undefined);
    stack.empty('a');
    expect(device.health()).toMatchObject({ state: 'ready', reasons: [] });
  });

  it('decides whether an act may begin', async () => {
    const { stack, device } = reader();
    expect(await failure(device.look())).toBe('READER_LOST');
    stack.empty('a');
    expect(await failure(device.look())).toBe('CARD_REMOVED');
    stack.lay(await cards.card('giulia'), await cards.card('marco'));
    expect(await failure(device.look())).toBe('CARD_MUTE');
    expect(stack.counters.transactions).toBe(0);
  });
});

describe('a card', () => {
  it.each([
    ['giulia', '27182818', 'cie-pin'],
    ['marco', '16180339', 'cie-pin'],
    ['lucia', undefined, 'cns-pin'],
    ['old-cns', undefined, 'cns-pin'],
  ] as const)('of %s is looked at and signs in', async (id, pin, kind) => {
    const { stack, device, log } = reader();
    const citizen = cards.citizens.find((one) => one.id === id);
    stack.lay(await cards.card(id));
    const { sameness } = await device.look();
    const steps: string[] = [];
    const options = { sameness, onStep: (step: string) => steps.push(step) };
    const proof = await device.signIn(digits(pin ?? citizen?.pin ?? ''), context, options);
    expect(proof.kind).toBe(kind);
    expect(steps).toEqual(expect.arrayContaining(['secret', 'certificate', 'signature']));
    expect(stack.ins.filter((ins) => ins === VERIFY).length).toBe(1);
    const written = log.join('\n');
    for (const personal of [citizen?.fiscalCode, citizen?.surname, citizen?.pin, sameness]) {
      expect(written).not.toContain(personal ?? 'nobody');
    }
    if (citizen?.card === 'cie') expect(written).not.toContain(citizen.nis);
  });

  it('is the same after it was lifted, and not the same as another', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('giulia'));
    const first = await device.look();
    stack.lay(await cards.card('giulia'));
    const again = await device.look();
    expect(again.sameness).toBe(first.sameness);
    expect(again.insertion).not.toBe(first.insertion);
    for (const other of ['marco', 'lucia']) {
      const citizen = cards.citizens.find(({ id }) => id === other);
      stack.lay(await cards.card(other));
      stack.ins.length = 0;
      const signing = device.signIn(digits(citizen?.pin ?? ''), context, { sameness: first.sameness });
      expect(await failure(signing)).toBe('CARD_REMOVED');
      expect(stack.ins).not.toContain(VERIFY);
    }
    const elsewhere = reader();
    elsewhere.stack.lay(await cards.card('giulia'));
    expect((await elsewhere.device.look()).sameness).not.toBe(first.sameness);
  });

  it('is recognised again before its PIN, were it changed under the reader', async () => {
    for (const [id, other] of [
      ['lucia', 'old-cns'],
      ['giulia', 'marco'],
      ['lucia', 'giulia'],
      ['giulia', 'lucia'],
    ] as const) {
      const { stack, device } = reader();
      stack.lay(await cards.card(id));
      const { sameness } = await device.look();
      stack.swap(await cards.card(other));
      const pin = cards.citizens.find((one) => one.id === id)?.pin ?? '';
      for (const options of [{ sameness }, {}]) {
        const outcome = await failure(device.signIn(digits(pin), context, options));
        expect([id, other, outcome]).toEqual([id, other, expect.stringMatching(/^CARD_(REMOVED|UNKNOWN)$/)]);
      }
      expect(stack.ins).not.toContain(VERIFY);
    }
  });

  it('identifies its holder by the six digits', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('giulia'));
    const proof = await device.identify(digits('482913'), context);
    // What was given out is the caller's: taking the card away does not touch it.
    stack.empty('a');
    expect(proof.kind === 'cie-card' && proof.antiCloneKey[0]).toBe(0x30);
    expect(proof.kind === 'cie-card' && proof.sod[0]).toBe(0x77);
    stack.lay(await cards.card('giulia'));
    expect(await failure(device.identify(digits('000000'), context))).toBe('CAN_WRONG');
    expect(await failure(device.identify(digits('48291'), context))).toBe('SECRET_MALFORMED');
  });

  it('changes its PIN and is unblocked; a health card is not', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('giulia', {}));
    expect(await failure(device.changePin(digits('27182818'), digits('11112222')))).toBe('done');
    expect(await failure(device.unblockPin(digits('31415926'), digits('33334444')))).toBe('done');
    expect(await failure(device.signIn(digits('33334444'), context))).toBe('done');
    stack.lay(await cards.card('lucia'));
    expect(await failure(device.changePin(digits('27182818'), digits('11112222')))).toBe('CARD_REFUSED');
  });
});

describe('a card that another program used in between', () => {
  /** SELECT of the root by name (CIE) or of the master file. */
  const ROOT = /^00a4(04..0da0000000308000000009816001|0000023f00)/;
  const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
  const left = {
    'in the travel document': ['00a4040c07a0000002471001'],
    'in the middle of PACE': [
      '00a4000c023f00',
      '0022c1a40f800a04007f00070202040204830102',
      '10860000027c0000',
    ],
    'in a file': ['00a4040c0da0000000308000000009816001', '00a4040c06a00000000039', '00b0850010'],
    'in the middle of a chain': [
      '00a4040c0da0000000308000000009816001',
      '10220000017f',
      '102a009e0400000000',
    ],
    'in another folder': ['00a40000023f00', '00a40000021100', '00a40000021102', '00b0000008'],
    'with its own PIN verified': ['002000100832343638' + '30ffffff'],
  };

  it.each(Object.entries(left))('%s is begun with from its root: every act', async (_, commands) => {
    for (const id of ['giulia', 'lucia'] as const) {
      const { stack, device } = reader();
      const card = await cards.card(id);
      const pin = cards.citizens.find((one) => one.id === id)?.pin ?? '';
      stack.lay(card);
      stack.foreign = (used) => {
        for (const command of commands) used.answer(hex(command));
      };
      expect(await failure(device.look())).toBe('done');
      expect(await failure(device.signIn(digits(pin), context))).toBe('done');
      if (id === 'giulia') {
        expect(await failure(device.identify(digits('482913'), context))).toBe('done');
        expect(await failure(device.changePin(digits(pin), digits('99887766')))).toBe('done');
        expect(await failure(device.unblockPin(digits('31415926'), digits(pin)))).toBe('done');
      }
      expect(stack.first.length).toBe(id === 'giulia' ? 5 : 2);
      for (const first of stack.first) expect(first).toMatch(ROOT);
    }
  });
});

describe('an act that breaks', () => {
  /** Turns a bit of the first protected answer to a command with that INS. */
  const once = (ins: number): Spoil => {
    let done = false;
    return (answer, apdu) => {
      if (done || apdu[1] !== ins || ((apdu[0] ?? 0) & 0x0c) === 0) return answer;
      done = true;
      const turned = Uint8Array.from(answer);
      turned[4] = (turned[4] ?? 0) ^ 1;
      return turned;
    };
  };

  it('before the PIN is begun again once from a fresh card', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('giulia', {}));
    stack.spoil = once(0x84);
    expect(await failure(device.signIn(digits('27182818'), context))).toBe('done');
    expect(device.health().counters).toMatchObject({ 'begun-again': 1, 'acts-sign-in': 1 });
    expect(stack.ins.filter((ins) => ins === VERIFY).length).toBe(1);
  });

  it('with the PIN on its way is uncertain, behind it is broken: never begun again', async () => {
    for (const [ins, code] of [
      [VERIFY, 'PIN_UNCERTAIN'],
      [0xb0, 'CARD_CHANNEL_BROKEN'],
    ] as const) {
      const { stack, device } = reader();
      stack.lay(await cards.card('giulia', {}));
      stack.spoil = once(ins);
      expect(await failure(device.signIn(digits('27182818'), context))).toBe(code);
      expect(stack.ins.filter((one) => one === VERIFY).length).toBe(1);
      expect(device.health().counters['begun-again']).toBeUndefined();
    }
  });

  it('because it was given up sends nothing more, and is uncertain only of a PIN that was under way', async () => {
    for (const [id, pin] of [
      ['giulia', '27182818'],
      ['lucia', '24680'],
    ] as const) {
      const act = async (last: number | undefined, spoil?: () => never) => {
        const { stack, device } = reader();
        stack.lay(await cards.card(id));
        const giving = new AbortController();
        const { signal } = giving;
        stack.spoil = (answer) => {
          if (stack.ins.length !== last) return answer;
          giving.abort();
          return spoil?.() ?? answer;
        };
        const outcome = await failure(device.signIn(digits(pin), context, { signal }));
        return { outcome, ins: stack.ins };
      };
      const whole = await act(undefined);
      expect(whole.outcome).toBe('done');
      const verifyAt = whole.ins.indexOf(VERIFY) + 1;
      for (const last of [1, 5, verifyAt - 1, verifyAt, verifyAt + 1]) {
        const { outcome, ins } = await act(last);
        expect([id, last, outcome, ins.length]).toEqual([id, last, 'CARD_SLOW', last]);
      }
      const lost = await act(verifyAt, () => {
        throw cardError('CARD_SLOW');
      });
      expect([lost.outcome, lost.ins.length]).toEqual(['PIN_UNCERTAIN', verifyAt]);
    }
  });

  it('because another program reset the card is begun again, but never behind a PIN', async () => {
    for (const [id, pin, ins] of [
      ['lucia', '24680', 0x22],
      ['lucia', '24680', 0x2a],
      ['giulia', '27182818', 0x22],
    ] as const) {
      const { stack, device } = reader();
      stack.lay(await cards.card(id));
      await device.look();
      stack.ins.length = 0;
      stack.spoil = (answer, apdu) => {
        if (apdu[1] === ins && stack.ins.includes(VERIFY)) throw cardError('CARD_RESET');
        return answer;
      };
      expect(await failure(device.signIn(digits(pin), context))).toBe('CARD_RESET');
      expect(stack.ins.filter((one) => one === VERIFY).length).toBe(1);
    }
  });

  it('because the reader carries short APDUs only goes on in short ones, from then on', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('marco'));
    stack.spoil = (answer, apdu) => (apdu.length > 5 && apdu[4] === 0 ? Uint8Array.of(0x67, 0x00) : answer);
    expect(await failure(device.signIn(digits('16180339'), context))).toBe('done');
    expect(device.health().counters['begun-again']).toBe(1);
    expect(await failure(device.signIn(digits('16180339'), context))).toBe('done');
    expect(device.health().counters['begun-again']).toBe(1);
  });

  it('is counted by its code', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('giulia', {}));
    await failure(device.signIn(digits('00000000'), context));
    expect(device.health().counters).toMatchObject({ 'failed-pin-wrong': 1 });
  });

  it('by a fault of ours is an error of the catalogue all the same', async () => {
    const { stack, device } = reader();
    stack.lay(await cards.card('giulia'));
    stack.spoil = () => {
      throw new TypeError('ours');
    };
    expect(await failure(device.look())).toBe('CARD_ANSWER_INVALID');
  });
});

describe('the self-test', () => {
  it('says service, reader and card, and spends no try', async () => {
    const { stack, device } = reader();
    const words = async () =>
      (await device.selfTest()).map(({ name, ok, detail }) => `${name} ${ok} ${detail}`);
    stack.trouble('no-service');
    expect(await words()).toEqual(['service false no-service']);
    stack.trouble('no-readers');
    expect(await words()).toEqual(['service true no-readers', 'reader false no-readers']);
    stack.trouble(undefined);
    stack.empty('a');
    expect(await words()).toEqual(['service true ok', 'reader true a', 'card true none']);
    stack.lay(await cards.card('giulia'));
    expect(await words()).toEqual(['service true ok', 'reader true reader 0', 'card true cie']);
    expect(stack.ins).not.toContain(VERIFY);
  });
});

describe('the registry', () => {
  it('makes a card reader of both protocols', async () => {
    const registry = registerCard(new DeviceRegistry());
    const device = registry.create('card', 'vpcd+tcp://127.0.0.1:45963', {
      clock: systemClock,
      log: () => undefined,
    });
    expect(device.uri).toBe('vpcd+tcp://127.0.0.1:45963');
    await device.close();
  });
});
