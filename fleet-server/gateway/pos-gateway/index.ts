export { PosGateway, type PosGatewayCredentials, type PosGatewayOptions } from './adapter.ts';
