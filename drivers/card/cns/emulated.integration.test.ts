import { verify, X509Certificate } from 'node:crypto';
import { type LoginContext, loginText } from '@jolly/contracts/citizen-login';
import { SecretDigits } from '@jolly/contracts/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cards, createCards, LaidCard } from '../../../simulators/card/index.ts';
import { exchange } from '../apdu/index.ts';
import { isCnsAtr, lookAtCns, readPersonalData, signInWithCns } from './index.ts';

const context: LoginContext = {
  tenantId: 'prato',
  terminalId: 'PO-001',
  sessionId: '0190a7f0-3c7e-7c1e-8f00-0123456789ab',
  nonce: 'A'.repeat(43),
  at: Date.UTC(2026, 10, 21),
};

let cards: Cards;
beforeAll(async () => {
  cards = await createCards({ now: () => context.at });
});

/** An emulated card, written from the other side, on a reader. */
async function laid(id: string) {
  const card = await cards.card(id);
  const on = new LaidCard(card);
  const channel = exchange({
    transmit: async (apdu) => {
      const reaction = on.respond(Uint8Array.from(apdu));
      return reaction.kind === 'answer' ? reaction.bytes : Uint8Array.of(0x6f, 0);
    },
  });
  return { card, channel };
}

function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}

describe('the emulated health cards', () => {
  it.each([
    ['lucia', '24680', '6030999900000014', 'MRTLCU55B49G999D'],
    ['old-cns', '13579246', '6030999900000022', 'SNTLDA48T01G999P'],
  ])('%s is looked at, read and signed in with', async (id, pin, serial, fiscalCode) => {
    const { card, channel } = await laid(id);
    expect(isCnsAtr(card.atr)).toBe(true);
    expect(Buffer.from((await lookAtCns(channel)).serial).toString()).toBe(serial);
    expect((await readPersonalData(channel)).fiscalCode).toBe(fiscalCode);

    const wrong = digits('11111');
    await expect(signInWithCns(channel, wrong, context)).rejects.toMatchObject({
      code: 'PIN_WRONG',
      detail: { triesLeft: 2 },
    });
    const secret = digits(pin);
    const proof = await signInWithCns(channel, secret, context);
    const { publicKey } = new X509Certificate(proof.certificate);
    expect(verify('sha256', Buffer.from(loginText(context)), publicKey, proof.signature)).toBe(true);
    wrong.wipe();
    secret.wipe();
  });
});
