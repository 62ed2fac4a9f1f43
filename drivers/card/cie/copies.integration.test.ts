import { X509Certificate } from 'node:crypto';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { isJollyError, SecretDigits } from '@jolly/contracts/values';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Cards,
  type CardTrouble,
  createCards,
  type EmulatedCard,
} from '../../../simulators/card/index.ts';
import { changeCiePin, lookAtCie, signInWithCie, unblockCiePin } from './index.ts';

const context: LoginContext = {
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
};
const VERIFY = 0x20;

let cards: Cards;
let card: EmulatedCard;
let csca: X509Certificate;
beforeAll(async () => {
  cards = await createCards();
  csca = new X509Certificate(cards.authority.anchors.csca);
  card = await cards.card('giulia', {});
});

function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}

/** The genuine card but for what the copy has of its own. */
function copied(own: NonNullable<CardTrouble['own']>) {
  Object.assign(card.trouble, { own });
  card.pin.refill();
  card.power(true);
  const ins: number[] = [];
  const transmit = async (apdu: Uint8Array) => {
    ins.push(apdu[1] ?? 0);
    return Uint8Array.from(card.answer(Uint8Array.from(apdu)));
  };
  return { transmit, verifies: () => ins.filter((one) => one === VERIFY).length };
}

const options = () => ({ anchors: [csca], at: Date.now() });
const outcome = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error: unknown) => (isJollyError(error) ? { code: error.code, detail: error.detail } : String(error)),
  );
const notGenuine = (detail: object) => ({ code: 'CARD_NOT_GENUINE', detail });

describe('a copy with the genuine SOD', () => {
  it.each([
    ['nis', { proof: 'sod', file: 'nis' }],
    ['anti-clone-key', { proof: 'sod', file: 'antiCloneKey' }],
  ] as const)('and its own %s is found out at the look', async (own, detail) => {
    expect(await outcome(lookAtCie(copied(own), options()))).toEqual(notGenuine(detail));
  });

  it.each([
    ['nis', { proof: 'sod', file: 'nis' }],
    ['device-key', { proof: 'sod', file: 'deviceKey' }],
    ['old-device-proof', { proof: 'device-authentication' }],
  ] as const)('and its own %s sees neither PIN nor PUK', async (own, detail) => {
    const acts = [
      (reader: ReturnType<typeof copied>) => signInWithCie(reader, digits('27182818'), context, options()),
      (reader: ReturnType<typeof copied>) =>
        changeCiePin(reader, digits('27182818'), digits('99887766'), options()),
      (reader: ReturnType<typeof copied>) =>
        unblockCiePin(reader, digits('31415926'), digits('99887766'), options()),
    ];
    for (const act of acts) {
      const reader = copied(own);
      expect(await outcome(act(reader))).toEqual(notGenuine(detail));
      expect(reader.verifies()).toBe(0);
    }
  });

  it.each([
    ['document-number', { proof: 'sod', file: 'serial' }],
    ['certificate', { proof: 'sod', file: 'certificate' }],
    ['signature-key', { proof: 'signature' }],
  ] as const)('and its own %s signs nobody in', async (own, detail) => {
    const reader = copied(own);
    const signing = signInWithCie(reader, digits('27182818'), context, options());
    expect(await outcome(signing)).toEqual(notGenuine(detail));
    expect(reader.verifies()).toBe(1);
  });

  it('that differs in nothing is the card', async () => {
    const reader = copied('old-device-proof');
    delete card.trouble.own;
    expect(await outcome(signInWithCie(reader, digits('27182818'), context, options()))).toBe('done');
  });
});
