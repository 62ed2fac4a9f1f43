import assert from 'node:assert/strict';
import { FAKE_ATR } from '../fake-card.ts';
import { VPCD_READERS } from '../pcscd.ts';
import { type Scenario, until } from '../stage.ts';

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

export const presenceScenarios: readonly Scenario[] = [
  {
    name: 'presence: readers by a part of their name, in any case',
    run: async (stage) => {
      const all = stage.open('pcsc:virtual%20pcd');
      const one = stage.open('pcsc:PCD 00 01');
      const none = stage.open('pcsc:ACR122');
      await until('both slots', () => all.stack.slots.length === 2);
      assert.deepEqual(
        all.stack.slots.map(({ name }) => name),
        [...VPCD_READERS],
      );
      await until('one slot', () => one.stack.slots.length === 1);
      await until('no reader', () => none.troubles.at(-1) === 'no-readers');
      assert.equal(none.stack.slots.length, 0);
    },
  },
  {
    name: 'presence: a card comes with its ATR and leaves',
    run: async (stage) => {
      const reader = stage.open();
      const card = await stage.lay();
      await reader.card(0);
      assert.equal(hex(reader.stack.slots[0]?.atr), hex(FAKE_ATR));
      await card.take();
      await until('an empty slot', () => reader.stack.slots.every(({ state }) => state === 'empty'));
    },
  },
  {
    name: 'presence: a card in each slot',
    run: async (stage) => {
      const reader = stage.open();
      await stage.lay({ answer: () => Uint8Array.of(0, 0x90, 0) }, 0);
      await stage.lay({ answer: () => Uint8Array.of(1, 0x90, 0) }, 1);
      const insertions = [await reader.card(0), await reader.card(1)];
      assert.notEqual(insertions[0], insertions[1]);
      for (const [slot, insertion] of insertions.entries()) {
        const answer = await reader.stack.withCard(insertion, (card) =>
          card.transmit(Uint8Array.of(0, 0xca, 0, 0)),
        );
        assert.equal(answer[0], slot);
      }
    },
  },
  {
    name: 'presence: a flicker is a new insertion that was never seen to leave',
    run: async (stage) => {
      const reader = stage.open();
      const first = await stage.lay();
      const before = await reader.card(0);
      await first.take();
      await stage.lay();
      const after = await reader.card(0, before);
      assert.ok(after > before);
      const states = reader.history.map((slots) => slots[0]?.state);
      assert.ok(!states.slice(states.indexOf('card')).includes('empty'), states.join(' '));
      await assert.rejects(
        reader.stack.withCard(before, () => Promise.resolve()),
        { code: 'CARD_REMOVED' },
      );
    },
  },
];
