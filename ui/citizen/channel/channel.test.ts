import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { samples } from '../fixtures/samples.ts';
import { connectChannel, decodeDownFrame, type LineEvents } from './channel.ts';
import { addressOf } from './lines.ts';

function bench() {
  const clock = new ManualClock();
  const opened: LineEvents[] = [];
  const sent: string[] = [];
  const heard = { snapshots: 0, links: [] as boolean[], faults: [] as string[] };
  const channel = connectChannel(
    (events) => {
      opened.push(events);
      return { send: (text) => sent.push(text), close: () => undefined };
    },
    {
      onSnapshot: () => {
        heard.snapshots += 1;
      },
      onLink: (up) => heard.links.push(up),
      onFault: (fault) => heard.faults.push(fault),
    },
    clock,
  );
  return { clock, opened, sent, heard, channel };
}

const frame = JSON.stringify({ type: 'snapshot', snapshot: samples.home });

describe('the channel', () => {
  it('gives snapshots and sends intents', () => {
    const { opened, heard, sent, channel } = bench();
    opened[0]?.onOpen();
    opened[0]?.onText(frame);
    channel.send({ type: 'start-payment' });
    expect(heard.snapshots).toBe(1);
    expect(sent).toEqual(['{"type":"intent","intent":{"type":"start-payment"},"at":0}']);
  });

  it('sends one frame for each key of a secret, and keeps none for later', () => {
    const { opened, sent, channel } = bench();
    channel.secret({ type: 'secret', field: 'cie-pin', key: '7' });
    opened[0]?.onOpen();
    channel.secret({ type: 'secret', field: 'cie-pin', key: '4' });
    channel.secret({ type: 'secret', field: 'cie-pin', key: 'enter' });
    expect(sent).toEqual([
      '{"type":"secret","field":"cie-pin","key":"4","at":0}',
      '{"type":"secret","field":"cie-pin","key":"enter","at":0}',
    ]);
  });

  it('comes back after a break, waiting longer each time', () => {
    const { clock, opened, heard } = bench();
    opened[0]?.onOpen();
    opened[0]?.onText(frame);
    opened[0]?.onClose();
    expect(heard.links).toEqual([true, false]);
    clock.advance(249);
    expect(opened.length).toBe(1);
    clock.advance(1);
    expect(opened.length).toBe(2);
    opened[1]?.onClose();
    clock.advance(499);
    expect(opened.length).toBe(2);
    clock.advance(1);
    expect(opened.length).toBe(3);
  });

  it('keeps no intent for later', () => {
    const { clock, opened, sent, channel } = bench();
    channel.send({ type: 'consent', totalCents: 12345 });
    opened[0]?.onOpen();
    clock.advance(10_000);
    expect(sent).toEqual([]);
  });

  it('tells of what it does not understand and goes on', () => {
    const { opened, heard } = bench();
    opened[0]?.onOpen();
    opened[0]?.onText('{');
    opened[0]?.onText('{"type":"snapshot","snapshot":{"v":2}}');
    opened[0]?.onText('{"type":"refused","faults":[{"path":"intent","message":"unknown"}]}');
    opened[0]?.onText(frame);
    expect(heard.faults.length).toBe(3);
    expect(heard.snapshots).toBe(1);
  });

  it('stops for good when closed', () => {
    const { clock, opened, channel } = bench();
    channel.close();
    opened[0]?.onClose();
    clock.advance(60_000);
    expect(opened.length).toBe(1);
  });
});

describe('a frame', () => {
  it('that is none is undefined, never a throw', () => {
    for (const text of ['', 'null', '[]', '{"type":"x"}', '\u0000'])
      expect(decodeDownFrame(text)).toBeUndefined();
  });
});

describe('the address', () => {
  it('is the page’s own, with its token', () => {
    expect(addressOf({ protocol: 'http:', host: '127.0.0.1:8080', search: '?token=a%2Fb&shape=auto' })).toBe(
      'ws://127.0.0.1:8080/channel?token=a%2Fb',
    );
    expect(addressOf({ protocol: 'https:', host: 'kiosk', search: '' })).toBe('wss://kiosk/channel');
  });
});
