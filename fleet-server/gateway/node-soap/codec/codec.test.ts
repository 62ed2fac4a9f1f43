import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayErrors } from '../../errors.ts';
import { idempotencyKey } from '../../keys.ts';
import { creditorCode, nodeFaults, outcomeAnswerOf, problemOf } from './faults.ts';
import { encodeVerify, transferDateOf } from './requests.ts';
import { decodeActivate, decodeOutcome, decodeVerify } from './responses.ts';
import { MAX_BYTES, readXml } from './xml-read.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const NODE = 'http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd';
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap = (root: string, inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="${SOAP}"><e:Header/><e:Body><x:${root} xmlns:x="${NODE}">${inside}</x:${root}></e:Body></e:Envelope>`;
const VERIFIED = soap(
  'verifyPaymentNoticeRes',
  '<outcome>OK</outcome><paymentList><paymentOptionDescription><amount>123.45</amount><options>EQ</options>' +
    '<dueDate>2026-12-02</dueDate></paymentOptionDescription></paymentList>' +
    '<paymentDescription>TARI &amp; TEFA &#8211; <![CDATA[<2026>]]></paymentDescription>' +
    '<companyName>Città di Forlì</companyName>',
);
const errorOf = (text: string | Uint8Array) => {
  const answer = decodeVerify(typeof text === 'string' ? bytes(text) : text);
  return answer.kind === 'unreadable' ? answer.error.code : answer.kind;
};

describe('reading an answer', () => {
  it('accepts any prefix, references and CDATA', () => {
    expect(decodeVerify(bytes(VERIFIED))).toEqual({
      kind: 'ok',
      message: {
        amountCents: 12_345,
        option: 'EQ',
        dueDate: '2026-12-02',
        description: 'TARI & TEFA – <2026>',
        companyName: 'Città di Forlì',
        standIn: false,
      },
    });
    const plain = `<Envelope xmlns="${SOAP}"><Body><r xmlns="">`;
    expect(errorOf(`${plain}</r></Body></Envelope>`)).toBe('SOAP_UNEXPECTED_ELEMENT');
  });

  it.each([
    ['an HTML page', '<html><body><h1>Bad Gateway</h1><br></body></html>', 'SOAP_NOT_XML'],
    ['well-formed HTML', '<html><body/></html>', 'SOAP_NOT_ENVELOPE'],
    ['nothing', '', 'SOAP_NOT_XML'],
    ['half an answer', VERIFIED.slice(0, 300), 'SOAP_NOT_XML'],
    [
      'another operation',
      soap('sendPaymentOutcomeV2Response', '<outcome>OK</outcome>'),
      'SOAP_UNEXPECTED_ELEMENT',
    ],
    ['no outcome', soap('verifyPaymentNoticeRes', ''), 'SOAP_FIELD_INVALID'],
    ['a comma in the amount', VERIFIED.replace('123.45', '123,45'), 'SOAP_FIELD_INVALID'],
    [
      'a fault of SOAP',
      `<e:Envelope xmlns:e="${SOAP}"><e:Body><e:Fault/></e:Body></e:Envelope>`,
      'SOAP_FAULT',
    ],
    ['SOAP 1.2', VERIFIED.replace(SOAP, 'http://www.w3.org/2003/05/soap-envelope'), 'SOAP_NOT_ENVELOPE'],
    ['an undeclared prefix', '<a:b/>', 'SOAP_NOT_XML'],
    ['an unknown reference', VERIFIED.replace('&amp;', '&nbsp;'), 'SOAP_NOT_XML'],
    ['a reference to no character', VERIFIED.replace('&amp;', '&#x110000;'), 'SOAP_NOT_XML'],
    ['Latin-1', VERIFIED.replace('UTF-8', 'ISO-8859-1'), 'SOAP_NOT_XML'],
    ['a document type', `<!DOCTYPE a SYSTEM "file:///etc/passwd">${VERIFIED}`, 'SOAP_DTD_REFUSED'],
    ['too much', `${VERIFIED}${' '.repeat(MAX_BYTES)}`, 'SOAP_TOO_LARGE'],
    ['too deep', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`, 'SOAP_TOO_DEEP'],
    ['too many', `<a>${'<b/>'.repeat(6_000)}</a>`, 'SOAP_TOO_LARGE'],
  ])('%s has a name', (_what, text, code) => {
    expect(errorOf(text)).toBe(code);
  });

  it('refuses a billion laughs before anything grows', () => {
    const laughs = Array.from(
      { length: 9 },
      (_none, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
    ).join('');
    expect(errorOf(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">${laughs}]><l>&l9;</l>`)).toBe(
      'SOAP_DTD_REFUSED',
    );
  });

  const known = new Set(Object.keys(gatewayErrors));
  const readable = (input: Uint8Array) => {
    for (const decode of [decodeVerify, decodeActivate, decodeOutcome]) {
      const answer = decode(input);
      if (answer.kind === 'unreadable') expect(known).toContain(answer.error.code);
    }
    return true;
  };

  it('gives a message or a named error for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (input) => readable(input)),
      { numRuns: 500 },
    );
  });

  it('gives a message or a named error for any mutation of an answer', () => {
    const pieces = fc.constantFrom(
      ...[
        '<',
        '>',
        '/',
        '&',
        '"',
        "'",
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<?xml',
        '?>',
        '&#',
        ';',
        '__proto__',
      ],
      ...[
        '<constructor>',
        '<__proto__>',
        '<a b="',
        ' xmlns:x=""',
        '\u0000',
        '𝒳',
        '</e:Body>',
        '<outcome>OK</outcome>',
      ],
    );
    const change = fc.record({
      at: fc.nat(VERIFIED.length),
      cut: fc.nat(30),
      put: fc.oneof(pieces, fc.string()),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const text = changes.reduce(
          (all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut),
          VERIFIED,
        );
        return readable(bytes(text));
      }),
      { numRuns: 1_500 },
    );
  });

  it('reads back every text that the writer escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 35 }), (id) => {
        const notice = { noticeNumber: '302000120456789276', creditorTaxCode: '84006890481' };
        const password = 'PLACEHOLDER';
        const body = encodeVerify({ idPsp: `a${id}`, idBrokerPsp: 'b', idChannel: 'c', password }, notice);
        const read = readXml(bytes(body));
        const idPsp = read.ok ? read.root.children[0]?.children[0]?.children[0] : undefined;
        const writable = /[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
        const expected = Array.from(`a${id}`).filter((sign) => writable.test(sign));
        expect(idPsp?.text).toBe(expected.slice(0, 35).join(''));
      }),
    );
  });
});

describe('faults', () => {
  const fault = (faultCode: string, description?: string) => ({
    faultCode,
    faultString: '',
    id: 'NodoDeiPagamentiSPC',
    ...(description !== undefined && { description }),
  });

  it('every code has one class', () => {
    const codes = nodeFaults.flatMap((row) => row.codes);
    expect(new Set(codes).size).toBe(codes.length);
    for (const row of nodeFaults) {
      for (const code of row.codes) expect(problemOf(fault(code)).class).toBe(row.class);
    }
  });

  it('an unknown code is unexpected, and cannot carry text into a log', () => {
    expect(problemOf(fault('PPT_NUOVO <b>Mario Rossi</b>'))).toEqual({
      class: 'UNEXPECTED_ERROR',
      faultCode: 'PPT_NUOVObMarioRossib',
      retry: 'no',
    });
    expect(problemOf(undefined)).toMatchObject({ class: 'UNEXPECTED_ERROR', faultCode: 'FAULT_MISSING' });
  });

  it("looks for the creditor's code in both places", () => {
    const emitted = 'PPT_ERRORE_EMESSO_DA_PAA';
    expect(problemOf(fault(emitted, 'FaultCode PA: PAA_PAGAMENTO_ANNULLATO.')).class).toBe('REVOKED_NOTICE');
    expect(creditorCode({ ...fault(emitted), originalFaultCode: 'PAA_PAGAMENTO_SCADUTO' })).toBe(
      'PAA_PAGAMENTO_SCADUTO',
    );
    expect(problemOf(fault(emitted, 'PAA_MAI_VISTO'))).toEqual({
      class: 'CREDITOR_PROBLEMS',
      faultCode: 'PAA_MAI_VISTO',
      retry: 'later',
    });
    expect(problemOf(fault(emitted)).class).toBe('CREDITOR_PROBLEMS');
  });

  it.each([
    ['PPT_TOKEN_SCADUTO', undefined, { answer: 'token-expired' }],
    ['PPT_TOKEN_SCADUTO_KO', undefined, { answer: 'token-expired-ko' }],
    ['PPT_PAGAMENTO_DUPLICATO', undefined, { answer: 'duplicate' }],
    ['PPT_TOKEN_SCONOSCIUTO', undefined, { answer: 'token-unknown' }],
    ['PPT_ESITO_GIA_ACQUISITO', 'Esito concorde: {"outcome":"OK"}', { answer: 'already-same' }],
    ['PPT_ESITO_GIA_ACQUISITO', 'ESITO DISCORDE', { answer: 'already-opposite' }],
    ['PPT_ESITO_GIA_ACQUISITO', undefined, { answer: 'rejected', faultCode: 'PPT_ESITO_GIA_ACQUISITO' }],
    ['PPT_SEMANTICA', undefined, { answer: 'rejected', faultCode: 'PPT_SEMANTICA' }],
    ['PPT_SYSTEM_ERROR', undefined, { answer: 'rejected', faultCode: 'PPT_SYSTEM_ERROR' }],
  ])('an outcome refused with %s (%s)', (code, description, answer) => {
    expect(outcomeAnswerOf(fault(code, description))).toEqual(answer);
  });
});

describe('small parts of a request', () => {
  it('keys follow the rule of the node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (random) => {
        expect(idempotencyKey('02654890025', random)).toMatch(/^02654890025_[a-zA-Z0-9]{10}$/);
      }),
    );
  });

  it('credits on the next day that is no week-end', () => {
    expect(transferDateOf('2026-11-19')).toBe('2026-11-20');
    expect(transferDateOf('2026-11-20')).toBe('2026-11-23');
    expect(transferDateOf('2026-12-31')).toBe('2027-01-01');
  });
});
