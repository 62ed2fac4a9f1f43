import { cents, isJollyError, ManualClock, Secret } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { NodeSoapConfig } from '../config.ts';
import { gatewayError } from '../errors.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { NodeSoapGateway } from './adapter.ts';

const notice = { noticeNumber: '302000120456789276', creditorTaxCode: '84006890481' };
const config = NodeSoapConfig.parse({
  kind: 'node-soap',
  url: 'https://node.example/nodo-auth/node-for-psp/v1',
  pspName: 'Banca',
  pspTaxCode: '02654890025',
  idPsp: 'BDIMITMM',
  idBrokerPsp: '02654890025',
  idChannel: '02654890025_01',
});

function made(answer: (request: HttpRequest) => HttpAnswer, password = 'PLACEHOLDER') {
  const requests: HttpRequest[] = [];
  const secrets = { password, subscriptionKey: 'key-1' };
  const clock = new ManualClock();
  let random = 0;
  const gateway = new NodeSoapGateway({
    config,
    credentials: () => ({
      password: new Secret(secrets.password),
      subscriptionKey: new Secret(secrets.subscriptionKey),
    }),
    clock,
    random: (length) => new Uint8Array(length).fill(random++),
    post: async (request) => {
      requests.push(request);
      return answer(request);
    },
  });
  return { gateway, requests, secrets, clock };
}
const status = (code: number) => (): HttpAnswer => ({ status: code, body: new Uint8Array() });
const saying = (root: string, inside: string) => (): HttpAnswer => ({
  status: 200,
  body: new TextEncoder().encode(
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:${root} xmlns:n="http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd">${inside}</n:${root}></s:Body></s:Envelope>`,
  ),
});

describe('the SOAP gateway', () => {
  it('calls as pagopa.md 3.1 says, with limits of its configuration', async () => {
    const { gateway, requests } = made(status(503));
    await gateway.verify(notice);
    expect(requests[0]).toMatchObject({
      url: config.url,
      connectMs: 5_000,
      answerMs: 25_000,
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: '"verifyPaymentNotice"',
        'ocp-apim-subscription-key': 'key-1',
      },
    });
    await gateway.sendOpen(gateway.prepareOpen(notice, cents(1), 1));
    expect(requests[1]).toMatchObject({
      answerMs: 40_000,
      headers: { soapaction: '"activatePaymentNoticeV2"' },
    });
  });

  it('uses rotated credentials from the next call on, and repeats a stored body as it was', async () => {
    const { gateway, requests, secrets } = made(status(503));
    const stored = gateway.prepareOpen(notice, cents(12_345), 600_000);
    secrets.password = 'NUOVAPASSWORD';
    secrets.subscriptionKey = 'key-2';
    await gateway.sendOpen(stored);
    expect(requests[0]?.body).toBe(stored.body);
    expect(requests[0]?.headers['ocp-apim-subscription-key']).toBe('key-2');
    const next = gateway.prepareOpen(notice, cents(12_345), 600_000);
    expect(next.body).toContain('<password>NUOVAPASSWORD</password>');
    expect(next.idempotencyKey).not.toBe(stored.idempotencyKey);
  });

  it('waits three seconds before it asks a creditor in trouble again, once', async () => {
    const timeout = saying(
      'verifyPaymentNoticeRes',
      '<outcome>KO</outcome><fault><faultCode>PPT_STAZIONE_INT_PA_TIMEOUT</faultCode><faultString/><id/></fault>',
    );
    const { gateway, requests, clock } = made(timeout);
    const verified = gateway.verify(notice);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(2_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests).toHaveLength(1);
    clock.advance(1);
    expect(await verified).toMatchObject({
      ok: false,
      problem: { class: 'CREDITOR_PROBLEMS', retry: 'later' },
    });
    expect(requests).toHaveLength(2);
  });

  it.each([
    [401, 'NOTICE_GLITCH', 'no'],
    [403, 'NOTICE_GLITCH', 'no'],
    [429, 'NODE_UNREACHABLE', 'later'],
    [502, 'NODE_UNREACHABLE', 'later'],
  ])('HTTP %s on verify is %s', async (code, faultClass, retry) => {
    const { gateway } = made(status(code));
    const problem = { class: faultClass, faultCode: `NODE_HTTP_STATUS ${code}`, retry };
    expect(await gateway.verify(notice)).toEqual({ ok: false, problem });
  });

  it('an activation without token or amount is unknown, not refused', async () => {
    const { gateway } = made(saying('activatePaymentNoticeV2Response', '<outcome>OK</outcome>'));
    expect(await gateway.sendOpen(gateway.prepareOpen(notice, cents(1), 60_000))).toEqual({
      ok: 'unknown',
      reason: 'SOAP_FIELD_INVALID',
    });
  });

  it('fills what a creditor leaves out from the notice itself', async () => {
    const token = '<outcome>OK</outcome><totalAmount>1.00</totalAmount><paymentToken>t</paymentToken>';
    const { gateway } = made(saying('activatePaymentNoticeV2Response', token));
    expect(await gateway.sendOpen(gateway.prepareOpen(notice, cents(100), 60_000))).toEqual({
      ok: true,
      paymentToken: 't',
      iuv: '02000120456789276',
      totalCents: 100,
      description: '',
      creditorTaxCode: '84006890481',
      creditorName: '84006890481',
      transfers: [],
    });
  });

  it('an outcome that the wire lost is unreachable, with the reason', async () => {
    const { gateway } = made(() => {
      throw gatewayError('NODE_ANSWER_TIMEOUT', { ms: 40_000 });
    });
    const facts = {
      paymentToken: 't',
      feeCents: cents(0),
      paymentMethod: 'bancomat',
      applicationDate: '2026-11-21',
      kioskPaymentId: '01a2b3c4-0000-7000-8000-000000000001',
      localTime: '2026-11-21T10:15:30',
      announced: false,
    } as const;
    const request = gateway.prepareOutcome({ ...facts, outcome: 'OK' });
    expect(request.body).toContain('<transferDate>2026-11-23</transferDate>');
    expect(await gateway.sendOutcome(request)).toEqual({
      answer: 'unreachable',
      reason: 'NODE_ANSWER_TIMEOUT',
    });
    expect(gateway.prepareOutcome({ ...facts, outcome: 'KO' }).body).not.toContain('details');
  });

  it('a fee goes back with the ids of the bundle it came from', () => {
    const { gateway } = made(status(200));
    const { body } = gateway.prepareOutcome({
      kioskPaymentId: '01a2b3c4-0000-7000-8000-000000000001',
      paymentToken: 't',
      outcome: 'OK',
      feeCents: cents(150),
      paymentMethod: 'bancomat',
      applicationDate: '2026-11-21',
      localTime: '2026-11-21T10:15:30',
      announced: false,
      bundle: { idBundle: 'B1', idCiBundle: 'C1' },
    });
    expect(body).toContain('<fee>1.50</fee><idBundle>B1</idBundle><idCiBundle>C1</idCiBundle>');
  });

  it('refuses a password that the node could only reject, without printing it', () => {
    const { gateway } = made(status(200), 'corta');
    try {
      gateway.prepareOpen(notice, cents(1), 60_000);
      expect.unreachable();
    } catch (error) {
      expect(isJollyError(error, 'NODE_CREDENTIALS_INVALID')).toBe(true);
      expect(JSON.stringify(error) + String(error)).not.toContain('corta');
    }
  });
});
