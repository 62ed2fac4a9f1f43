import { Secret } from '@jolly/contracts/values';
import {
  GatewayConfig,
  type MilConfig,
  MilGateway,
  makeGateway,
  nodeHttpPost,
  type PosGatewayConfig,
} from '@jolly/fleet-server/gateway';
import { NOTICE, Rig } from '@jolly/fleet-server/testing';
import type { NodeSimulator } from '@jolly/simulators/pagopa-node';
import { hurried } from './gateway.ts';

const common = {
  pspName: 'Banca Dimostrativa S.p.A.',
  pspTaxCode: '02654890025',
  timeouts: { connectMs: 2_000, verifyMs: 2_000, activateMs: 2_000, outcomeMs: 2_000 },
};

export const SECRET = 'demo-secret-demo-secret-demo-secret1';

export const milConfig = (simulator: NodeSimulator, more: object = {}): MilConfig =>
  GatewayConfig.parse({
    kind: 'mil',
    ...common,
    urls: {
      auth: `${simulator.mil.url}/auth`,
      paymentNotice: `${simulator.mil.url}/mil-payment-notice`,
      fees: `${simulator.mil.url}/mil-fee-calculator/`,
    },
    acquirerId: '4585625',
    clientId: '5254f087-1214-45cd-94ae-fda53c835197',
    terminals: { 'TOTEM-01': '0aB9wXyZ' },
    polling: { retryAfterMs: 30_000, maxRetries: 3 },
    ...more,
  }) as MilConfig;

export const posGatewayConfig = (simulator: NodeSimulator, more: object = {}): PosGatewayConfig =>
  GatewayConfig.parse({
    kind: 'pos-gateway',
    ...common,
    url: `${simulator.posGateway.url}/pos-layer-service`,
    paymentOptionsUrl: `${simulator.posGateway.url}/payment-options-service`,
    psp: { id: 'BDIMITMM', broker: '02654890025', channel: '02654890025_01' },
    creditorTaxCode: '84006890481',
    ...more,
  }) as PosGatewayConfig;

export const soapConfig = (simulator: NodeSimulator, more: object = {}): GatewayConfig =>
  GatewayConfig.parse({
    kind: 'node-soap',
    ...common,
    url: simulator.url,
    idPsp: 'BDIMITMM',
    idBrokerPsp: '02654890025',
    idChannel: '02654890025_01',
    ...more,
  });

/** A MIL gateway of one terminal whose waits cost nothing. */
export function milGateway(simulator: NodeSimulator, more: object = {}, secret = SECRET) {
  return new MilGateway({
    config: milConfig(simulator, more),
    credentials: () => ({ clientSecret: new Secret(secret) }),
    clock: hurried,
    post: nodeHttpPost(),
  }).forTerminal('TOTEM-01');
}

/** A whole server on a gateway of this configuration. */
export function rigOf(config: GatewayConfig): Rig {
  return new Rig(
    { gateway: config },
    {
      makeGateway: (_tenantId, credentials) => makeGateway(config, () => credentials.current()),
    },
  );
}

export { NOTICE };
