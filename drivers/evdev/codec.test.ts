import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EV_KEY,
  EV_SW,
  INPUT_EVENT_BYTES,
  type InputEvent,
  inputEvent,
  readInputEvents,
  SW_HEADPHONE_INSERT,
} from './codec.ts';

const ARBITRARY = fc.record({
  type: fc.constantFrom(EV_KEY, EV_SW),
  code: fc.integer({ min: 0, max: 0x2_ff }),
  value: fc.integer({ min: -1, max: 2 }),
});

describe('input events', () => {
  it('are read as the kernel writes them', () => {
    // the jack of an HDA card, in: time 1700000000.5 s, EV_SW, SW_HEADPHONE_INSERT, 1, then SYN
    const jack = '00f1536500000000 20a1070000000000 0500 0200 01000000';
    const syn = '00f1536500000000 20a1070000000000 0000 0000 00000000';
    const bytes = Buffer.from(`${jack}${syn}`.replaceAll(' ', ''), 'hex');
    const { events, rest } = readInputEvents(bytes);
    expect(events).toEqual([{ type: EV_SW, code: SW_HEADPHONE_INSERT, value: 1 }]);
    expect(rest).toHaveLength(0);
  });

  it('survive any cut of the stream', () => {
    fc.assert(
      fc.property(fc.array(ARBITRARY, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (sent, size) => {
        const bytes = Buffer.concat(sent.map(inputEvent));
        const got: InputEvent[] = [];
        let rest: Uint8Array = new Uint8Array();
        for (let at = 0; at < bytes.length; at += size) {
          const read = readInputEvents(Buffer.concat([rest, bytes.subarray(at, at + size)]));
          got.push(...read.events);
          rest = read.rest;
          expect(rest.length).toBeLessThan(INPUT_EVENT_BYTES);
        }
        expect(got).toEqual(sent);
      }),
    );
  });
});
