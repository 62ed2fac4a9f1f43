import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type {
  CatalogueResponse,
  DebtPositionRequest,
  DebtPositionResponse,
} from '@jolly/contracts/fleet-api';
import { renderText } from '@jolly/contracts/receipt';
import { cents, ManualClock } from '@jolly/contracts/values';
import type { PaperDocument } from '@jolly/drivers/printer';
import { describe, expect, it } from 'vitest';
import { fail } from '../errors.ts';
import { openServiceDesk } from './desk.ts';

const NOTICE = { noticeNumber: '307000000000000197', creditorTaxCode: '84006890481' };
const demo: CatalogueResponse = {
  revision: 'one',
  ...JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../../simulators/launcher/services.json'), 'utf8'),
  ),
};
/** A server that does not answer. */
const NONE: CatalogueResponse = { revision: '', entries: [] };
const settled = () => new Promise((done) => setImmediate(done));

function bench(catalogue: CatalogueResponse | undefined = demo) {
  const clock = new ManualClock();
  const asked: DebtPositionRequest[] = [];
  const printed: PaperDocument[] = [];
  const logs: string[] = [];
  const server = {
    catalogue: catalogue as CatalogueResponse | undefined,
    answers: [] as (DebtPositionResponse | 'silent')[],
    cart: 'https://checkout.example/c/1' as string | undefined,
    printing: 'printed' as 'printed' | 'failed',
  };
  const desk = openServiceDesk({
    client: {
      catalogue: async () => {
        if (!server.catalogue || server.catalogue === NONE) throw fail('SERVER_UNREACHABLE');
        return server.catalogue;
      },
      debtPosition: async (request) => {
        asked.push(request);
        const answer = server.answers.shift() ?? {
          result: 'created',
          notice: NOTICE,
          amountCents: cents(2_221),
        };
        if (answer === 'silent') throw fail('SERVER_UNREACHABLE');
        return answer;
      },
      cart: async () => {
        if (server.cart === undefined) throw fail('SERVER_UNREACHABLE');
        return { result: 'made', url: server.cart };
      },
    },
    printer: {
      print: async (document) => {
        printed.push(document);
        return server.printing === 'printed'
          ? { result: 'printed' }
          : { result: 'failed', reason: 'paper-out' };
      },
    },
    clock,
    random: (length) => new Uint8Array(length).fill(asked.length + 1),
    place: { terminalId: 'PO-09', city: 'Comune di Prato', site: 'Piazza', timeZone: 'Europe/Rome' },
    log: (event) => logs.push(event),
  });
  const card = async () => {
    await settled();
    const form = desk.open('pagamenti.carta-identita', {
      fiscalCode: 'RSSMRA80A01H501U',
      givenName: 'Maria',
      familyName: 'Rossi',
    });
    if (!form) throw new Error('no form');
    form.send({ type: 'pick', value: 'first' });
    form.send({ type: 'submit-field' });
    return form;
  };
  return { clock, asked, printed, logs, server, desk, card };
}

describe('the catalogue', () => {
  it('is there after the start, and looked for again while it is not', async () => {
    const { desk, server, clock } = bench(NONE);
    let changes = 0;
    desk.onChange(() => (changes += 1));
    await settled();
    expect(desk.open('pagamenti.multe', undefined)).toBeUndefined();
    server.catalogue = demo;
    clock.advance(10_000);
    await settled();
    expect([desk.services.length, changes]).toEqual([7, 1]);
  });

  it('is asked for once more when the first call may have come too early', async () => {
    const { desk, server } = bench(NONE);
    // the terminal is enrolled while the first call is under way
    desk.refresh();
    desk.refresh();
    server.catalogue = demo;
    await settled();
    await settled();
    expect(desk.services).toHaveLength(7);
  });

  it('is kept when the server falls silent, and told once when it changes', async () => {
    const { desk, server, clock } = bench();
    await settled();
    let changes = 0;
    desk.onChange(() => (changes += 1));
    server.catalogue = undefined;
    clock.advance(600_000);
    await settled();
    server.catalogue = { revision: 'two', entries: demo.entries.slice(1) };
    clock.advance(600_000);
    await settled();
    clock.advance(600_000);
    await settled();
    expect([desk.services.length, changes]).toEqual([6, 1]);
  });

  it('leaves out what asks who it is', async () => {
    const [first, ...rest] = demo.entries;
    if (!first) throw new Error('empty');
    const { desk } = bench({
      revision: 'x',
      entries: [{ ...first, auth: { ...first.auth, minLoA: 'substantial' } }, ...rest],
    });
    await settled();
    expect(desk.services.map(({ id }) => id)).not.toContain(first.id);
    expect(desk.open(first.id, undefined)).toBeUndefined();
  });
});

describe('a debt position', () => {
  it('is asked for once with one request, and becomes a notice', async () => {
    const { card, asked } = bench();
    const form = await card();
    form.send({ type: 'submit-form' });
    form.send({ type: 'submit-form' });
    expect(form.screen).toMatchObject({ busy: true });
    await settled();
    expect(form.made).toEqual(NOTICE);
    expect(asked).toHaveLength(1);
  });

  it('is the same request after a lost answer, and another one after another answer', async () => {
    const { card, asked, server } = bench();
    server.answers = ['silent', { result: 'unavailable' }];
    const form = await card();
    for (let tries = 0; tries < 3; tries += 1) {
      form.send({ type: 'submit-form' });
      await settled();
    }
    expect(form.made).toEqual(NOTICE);
    expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(1);
    form.send({ type: 'correct', field: 'issue' });
    expect(form.made).toBeUndefined();
    form.send({ type: 'pick', value: 'duplicate' });
    form.send({ type: 'submit-field' });
    form.send({ type: 'submit-form' });
    await settled();
    expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(2);
  });

  it('is the same request when an answer was touched and put back', async () => {
    const { card, asked, server } = bench();
    server.answers = [{ result: 'unavailable' }, { result: 'unavailable' }];
    const form = await card();
    const sent = async () => {
      form.send({ type: 'submit-form' });
      await settled();
    };
    const pick = (value: string) => {
      form.send({ type: 'correct', field: 'issue' });
      form.send({ type: 'pick', value });
      form.send({ type: 'submit-field' });
    };
    await sent();
    const before = asked[0]?.answers.issue ?? '';
    expect(before).not.toBe('duplicate');
    pick('duplicate');
    await sent();
    pick(before);
    await sent();
    expect(form.made).toEqual(NOTICE);
    const [first, other, again] = asked.map(({ requestId }) => requestId);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('comes to nobody once the form is closed, and no answer stays in it', async () => {
    const { card, asked } = bench();
    const form = await card();
    let shown = 0;
    form.send({ type: 'submit-form' });
    form.onChange(() => (shown += 1));
    form.close();
    await settled();
    expect([asked.length, shown, form.made]).toEqual([1, 0, undefined]);
    expect(JSON.stringify(form)).not.toContain('RSSMRA');
    expect(JSON.stringify(form.screen)).not.toMatch(/RSSMRA|Maria/);
    form.send({ type: 'submit-form' });
    expect(asked).toHaveLength(1);
  });
});

describe('beside the card', () => {
  const notice = {
    ...NOTICE,
    creditorName: 'Comune di Prato',
    description: 'Verbale 48213',
    amountCents: cents(2_940),
    feeCents: cents(0),
    totalCents: cents(2_940),
  };

  it('a cart has an address, or there is none now', async () => {
    const { desk, server, logs } = bench();
    expect(await desk.cart(notice)).toBe('https://checkout.example/c/1');
    server.cart = undefined;
    expect(await desk.cart(notice)).toBeUndefined();
    expect(logs).toContain('cart-not-made');
  });

  it('the summary lists each payment, adds them up and calls itself no receipt', async () => {
    const { desk, server, printed } = bench();
    const paid = [
      { notice, paper: 'printed', money: 'charged-registered' },
      {
        notice: { ...notice, noticeNumber: '302000120456789276', totalCents: cents(12_345) },
        paper: 'printed',
        money: 'charged-registering',
      },
    ] as const;
    expect(await desk.printSummary(paid, 'it')).toBe('printed');
    server.printing = 'failed';
    expect(await desk.printSummary(paid, 'en')).toBe('failed');
    const [italian, english] = printed.map((document) => renderText(document).replaceAll(/\s+/g, ' '));
    for (const words of [
      'RIEPILOGO',
      'Non è una ricevuta',
      '29,40 €',
      '123,45 €',
      '152,85 €',
      '3020 0012 0456 7892 76',
      'non pagare di nuovo',
    ])
      expect(italian).toContain(words);
    expect(italian?.match(/non pagare di nuovo/g)).toHaveLength(1);
    expect(english).toContain('This is not a receipt');
    expect(italian).not.toContain('ATTESTAZIONE');
  });
});
