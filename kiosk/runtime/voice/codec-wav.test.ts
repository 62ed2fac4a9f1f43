import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWavHead } from './codec-wav.ts';

function wav({ channels = 1, bits = 16, extra = 0 } = {}): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(0x7f_ff_f0_24, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(22_050, 24);
  head.writeUInt32LE(44_100, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(0x7f_ff_f0_00, 40);
  if (extra === 0) return head;
  const list = Buffer.alloc(8 + extra + (extra % 2));
  list.write('LIST', 0, 'latin1');
  list.writeUInt32LE(extra, 4);
  return Buffer.concat([head.subarray(0, 36), list, head.subarray(36)]);
}

describe('the head of a WAV stream', () => {
  it('gives rate and start of the samples, whatever lengths a stream claims', () => {
    expect(readWavHead(wav())).toEqual({ read: 'head', head: { hz: 22_050, from: 44 } });
    expect(readWavHead(wav({ extra: 27 }))).toEqual({ read: 'head', head: { hz: 22_050, from: 80 } });
  });

  it('wants more until it is whole, in any pieces', () => {
    const whole = wav({ extra: 5 });
    for (let length = 0; length < whole.length; length++)
      expect(readWavHead(whole.subarray(0, length)).read).toBe('more');
  });

  it('refuses what it cannot play', () => {
    expect(readWavHead(wav({ channels: 2 }))).toMatchObject({ read: 'refused' });
    expect(readWavHead(wav({ bits: 8 }))).toMatchObject({ read: 'refused' });
    expect(readWavHead(Buffer.from('an error message in plain text'))).toMatchObject({ read: 'refused' });
    expect(readWavHead(wav({ extra: 9000 }))).toMatchObject({ read: 'refused' });
  });

  it('takes any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readWavHead(bytes)));
  });
});
