import { describe, expect, it } from 'vitest';
import { maskBarcodeFrame } from './index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const masked = (text: string) => new TextDecoder().decode(maskBarcodeFrame('in', bytes(text)));
const SLIP = `codfase=NBPA;${'1'.repeat(50)}1P100085240950`;

describe('a recorded read', () => {
  it('keeps a notice and loses its debtor', () => {
    const qr = ']Q1PAGOPA|002|302001234567890123|00399050584|1250\r\n';
    expect(masked(qr)).toBe(qr);
    const debtor = `BSCMTT83A12L719R${'Name Surname'.padEnd(40)}`;
    const kept = SLIP.slice(0, 77);
    expect(masked(`${SLIP}${debtor}`)).toBe(kept + '*'.repeat(SLIP.length + debtor.length - 77));
  });

  it('has no tax code, wherever it stands, and no piece of text whose start is elsewhere', () => {
    expect(masked(']A0RSSMRA80A01H501U\r')).not.toMatch(/RSS|501U/);
    expect(masked('PAGOPA|RSSMRA80A01H501U')).toBe(`PAGOPA|${'*'.repeat(16)}`);
    expect(masked('ROSSI MARIO          TARI')).toMatch(/^\*+$/);
    expect(masked('7890123|00399')).toBe('7890123|00399');
  });

  it('has the host’s commands as they are', () => {
    expect(maskBarcodeFrame('out', bytes('\u0016T\r'))).toEqual(bytes('\u0016T\r'));
  });
});
