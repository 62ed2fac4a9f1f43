import assert from 'node:assert/strict';
import { OK } from '../fake-card.ts';
import type { Scenario } from '../stage.ts';

const COMMAND = Uint8Array.of(0x00, 0xa4, 0x04, 0x0c, 0x02, 0x3f, 0x00);
const RESET = 2;
const OPENSC = '/usr/bin/opensc-tool';

export const transactionScenarios: readonly Scenario[] = [
  {
    name: 'transaction: short and long answers; the card is reset at the end, even of an act that failed',
    run: async (stage) => {
      const reader = stage.open();
      const long = new Uint8Array(4_000).fill(0x5a);
      const card = await stage.lay({
        answer: (_, at) => (at === 1 ? Uint8Array.of(...COMMAND, ...OK) : Uint8Array.of(...long, ...OK)),
      });
      const insertion = await reader.card();
      const act = reader.stack.withCard(insertion, async (inHand) => {
        assert.equal(inHand.protocol, 'T=1');
        assert.deepEqual(await inHand.transmit(COMMAND), Uint8Array.of(...COMMAND, ...OK));
        assert.equal((await inHand.transmit(COMMAND)).length, 4_002);
        card.controls.length = 0;
        throw new Error('the act broke');
      });
      await assert.rejects(act, { message: 'the act broke' });
      assert.ok(card.controls.includes(RESET), card.controls.join(' '));
      await reader.stack.withCard(insertion, (inHand) => inHand.transmit(COMMAND));
    },
  },
  {
    name: 'transaction: a card taken mid-command ends the act by its name, and the next card works',
    run: async (stage) => {
      const reader = stage.open();
      const card = await stage.lay({
        answer: (_, at) => {
          if (at < 3) return OK;
          setTimeout(() => void card.take(), 20);
          return undefined;
        },
      });
      const insertion = await reader.card();
      const act = reader.stack.withCard(insertion, async (inHand) => {
        for (let at = 0; at < 5; at += 1) await inHand.transmit(COMMAND);
      });
      await assert.rejects(act, { code: 'CARD_REMOVED' });
      assert.equal(card.apdus.length, 3);
      await stage.lay();
      const next = await reader.card(0, insertion);
      await reader.stack.withCard(next, (inHand) => inHand.transmit(COMMAND));
    },
  },
  {
    name: 'transaction: a card taken between two commands ends the act',
    run: async (stage) => {
      const reader = stage.open();
      const card = await stage.lay();
      const act = reader.stack.withCard(await reader.card(), async (inHand) => {
        await inHand.transmit(COMMAND);
        await card.take();
        await inHand.transmit(COMMAND);
      });
      await assert.rejects(act, { code: 'CARD_REMOVED' });
    },
  },
  {
    name: 'transaction: another program waits for its turn and sees a reset card',
    tools: [OPENSC],
    run: async (stage) => {
      const reader = stage.open();
      const card = await stage.lay();
      const insertion = await reader.card();
      let over = false;
      let foreign: Promise<string> | undefined;
      await reader.stack.withCard(insertion, async (inHand) => {
        foreign = stage.run(OPENSC, ['-r', '0', '-c', 'default', '-s', '00:B0:00:00:04']);
        for (let at = 0; at < 10; at += 1) await inHand.transmit(COMMAND);
        assert.ok(
          card.apdus.every((apdu) => apdu[1] === 0xa4),
          'nobody else spoke to the card',
        );
        over = true;
      });
      const said = await foreign;
      assert.ok(over && said?.includes('SW1=0x90'), said);
      await reader.stack.withCard(insertion, (inHand) => inHand.transmit(COMMAND));
    },
  },
  {
    name: 'transaction: opensc-tool sees the readers and the ATR',
    tools: [OPENSC],
    run: async (stage) => {
      await stage.lay();
      const atr = async () => stage.run(OPENSC, ['-r', '0', '-a']).catch(() => '');
      let said = '';
      for (let at = 0; at < 20 && said === ''; at += 1) {
        said = await atr();
        if (said === '') await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.match(said, /3b:8f:80:01:00:6b:05:08/i);
      assert.match(await stage.run(OPENSC, ['-l']), /Virtual PCD 00 01/);
    },
  },
];
