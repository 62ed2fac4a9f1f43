/** The fleet server as the terminal sees it: calls over HTTP for money and citizens, and the live link over MQTT for the fleet. */
export { KeptAccess } from './access.ts';
export * from './http-client.ts';
export { MqttLink, type MqttLinkOptions } from './mqtt/link.ts';
export type { Down, LinkCredentials, Offered, TerminalLink } from './mqtt/port.ts';
export * from './port.ts';
