import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { type Clock, secretBytes, systemClock } from '@jolly/contracts/values';
import { APDU_LIMIT_MS } from '../../../drivers/card/reader/index.ts';
import { PcscReaderStack } from '../../../drivers/card/reader/pcsc/index.ts';
import { OK } from '../fake-card.ts';
import { holds } from '../memory.ts';
import { type Scenario, until } from '../stage.ts';

const COMMAND = Uint8Array.of(0x00, 0xa4, 0x04, 0x0c, 0x02, 0x3f, 0x00);
/** Ten seconds for a command are half a second. */
const impatient: Clock = {
  ...systemClock,
  after: (ms, task) => systemClock.after(ms === APDU_LIMIT_MS ? 500 : ms, task),
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const serviceScenarios: readonly Scenario[] = [
  {
    name: 'service: pcscd killed during an act, started again without and with its reader',
    run: async (stage) => {
      const reader = stage.open();
      await stage.lay();
      const before = await reader.card();
      const act = reader.stack.withCard(before, async (inHand) => {
        await inHand.transmit(COMMAND);
        await stage.stopPcscd();
        await inHand.transmit(COMMAND);
      });
      await assert.rejects(act, { code: 'READER_LOST' });
      await until('no service', () => reader.troubles.at(-1) === 'no-service');
      assert.equal(reader.stack.slots.length, 0);

      await stage.pcscd({ reader: false });
      await until('a service without reader', () => reader.troubles.at(-1) === 'no-readers');

      await stage.restartPcscd();
      await until('the reader again', () => reader.stack.slots.length === 2);
      assert.equal(reader.troubles.at(-1), undefined);
      await stage.lay();
      const after = await reader.card(0, before);
      assert.deepEqual(await reader.stack.withCard(after, (inHand) => inHand.transmit(COMMAND)), OK);
    },
  },
  {
    name: 'service: not there yet when the terminal starts',
    run: async (stage) => {
      await stage.stopPcscd();
      const reader = stage.open();
      await until('no service', () => reader.troubles.at(-1) === 'no-service');
      await stage.pcscd();
      await until('the reader', () => reader.stack.slots.length === 2);
      assert.equal(reader.troubles.at(-1), undefined);
    },
  },
  {
    name: 'service: the process with the native stack is killed during an act, and is back',
    run: async (stage) => {
      const reader = stage.open();
      assert.ok(reader.stack instanceof PcscReaderStack);
      const { stack } = reader;
      const card = await stage.lay();
      const before = await reader.card();
      const act = stack.withCard(before, async (inHand) => {
        await inHand.transmit(COMMAND);
        process.kill(stack.pid as number, 'SIGKILL');
        await inHand.transmit(COMMAND);
      });
      await assert.rejects(
        act,
        ({ code }: { code?: string }) => code === 'READER_LOST' || code === 'CARD_REMOVED',
      );
      const after = await reader.card(0, before);
      card.controls.length = 0;
      await stack.withCard(after, (inHand) => inHand.transmit(COMMAND));
      assert.deepEqual(
        reader.troubles.filter((trouble) => trouble !== undefined),
        [],
      );
    },
  },
  {
    name: 'service: another program that keeps the card is waited for, then it is busy',
    run: async (stage) => {
      const first = stage.open();
      const second = stage.open();
      await stage.lay();
      const [mine, theirs] = [await first.card(), await second.card()];
      let letGo = (): void => undefined;
      let inside = false;
      const held = first.stack.withCard(mine, async (inHand) => {
        inside = true;
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
        await inHand.transmit(COMMAND);
      });
      await until('the first to hold it', () => inside);
      await assert.rejects(
        second.stack.withCard(theirs, (inHand) => inHand.transmit(COMMAND)),
        { code: 'CARD_BUSY' },
      );
      letGo();
      await held;
      const after = await second.card(0, theirs);
      await second.stack.withCard(after, (inHand) => inHand.transmit(COMMAND));
    },
  },
  {
    name: 'service: no command that crossed the native stack stays in the memory of its process',
    run: async (stage) => {
      const reader = stage.open();
      assert.ok(reader.stack instanceof PcscReaderStack);
      const { stack } = reader;
      await stage.lay();
      const insertion = await reader.card();
      // Made at random in a buffer: the text of this file is in our own memory anyway.
      const planted = randomFillSync(secretBytes(8));
      const apdu = secretBytes(13);
      apdu.set([0x00, 0x20, 0x00, 0x10, 0x08]);
      apdu.set(planted, 5);
      await stack.withCard(insertion, (inHand) => inHand.transmit(apdu));
      assert.equal(holds(process.pid, planted), true, 'we hold them, and the search finds them');
      assert.equal(holds(stack.pid as number, planted), false);
    },
  },
  {
    name: 'service: a card without answer is given up in time, and the reader is free again',
    run: async (stage) => {
      const reader = stage.open('pcsc:Virtual PCD', impatient);
      const card = await stage.lay({ answer: () => undefined });
      const before = await reader.card();
      const act = reader.stack.withCard(before, (inHand) => inHand.transmit(COMMAND));
      await assert.rejects(act, { code: 'CARD_SLOW' });
      await card.take();
      await pause(500);
      await stage.lay();
      const after = await reader.card(0, before);
      await reader.stack.withCard(after, (inHand) => inHand.transmit(COMMAND));
    },
  },
];
