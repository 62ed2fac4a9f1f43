export type { Broker, BrokerEvents, FleetLink, LinkGate, LinkListeners, LinkSender } from './port.ts';
