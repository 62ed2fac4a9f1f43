export { LONGEST_KEEPALIVE_SECONDS } from './access.ts';
export type { Counts } from './counts.ts';
export type { ListenOptions } from './doors.ts';
export { type EmbeddedBroker, embeddedBroker } from './embedded.ts';
export { readEntries } from './entries.ts';
export { type ExternalOptions, externalBroker } from './external.ts';
export { LINK_LIMITS, type LinkLimits } from './limits.ts';
export { type LinkParts, type OpenLink, type Ownership, openLink } from './link.ts';
export type {
  Admits,
  Broker,
  BrokerEvents,
  FleetLink,
  Greeting,
  Leases,
  LinkGate,
  LinkListeners,
  LinkSender,
} from './port.ts';
export { REFUSALS, type Refusal, Refusals } from './refusals.ts';
export { linkRoutes } from './routes.ts';
export type { Sign } from './sender.ts';
export { openServerLink, type ServerLink, type ServerLinkParts } from './server-link.ts';
export { LinkSettings } from './settings.ts';
export { type LinkTables, linkMigrations } from './tables.ts';
