import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { DebtPositionResponse, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import { makeNotice, noticeDigitsOk } from '@jolly/contracts/notice';
import { systemClock } from '@jolly/contracts/values';
import { type PlatformCall, type PlatformFetch, platformFetch } from '@jolly/fleet-server/platform';
import { Rig, TENANT, type TestTerminal } from '@jolly/fleet-server/testing';
import { type NodeSimulator, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWithShared } from '../shared-data/index.ts';
import { recordingGateway } from './gateway.ts';
import { openApiSchemas } from './openapi-schemas.ts';

const EC = '84006890481';
const CODE = 'RSSMRA80A01H501U';
const catalogueFile = resolve(import.meta.dirname, '../../simulators/launcher/services.json');

const fine = (over: Record<string, string> = {}) => ({
  requestId: randomUUID(),
  service: 'pagamenti.multe',
  version: 1,
  answers: { report: '48213', date: '12092026', plate: 'AB123CD', amount: '2940', ...over },
});
const card = () => ({
  requestId: randomUUID(),
  service: 'pagamenti.carta-identita',
  version: 1,
  answers: { issue: 'first', fiscalCode: CODE, payer: 'Maria Rossi' },
});

/** The whole server over the platform's simulator; what went over that wire is written down. */
class Town {
  readonly calls: { readonly call: PlatformCall; status?: number; json?: unknown }[] = [];
  readonly fetch: PlatformFetch;
  readonly rig: Rig;
  readonly node: NodeSimulator;
  terminal!: TestTerminal;
  /** Set: the server dies before the next call leaves, and this is told what it would have sent. */
  dying: ((body: unknown) => void) | undefined;

  constructor(node: NodeSimulator) {
    this.node = node;
    const real = platformFetch(systemClock);
    this.fetch = async (call) => {
      if (this.dying) {
        this.dying(call.body);
        return new Promise(() => undefined);
      }
      const noted: Town['calls'][number] = { call };
      this.calls.push(noted);
      const answer = await real(call);
      Object.assign(noted, { status: answer.status, json: answer.json });
      return answer;
    };
    this.rig = new Rig(
      {
        tenants: [
          {
            id: TENANT,
            name: 'Comune di Prato',
            timeZone: 'Europe/Rome',
            creditorTaxCode: EC,
            citizens: { methods: [] } as never,
            services: {
              catalogueFile,
              segregationCode: '07',
              iban: 'IT60X0542811101000000123456',
              payableDays: 5,
            },
          },
        ],
        debtPositions: { url: node.debtPositions, timeoutMs: 5_000 },
        carts: { url: node.checkout, returnUrl: 'https://www.comune.example/', timeoutMs: 5_000 },
      },
      { fetchPlatform: this.fetch },
    );
  }

  async start(): Promise<this> {
    await this.rig.start();
    this.terminal = await this.rig.terminal();
    return this;
  }

  async ask(request: object): Promise<DebtPositionResponse> {
    const answer = await this.terminal.call('POST', TERMINAL_ROUTES.debtPositions, request);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return DebtPositionResponse.parse(answer.body);
  }

  async created(request: object): Promise<Extract<DebtPositionResponse, { result: 'created' }>> {
    const response = await this.ask(request);
    if (response.result !== 'created') throw new Error(JSON.stringify(response));
    return response;
  }

  get made() {
    return this.node.platform.archive.records();
  }

  bodies(method: 'GET' | 'POST') {
    return this.calls.filter(({ call }) => call.method === method);
  }
}

describe('a payment without a notice', () => {
  let node: NodeSimulator;
  let town: Town;
  beforeEach(async () => {
    node = await startNodeSimulator();
    town = await new Town(node).start();
  });
  afterEach(async () => {
    await town.rig.close();
    await node.close();
  });

  it('becomes a notice that the node lets be paid, once', async () => {
    const { notice, amountCents } = await town.created(fine());
    expect(amountCents).toBe(2_940);
    expect(notice.creditorTaxCode).toBe(EC);
    expect(notice.noticeNumber).toMatch(/^307/);
    expect(noticeDigitsOk(notice.noticeNumber)).toBe(true);
    const { gateway } = recordingGateway(node.url);
    expect(await gateway.verify(notice)).toMatchObject({
      ok: true,
      amountCents: 2_940,
      description: 'Verbale 48213 del 12/09/2026, targa AB123CD',
      creditorName: 'Comune di Prato',
    });
    const position = node.node.books.position(EC, notice.noticeNumber);
    if (!position) throw new Error('no position');
    node.node.payElsewhere(position);
    const [{ call } = { call: undefined }] = town.bodies('POST');
    expect(call?.url).toMatch(/\/organizations\/84006890481\/debtpositions\?toPublish=true$/);
    const iupd = town.made[0]?.position.iupd;
    const read = await town.fetch({
      ...(call as PlatformCall),
      method: 'GET',
      url: `${node.debtPositions}/organizations/${EC}/debtpositions/${iupd}`,
      body: undefined,
    });
    expect(read.json).toMatchObject({
      status: 'PAID',
      paymentOption: [{ status: 'PO_PAID', amount: 2_940 }],
    });
  });

  it('names the debtor to the archive, and to nobody else', async () => {
    await town.created(card());
    await town.created(fine());
    expect(
      town.made.map(({ position: { fiscalCode, fullName, type } }) => [type, fiscalCode, fullName]),
    ).toEqual([
      ['F', CODE, 'Maria Rossi'],
      ['F', 'ANONIMO', 'ANONIMO'],
    ]);
    for (const text of await town.rig.remembered()) {
      expect(text).not.toMatch(/RSSMRA|Maria Rossi|AB123CD/);
    }
  });

  it('asked twice, at once or again, is one position with one IUV', async () => {
    const request = fine();
    const both = await Promise.all([town.created(request), town.created(request)]);
    const again = await town.created(request);
    expect(new Set([...both, again].map(({ notice }) => notice.noticeNumber)).size).toBe(1);
    expect(town.made).toHaveLength(1);
    // told from memory: nobody was asked again
    expect(town.calls).toHaveLength(1);
    const next = await town.created(fine());
    expect(next.notice.noticeNumber).not.toBe(again.notice.noticeNumber);
  });

  it('whose answer was lost is read back, and stays one', async () => {
    const request = fine();
    node.platform.setFault({ mode: 'drop-after', count: 1 });
    expect(await town.ask(request)).toEqual({ result: 'unavailable' });
    expect(town.made).toHaveLength(1);
    const { notice } = await town.created(request);
    expect(notice.noticeNumber).toBe(town.made[0]?.position.paymentOption[0]?.nav);
    expect(town.made).toHaveLength(1);
    expect(town.calls.map(({ call, status }) => [call.method, status])).toEqual([
      ['POST', undefined],
      ['POST', 409],
      ['GET', 200],
    ]);
  });

  it.each(['drop-before', 'http-500', 'http-401', 'http-429'] as const)(
    'with the archive out of reach (%s) can be asked again, with the same IUV',
    async (mode) => {
      const request = fine();
      node.platform.setFault({ mode, count: 1 });
      expect(await town.ask(request)).toEqual({ result: 'unavailable' });
      expect(town.made).toHaveLength(0);
      await town.created(request);
      const [first, second] = town.bodies('POST').map(({ call }) => JSON.stringify(call.body));
      expect(second).toBe(first);
    },
  );

  it('survives the death of the server between IUV and creation', async () => {
    const request = fine();
    const unsent = new Promise<unknown>((told) => {
      town.dying = told;
    });
    const lost = town.ask(request);
    lost.catch(() => undefined);
    const body = await unsent;
    await town.rig.restart();
    town.dying = undefined;
    const { notice } = await town.created(request);
    expect(body).toMatchObject({ paymentOption: [{ nav: notice.noticeNumber }] });
    const other = await town.created(fine());
    expect(town.made.map(({ position }) => position.paymentOption[0]?.nav)).toEqual([
      notice.noticeNumber,
      other.notice.noticeNumber,
    ]);
  });

  it('takes the next IUV where somebody else has used ours', async () => {
    const first = await town.created(fine());
    const [record] = town.made;
    if (!record) throw new Error('nothing made');
    // another archive of the same body, with an IUV that is exactly our next one
    const next = String(BigInt(first.notice.noticeNumber.slice(3, 16)) + 1n).padStart(13, '0');
    const nav = makeNotice('3', `07${next}`);
    const [option] = record.position.paymentOption;
    if (!option) throw new Error('no option');
    node.platform.archive.restore([
      {
        ...record,
        position: {
          ...record.position,
          iupd: 'theirs',
          paymentOption: [{ ...option, nav, iuv: nav.slice(1) }],
        },
      },
    ]);
    const second = await town.created(fine());
    expect(second.notice.noticeNumber).not.toBe(nav);
    expect(town.calls.slice(1).map(({ call, status }) => [call.method, status])).toEqual([
      ['POST', 409],
      ['GET', 404],
      ['POST', 201],
    ]);
  });

  it('names each answer that cannot be, by the terminal’s own rules', async () => {
    expect(await town.ask(fine({ plate: 'A', date: '31022026', amount: '1', extra: 'x' }))).toEqual({
      result: 'refused',
      faults: [
        { path: 'answers.extra', message: 'unknown' },
        { path: 'answers.date', message: 'not-a-date' },
        { path: 'answers.plate', message: 'too-short' },
        { path: 'answers.amount', message: 'too-little' },
      ],
    });
    expect(await town.ask({ ...fine(), version: 9 })).toMatchObject({
      result: 'refused',
      faults: [{ path: 'service' }],
    });
    expect(town.calls).toEqual([]);
  });

  it('is not made for other money under the same request', async () => {
    const request = fine();
    node.platform.setFault({ mode: 'drop-before', count: 1 });
    await town.ask(request);
    const dearer = { ...request, answers: { ...request.answers, amount: '9900' } };
    const answer = await town.terminal.call('POST', TERMINAL_ROUTES.debtPositions, dearer);
    expect(answer).toMatchObject({ status: 409, body: { code: 'DEBT_POSITION_DIFFERS' } });
  });

  it('is offered to enrolled terminals only', async () => {
    const stranger = await town.rig.inject('GET', TERMINAL_ROUTES.catalogue);
    expect(stranger.status).toBe(401);
    const { body } = await town.terminal.call('GET', TERMINAL_ROUTES.catalogue);
    expect(body).toMatchObject({ entries: [{ id: 'pagamenti.carta-identita' }, {}, {}, {}, {}, {}, {}] });
  });
});

describe('finishing on the phone', () => {
  let node: NodeSimulator;
  let town: Town;
  beforeEach(async () => {
    node = await startNodeSimulator();
    town = await new Town(node).start();
  });
  afterEach(async () => {
    await town.rig.close();
    await node.close();
  });
  const cart = async (noticeNumber: string) => {
    const notices = [
      {
        notice: { noticeNumber, creditorTaxCode: EC },
        amountCents: 2_940,
        description: 'Verbale <48213>',
        creditorName: 'Comune di Prato',
      },
    ];
    return (await town.terminal.call('POST', TERMINAL_ROUTES.carts, { notices })).body;
  };

  it('gives a page that shows the notice and pays it', async () => {
    const { notice } = await town.created(fine());
    const { url } = (await cart(notice.noticeNumber)) as { url: string };
    const shown = await (await fetch(url)).text();
    expect(shown).toContain('29,40 €');
    expect(shown).toContain('&lt;48213&gt;');
    const paid = await (await fetch(url, { method: 'POST' })).text();
    expect(paid).toContain('Hai pagato');
    expect(node.node.books.position(EC, notice.noticeNumber)?.state).toBe('PAID');
    // a second press pays nothing
    expect(await (await fetch(url, { method: 'POST' })).text()).toContain('Non si può pagare');
    const { gateway } = recordingGateway(node.url);
    expect(await gateway.verify(notice)).toMatchObject({
      ok: false,
      problem: { class: 'NOTICE_ALREADY_PAID' },
    });
  });

  it('says later where checkout cannot be reached', async () => {
    node.platform.setFault({ mode: 'drop-before', count: 1 });
    expect(await cart('302000120456789276')).toMatchObject({
      result: 'refused',
      problem: { class: 'NODE_UNREACHABLE', retry: 'later' },
    });
  });
});

describeWithShared('the wire to the platform', ['pagopa', 'openapi', 'pagopa-api'], (folder) => {
  it('is as published, in both directions', async () => {
    const gpd = openApiSchemas(join(folder, 'gpd.json'));
    const checkout = openApiSchemas(join(folder, 'checkout_v1.json'));
    const judge = {
      made: gpd('PaymentPositionModel'),
      read: gpd('PaymentPositionModelBaseResponse'),
      problem: gpd('ProblemJson'),
      cart: checkout('CartRequest'),
    };
    // the judge does judge
    expect(judge.made({ iupd: 'x' })).not.toEqual([]);
    expect(judge.cart({ paymentNotices: [] })).not.toEqual([]);

    const node = await startNodeSimulator();
    const town = await new Town(node).start();
    try {
      const { notice } = await town.created(card());
      const request = fine();
      node.platform.setFault({ mode: 'drop-after', count: 1 });
      await town.ask(request);
      await town.created(request);
      await town.terminal.call('POST', TERMINAL_ROUTES.carts, {
        notices: [{ notice, amountCents: 2_221, description: 'CIE', creditorName: 'Comune di Prato' }],
      });
      const seen = town.calls.map(({ call, status, json }) => {
        if (call.url.endsWith('/carts')) return judge.cart(call.body);
        if (call.method === 'GET') return judge.read(json);
        const answer = status === 409 ? judge.problem(json) : status === undefined ? [] : judge.made(json);
        return [...judge.made(call.body), ...answer];
      });
      expect(seen).toEqual(seen.map(() => []));
      expect(seen).toHaveLength(5);
    } finally {
      await town.rig.close();
      await node.close();
    }
  });
});
