import assert from 'node:assert/strict';
import { type LoginContext, LoginContext as LoginContextShape } from '@jolly/contracts/citizen-login';
import { SecretDigits } from '@jolly/contracts/values';
import { exchange } from '../../../drivers/card/apdu/index.ts';
import { lookAtCns, readPersonalData, signInWithCns } from '../../../drivers/card/cns/index.ts';
import type { Scenario } from '../stage.ts';

const context: LoginContext = LoginContextShape.parse({
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
});

function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}

export const healthCardScenarios: readonly Scenario[] = [
  ...[
    { citizen: 'lucia', what: 'RSA 2048 over T=0', protocol: 'T=0', bytes: 256 },
    { citizen: 'old-cns', what: 'RSA 1024 over T=1', protocol: 'T=1', bytes: 128 },
  ].map(
    ({ citizen, what, protocol, bytes }): Scenario => ({
      name: `health card: ${citizen} is read and signs (${what})`,
      run: async (stage) => {
        const cards = await stage.cards();
        const reader = stage.open();
        const { pin } = await cards.hold(citizen);
        await reader.stack.withCard(await reader.card(), async (card) => {
          assert.equal(card.protocol, protocol);
          const channel = exchange(card);
          assert.equal((await lookAtCns(channel)).serial.length, 16);
          assert.match((await readPersonalData(channel)).fiscalCode ?? '', /^[A-Z0-9]{16}$/);
          const proof = await signInWithCns(channel, digits(pin), context);
          assert.equal(proof.signature.length, bytes);
        });
      },
    }),
  ),
  {
    name: 'health card: wrong PIN counts down to blocked, each sent once',
    run: async (stage) => {
      const cards = await stage.cards();
      const reader = stage.open();
      await cards.hold('lucia');
      const insertion = await reader.card();
      const attempt = () =>
        reader.stack.withCard(insertion, (card) => signInWithCns(exchange(card), digits('00000'), context));
      for (const left of [2, 1]) {
        await assert.rejects(attempt(), { code: 'PIN_WRONG', detail: { triesLeft: left } });
        const lucia = (await cards.state()).citizens.find(({ id }) => id === 'lucia');
        assert.equal(lucia?.pinTries, left);
      }
      await assert.rejects(attempt(), { code: 'PIN_BLOCKED' });
      await assert.rejects(attempt(), { code: 'PIN_BLOCKED' });
    },
  },
];
