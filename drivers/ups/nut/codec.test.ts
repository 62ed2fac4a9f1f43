import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import {
  decodeAnswer,
  decodeRequest,
  decodeStatus,
  encodeAnswer,
  encodeRequest,
  LineReader,
  type UpsStatus,
  wordsOf,
} from './codec.ts';

interface Vectors {
  readonly session: readonly (readonly ['>' | '<', string])[];
  readonly status: readonly { readonly 'ups.status': string; readonly expect: string }[];
}

const published: Readonly<Record<string, Partial<UpsStatus>>> = {
  mains: { power: 'mains', charging: false, replaceBattery: false, forced: false },
  'mains, charging': { power: 'mains', charging: true },
  battery: { power: 'battery' },
  'battery low: shut down now': { power: 'low', forced: false },
  'forced shutdown announced': { power: 'low', forced: true },
  'mains, replace battery': { power: 'mains', replaceBattery: true },
};

describeWithShared('the recorded dialogue with upsd', ['devices', 'nut.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

  it.each(vectors.session.map(([from, line], at) => ({ from, line, at })))(
    'line $at: $from $line is read and written as it was',
    ({ from, line }) => {
      if (from === '>') {
        const request = decodeRequest(line);
        expect(request).toBeDefined();
        if (request) expect(encodeRequest(request)).toBe(`${line}\n`);
        return;
      }
      const answer = decodeAnswer(line);
      expect(answer.is === 'text').toBe(!/^(OK|ERR|VAR|UPS|CMD|BEGIN|END)\b/.test(line));
      expect(encodeAnswer(answer)).toBe(`${line}\n`);
    },
  );

  it.each(vectors.status)('status $expect', ({ 'ups.status': status, expect: meaning }) => {
    expect(published[meaning]).toBeDefined();
    expect(decodeStatus(status)).toMatchObject(published[meaning] ?? {});
  });
});

describe('the status', () => {
  it('a low battery on mains is being charged, and no reason to shut down', () => {
    expect(decodeStatus('OL CHRG LB').power).toBe('mains');
  });
  it('says nothing where the UPS is off, bypassed or calibrating without a word of its source', () => {
    for (const status of ['', 'OFF', 'BYPASS', 'CAL']) expect(decodeStatus(status).power).toBe('unknown');
  });
});

describe('words and lines', () => {
  it('keep quotes and backslashes in a value', () => {
    const line = encodeAnswer({ is: 'var', ups: 'k', name: 'n', value: 'a "b" \\ c' });
    expect(decodeAnswer(line.trimEnd())).toEqual({ is: 'var', ups: 'k', name: 'n', value: 'a "b" \\ c' });
  });

  it('a password with blanks and a line end is one word of one line', () => {
    const line = encodeRequest({ ask: 'PASSWORD', value: 'a b\nLOGOUT' });
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(wordsOf(line)).toEqual(['PASSWORD', 'a b LOGOUT']);
  });

  it('are the same however the stream is cut, and a line without an end is passed over', () => {
    const bytes = new TextEncoder().encode('OK\r\nVAR k battery.charge "100"\nERR DATA-STALE\n');
    const whole = new LineReader().push(bytes);
    expect(whole).toEqual(['OK', 'VAR k battery.charge "100"', 'ERR DATA-STALE']);
    const single = new LineReader();
    expect([...bytes].flatMap((byte) => single.push(Uint8Array.of(byte)))).toEqual(whole);
    const endless = new LineReader();
    for (let at = 0; at < 100; at++) endless.push(new Uint8Array(1000).fill(65));
    expect(endless.push(new TextEncoder().encode('A\nOK\n'))).toEqual(['OK']);
  });

  it('take any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        decodeAnswer(text);
        decodeRequest(text);
        decodeStatus(text);
      }),
    );
  });
});
