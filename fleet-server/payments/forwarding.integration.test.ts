import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rig, ScriptedGateway } from '../testing/index.ts';

/** What can happen to an outcome between its commit and the node's answer. */
const Event = fc.oneof(
  { weight: 4, arbitrary: fc.constant('silence' as const) },
  { weight: 2, arbitrary: fc.constant('killed-before-answer' as const) },
  { weight: 1, arbitrary: fc.constant('terminal-repeats' as const) },
);
const Answer = fc.constantFrom('ok', 'already-same', 'token-expired', 'duplicate', 'already-opposite');

describe('a stored outcome', () => {
  it('is sent, always the same, until the node answers, and never after', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(Event, { maxLength: 6 }), Answer, async (events, answer) => {
        const rig = await new Rig().start();
        const dead: { readonly app: { close(): Promise<unknown> } }[] = [];
        try {
          const terminal = await rig.terminal();
          const id = await terminal.activated();
          rig.gateway.outcomeAnswers = [{ answer: 'unreachable', reason: 'first' }];
          await terminal.charged(id);
          const sent = [...rig.gateway.sentOf('sendPaymentOutcomeV2')];
          rig.gateway.sent.length = 0;
          for (const event of events) {
            if (event === 'killed-before-answer') {
              rig.gateway.before = () => new Promise(() => undefined);
              rig.clock.advance(301_000);
              void rig.server.payments.worker.runDue();
              while (rig.gateway.sentOf('sendPaymentOutcomeV2').length === 0) {
                await new Promise((resolve) => setImmediate(resolve));
              }
              sent.push(...rig.gateway.sentOf('sendPaymentOutcomeV2'));
              dead.push(rig.server);
              rig.gateway = new ScriptedGateway();
              await rig.restart();
            } else {
              rig.gateway = Object.assign(rig.gateway, new ScriptedGateway());
              rig.gateway.outcomeAnswers = [{ answer: 'unreachable', reason: event }];
              if (event === 'terminal-repeats') await terminal.charged(id, { chargedAt: 1 });
              else await rig.pass(301_000);
              sent.push(...rig.gateway.sentOf('sendPaymentOutcomeV2'));
            }
            rig.gateway.sent.length = 0;
          }
          rig.gateway.outcomeAnswers = [{ answer }];
          await rig.pass(301_000);
          sent.push(...rig.gateway.sentOf('sendPaymentOutcomeV2'));
          const before = sent.length;
          await rig.pass(3_600_000);
          await terminal.charged(id);
          await rig.pass(3_600_000);
          expect(sent).toHaveLength(before);
          expect(rig.gateway.sentOf('sendPaymentOutcomeV2')).toHaveLength(1);
          expect(new Set(sent.map((request) => `${request.idempotencyKey} ${request.body}`)).size).toBe(1);
          expect(await terminal.state(id)).not.toMatchObject({ state: 'outcome-stored' });
        } finally {
          for (const server of dead) await server.app.close();
          await rig.close();
        }
      }),
      { numRuns: process.env.JOLLY_TEST_STORE === 'postgres' ? 8 : 12 },
    );
  });
});
