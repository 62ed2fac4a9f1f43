import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import type { Slot } from '../card/reader/index.ts';
import { XfsReaderStack } from './cards.ts';
import type { OpenXfsSocket } from './socket.ts';

const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Command {
  readonly header: { readonly name: string; readonly requestId: number; readonly version: string };
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A service with a card in its reader; what the chip is sent is kept. */
function serviceWithCard() {
  const chipSaw: string[] = [];
  const texts: string[] = [];
  const answers: Readonly<Record<string, (command: Command) => object>> = {
    'Common.Capabilities': () => ({
      interfaces: [{ name: 'CardReader', commands: {} }],
      cardReader: { chipProtocols: ['chipT1'] },
    }),
    'CardReader.ReadRawData': () => ({ chip: [{ status: 'ok', data: base64(ATR) }] }),
    'CardReader.ChipPower': () => ({ chipData: base64(ATR) }),
    'CardReader.ChipIO': ({ payload }) => {
      chipSaw.push(Buffer.from(String(payload.chipData), 'base64').toString('hex'));
      return { chipData: base64(Uint8Array.of(0x90, 0)) };
    },
  };
  const open: OpenXfsSocket = (_url, events) => {
    queueMicrotask(() => events.open());
    return {
      send: (text) => {
        texts.push(text);
        const command = JSON.parse(text) as Command;
        const { name, requestId, version } = command.header;
        const payload = answers[name]?.(command);
        const reply = (type: string, more: object, body: object = {}) =>
          events.text(JSON.stringify({ header: { type, name, requestId, version, ...more }, payload: body }));
        queueMicrotask(() => {
          reply('acknowledge', { status: 'ok' });
          if (payload) reply('completion', { completionCode: 'success' }, payload);
        });
      },
      close: () => undefined,
    };
  };
  return { open, chipSaw, texts };
}

async function stackWithCard() {
  const service = serviceWithCard();
  const recorded: unknown[] = [];
  const stack = new XfsReaderStack(
    {
      text: 'xfs4iot+ws://127.0.0.1/xfs4iot/v1.0/Card',
      service: 'ws://127.0.0.1/xfs4iot/v1.0/Card',
      publishers: [],
      insecure: false,
    },
    {
      clock: new ManualClock(),
      log: () => undefined,
      open: service.open,
      random: () => 0,
      record: { session: 1, take: (...all) => void recorded.push(all) },
    },
  );
  const card = await new Promise<Slot>((resolve) =>
    stack.start({
      slots: (slots) => {
        const [slot] = slots;
        if (slot?.state === 'card') resolve(slot);
      },
      trouble: () => undefined,
    }),
  );
  return { stack, card, recorded, ...service };
}

describe('a card behind XFS4IoT', () => {
  const PIN = [0x31, 0x35, 0x39, 0x37, 0x33];
  it.each([
    ['verified', [0x00, 0x20, 0x00, 0x81, 5, ...PIN]],
    ['changed', [0x00, 0x24, 0x00, 0x81, 5, ...PIN]],
    ['unblocked', [0x00, 0x2c, 0x00, 0x81, 5, ...PIN]],
    ['verified on another channel', [0x01, 0x20, 0x00, 0x81, 5, ...PIN]],
  ])('is never sent a PIN in clear, to be %s', async (_, apdu) => {
    const { stack, card, chipSaw, texts } = await stackWithCard();
    await expect(
      stack.withCard(card.insertion, (hand) => hand.transmit(Uint8Array.from(apdu))),
    ).rejects.toMatchObject({ code: 'CARD_REFUSED', detail: { step: 'plain-secret' } });
    expect(chipSaw).toEqual([]);
    expect(texts.join('')).not.toContain(base64(Uint8Array.from(apdu)));
    expect(stack.counters.plainSecrets).toBe(1);
    await stack.close();
  });

  it('is sent what carries no PIN, and one that the card’s own keys protect', async () => {
    const { stack, card, chipSaw } = await stackWithCard();
    const asked = [
      [0x00, 0xa4, 0x04, 0x0c, 2, 0xa0, 0x00],
      [0x00, 0x20, 0x00, 0x81],
      [0x0c, 0x20, 0x00, 0x81, 5, ...PIN],
    ];
    await stack.withCard(card.insertion, async (hand) => {
      for (const apdu of asked) await hand.transmit(Uint8Array.from(apdu));
    });
    expect(chipSaw).toEqual(asked.map((apdu) => Buffer.from(apdu).toString('hex')));
    expect(stack.counters.plainSecrets).toBe(0);
    await stack.close();
  });

  it('is never recorded', async () => {
    const { stack, card, recorded } = await stackWithCard();
    await stack.withCard(card.insertion, (hand) => hand.transmit(Uint8Array.of(0, 0xa4, 0x04, 0x0c)));
    expect(recorded).toEqual([]);
    await stack.close();
  });
});
