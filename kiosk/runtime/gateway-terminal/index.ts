export { type GatewayLink, GatewayTerminal, registerGatewayTerminal } from './gateway-terminal.ts';
