import { Secret, systemClock } from '@jolly/contracts/values';
import { NodeSoapGateway } from '@jolly/fleet-server/gateway';
import { rateOf } from './rates.ts';
import type { Figure } from './statistics.ts';

const CALLS_A_BATCH = 100;
const BATCHES = 20;
const answer = new TextEncoder().encode(
  '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:nod="http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd"><soapenv:Header/><soapenv:Body>' +
    '<nod:verifyPaymentNoticeRes><outcome>OK</outcome><paymentList><paymentOptionDescription>' +
    '<amount>123.45</amount><options>EQ</options><dueDate>2026-12-02</dueDate>' +
    '<allCCP>false</allCCP></paymentOptionDescription></paymentList>' +
    '<paymentDescription>TARI 2026 - seconda rata</paymentDescription>' +
    '<fiscalCodePA>84006890481</fiscalCodePA><companyName>Comune di Prato</companyName>' +
    '<officeName>Ufficio Tributi</officeName></nod:verifyPaymentNoticeRes></soapenv:Body></soapenv:Envelope>',
);

/** Verify calls of the SOAP adapter with a network that takes no time: request written, answer read and judged. */
export async function benchSoap(): Promise<Figure> {
  const gateway = new NodeSoapGateway({
    config: {
      kind: 'node-soap',
      url: 'http://127.0.0.1:9/unused',
      pspName: 'Banca Dimostrativa S.p.A.',
      pspTaxCode: '02654890025',
      idPsp: 'BDIMITMM',
      idBrokerPsp: '02654890025',
      idChannel: '02654890025_01',
      paymentChannel: 'other',
      fee: 'none',
      tokenMs: 600_000,
      timeouts: { connectMs: 1_000, verifyMs: 1_000, activateMs: 1_000, outcomeMs: 1_000 },
    },
    credentials: () => ({ password: new Secret('PLACEHOLDER'), subscriptionKey: new Secret('') }),
    clock: systemClock,
    post: () => Promise.resolve({ status: 200, body: answer }),
  });
  const rates: number[] = [];
  // The first batch warms up.
  for (let batch = 0; batch <= BATCHES; batch++) {
    const start = performance.now();
    for (let call = 0; call < CALLS_A_BATCH; call++) {
      const verified = await gateway.verify({
        noticeNumber: '302000120456789276',
        creditorTaxCode: '84006890481',
      });
      if (!verified.ok) throw new Error(`the answer was not understood: ${JSON.stringify(verified)}`);
    }
    if (batch > 0) rates.push((CALLS_A_BATCH / (performance.now() - start)) * 1000);
  }
  return rateOf(rates, 'calls/s');
}
