import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cents, Secret } from '@jolly/contracts/values';
import { NodeSoapGateway, type PreparedRequest } from '@jolly/fleet-server/gateway';
import { startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { expect, it } from 'vitest';
import { describeWithShared } from '../shared-data/index.ts';
import { config } from './gateway.ts';

const notice = { noticeNumber: '322201151398574181', creditorTaxCode: '81005750021' };

describeWithShared('the published examples', ['pagopa', 'examples'], (folder) => {
  const example = (name: string) => readFileSync(join(folder, name));
  /** A gateway whose node always gives the same example. */
  const answering = (name: string) =>
    new NodeSoapGateway({
      config: config('http://127.0.0.1:9'),
      credentials: () => ({ password: new Secret('PLACEHOLDER'), subscriptionKey: new Secret('k') }),
      post: async () => ({ status: 200, body: example(name) }),
    });
  const open = (gateway: NodeSoapGateway) =>
    gateway.sendOpen(gateway.prepareOpen(notice, cents(12_000), 600_000));
  const request: PreparedRequest = { operation: 'sendPaymentOutcomeV2', idempotencyKey: 'x', body: '' };

  it('verifications', async () => {
    expect(await answering('verifyPaymentNotice.res.ok.xml').verify(notice)).toEqual({
      ok: true,
      amountCents: 12_000,
      description: 'TARI 2026 - Via Roma 1',
      creditorTaxCode: '81005750021',
      creditorName: 'Comune di Esempio',
      office: 'Ufficio Tributi',
      dueDate: '2026-12-31',
      standIn: false,
    });
    expect(await answering('verifyPaymentNotice.res.ko-paid.xml').verify(notice)).toMatchObject({
      problem: { class: 'NOTICE_ALREADY_PAID' },
    });
    expect(await answering('verifyPaymentNotice.res.ko-expired.xml').verify(notice)).toMatchObject({
      problem: { class: 'EXPIRED_NOTICE', faultCode: 'PAA_PAGAMENTO_SCADUTO' },
    });
  });

  it('activations', async () => {
    expect(await open(answering('activatePaymentNoticeV2.res.ok-multibeneficiary.xml'))).toMatchObject({
      ok: true,
      totalCents: 12_000,
      iuv: '22201151398574181',
      suggestedUserFeeCents: 150,
      transfers: [
        { idTransfer: 1, amountCents: 10_000, stamp: false },
        { idTransfer: 2, amountCents: 2_000, creditorTaxCode: '01199250158' },
      ],
    });
    expect(await open(answering('activatePaymentNoticeV2.res.ok-mbd.xml'))).toMatchObject({
      transfers: [{ stamp: true }],
    });
    expect(await open(answering('activatePaymentNoticeV2.res.ko-in-progress.xml'))).toMatchObject({
      problem: { class: 'PAYMENT_ALREADY_IN_PROGRESS', retry: 'later' },
    });
  });

  it('outcomes', async () => {
    const ok = answering('sendPaymentOutcomeV2.res.ok.xml');
    expect(await ok.sendOutcome(request)).toEqual({ answer: 'ok' });
    const late = answering('sendPaymentOutcomeV2.res.ko-token-expired.xml');
    expect(await late.sendOutcome(request)).toEqual({ answer: 'token-expired' });
  });

  it('requests: the node reads each as one of its own', async () => {
    const simulator = await startNodeSimulator();
    try {
      const expected = {
        'verifyPaymentNotice.req.xml': 'PPT_DOMINIO_SCONOSCIUTO',
        'activatePaymentNoticeV2.req.xml': 'PPT_DOMINIO_SCONOSCIUTO',
        'sendPaymentOutcomeV2.req.ok.xml': 'PPT_TOKEN_SCONOSCIUTO',
        'sendPaymentOutcomeV2.req.ko.xml': 'PPT_TOKEN_SCONOSCIUTO',
      };
      for (const [name, code] of Object.entries(expected)) {
        const { xml } = await simulator.node.handle(example(name), undefined);
        expect(xml).toContain(`<faultCode>${code}</faultCode>`);
      }
    } finally {
      await simulator.close();
    }
  });
});
