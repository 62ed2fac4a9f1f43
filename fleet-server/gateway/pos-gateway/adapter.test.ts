import { ManualClock, Secret } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { PosGatewayConfig } from '../config.ts';
import { PosGateway } from './adapter.ts';

const config = PosGatewayConfig.parse({
  kind: 'pos-gateway',
  url: 'https://gateway.example/pos',
  paymentOptionsUrl: 'https://options.example',
  pspName: 'Banca',
  pspTaxCode: '02654890025',
  psp: { id: 'BDIMITMM', broker: '02654890025', channel: '02654890025_01' },
  creditorTaxCode: '84006890481',
});
const facts = {
  kioskPaymentId: '01a2b3c4-0000-7000-8000-000000000001',
  sessionId: '01a2b3c4-0000-4000-8000-000000000002',
  posTerminalId: '00000001',
  notice: { noticeNumber: '302000120456789276', creditorTaxCode: '84006890481' },
};
/** What a request for the card is worth when the gateway answers so. */
const answered = (status: number, body = '') => {
  const { card } = new PosGateway({
    config,
    credentials: () => ({ subscriptionKey: new Secret('key') }),
    clock: new ManualClock(),
    post: async () => ({ status, body: Buffer.from(body) }),
  });
  return card.sendAuthorisation(card.prepareAuthorisation(facts));
};

describe('a request for the card', () => {
  it.each([401, 404])('%i: nobody was asked', async (status) => {
    expect(await answered(status)).toEqual({ ok: false, reason: `POS_GATEWAY_HTTP ${status}` });
  });

  it.each([201, 204, 302, 400, 403, 408, 409, 422, 429, 500, 502, 503, 504])(
    '%i: somebody may have been asked',
    async (status) => {
      expect(await answered(status)).toMatchObject({ ok: 'unknown' });
    },
  );

  it.each(['', '{', '{}', '{"outcome":"MAYBE"}'])(
    '200 with %j: somebody may have been asked',
    async (body) => {
      expect(await answered(200, body)).toMatchObject({ ok: 'unknown' });
    },
  );

  it('is refused in the words of the interface', async () => {
    const refused = '{"outcome":"KO","amount":1,"details":[{"reason":"ACTIVATION_ERROR"}]}';
    expect(await answered(200, refused)).toEqual({ ok: false, reason: 'ACTIVATION_ERROR' });
  });
});
