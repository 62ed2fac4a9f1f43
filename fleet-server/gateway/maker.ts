import type { GatewayConfig } from './config.ts';
import { type MilCredentials, MilGateway } from './mil/index.ts';
import { type GatewayCredentials as NodeCredentials, NodeSoapGateway } from './node-soap/index.ts';
import type { PaymentGateway } from './port.ts';
import { PosGateway, type PosGatewayCredentials } from './pos-gateway/index.ts';

/** Every credential a gateway may ask for; one that its kind does not use is never read. */
export type AllCredentials = NodeCredentials & MilCredentials & PosGatewayCredentials;

/** The gateway that the configuration names. `credentials` is asked at every use. */
export function makeGateway(config: GatewayConfig, credentials: () => AllCredentials): PaymentGateway {
  switch (config.kind) {
    case 'node-soap':
      return new NodeSoapGateway({ config, credentials });
    case 'mil':
      return new MilGateway({ config, credentials });
    case 'pos-gateway':
      return new PosGateway({ config, credentials });
  }
}
