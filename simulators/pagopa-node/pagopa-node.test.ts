import { ManualClock } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PagopaNode } from './node.ts';
import { qrOf, seededNotices } from './notices.ts';
import { noticeNumber, taxCode } from './numbers.ts';
import { parse } from './xml/reader.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
let counter = 0;
const node = new PagopaNode(new ManualClock(), (length) => new Uint8Array(length).fill(counter++ & 255));

describe('the seeded notices', () => {
  const notices = seededNotices(Date.UTC(2026, 10, 21));

  it('have good check digits, good creditors and a QR code', () => {
    for (const notice of notices) {
      const { noticeNumber: number, creditorTaxCode } = notice;
      expect(Number(BigInt(number.slice(0, 16)) % 93n)).toBe(Number(number.slice(16)));
      expect(taxCode(creditorTaxCode.slice(0, 10))).toBe(creditorTaxCode);
      expect(qrOf(notice)).toMatch(/^PAGOPA\|002\|\d{18}\|\d{11}\|\d{2,11}$/);
      for (const { taxCode: other } of notice.others) expect(taxCode(other.slice(0, 10))).toBe(other);
    }
    expect(new Set(notices.map(({ noticeNumber: number }) => number)).size).toBe(notices.length);
    expect(notices[0]?.noticeNumber).toBe('302000120456789276');
  });

  it('numbers follow the published examples', () => {
    expect(noticeNumber('22', 2_011_513_985_741)).toBe('322201151398574181');
    expect(noticeNumber('00', 7_157_000_000_000)).toBe('300715700000000032');
    expect(taxCode('8100575002')).toBe('81005750021');
  });
});

describe('the reader of the node', () => {
  it('gives an element or a reason for any bytes, and the node an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc
            .array(
              fc.constantFrom(
                ...[
                  '<a>',
                  '</a>',
                  '<a',
                  '>',
                  ' b="',
                  '"',
                  '&',
                  '&#x;',
                  '&lt;',
                  '<!--',
                  '-->',
                  '<![CDATA[',
                  ']]>',
                ],
                ...['<?', '?>', 'xmlns="u"', 'xmlns:p="', '<p:a/>', '<!DOCTYPE', '\u0000', '𝒳', ' ', 'text'],
              ),
              { maxLength: 30 },
            )
            .map((pieces) => bytes(pieces.join(''))),
        ),
        async (input) => {
          const parsed = parse(input);
          expect(parsed.ok || parsed.reason.length > 0).toBe(true);
          const { status, xml } = await node.handle(input, undefined);
          expect(status).toBe(500);
          expect(xml).toContain('Fault');
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['too deep', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`],
    ['too many', `<a>${'<b/>'.repeat(3_000)}</a>`],
    ['too large', `<a>${' '.repeat(300_000)}</a>`],
    ['two roots', '<a/><b/>'],
    ['overlap', '<a><b></a></b>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a bare ampersand', '<a>&</a>'],
    ['text at the end', '<a/>x'],
  ])('refuses %s', (_what, text) => {
    expect(parse(bytes(text)).ok).toBe(false);
  });

  it('reads references, CDATA, prefixes and line ends', () => {
    const parsed = parse(
      bytes('<?xml version="1.0"?>\r\n<p:a xmlns:p="u"><b>x&#65;&amp;<![CDATA[<]]>\r\n</b></p:a><!-- c -->'),
    );
    expect(parsed).toMatchObject({
      ok: true,
      root: { local: 'a', namespace: 'u', children: [{ local: 'b', namespace: '', text: 'xA&<\n' }] },
    });
  });
});
