import { TenantId, TerminalId } from '../values/index.ts';

/**
 * The topic tree: `jolly/1/<tenant>/<terminal>/up/<kind>` from a terminal, `…/down/<kind>` to it. `1` is the version of the tree. A
 * terminal's user name at the broker is `<tenant>/<terminal>`, so a few ACL patterns (`jolly/1/%u/up/hello`…, `jolly/1/%u/down/#`) keep
 * every terminal among its own topics, and a tenant's terminals are one subtree. docs/fleet-link.md is the page about it.
 */
const ROOT = 'jolly/1';

/** From a terminal: is it there, who it is and where it stood, how it is, what happened. `signal`: calls by video. */
export const UP = ['presence', 'hello', 'reported', 'entries', 'signal'] as const;
export type Up = (typeof UP)[number];

/** To a terminal: the answer to its hello, what is stored, how it should be, what to do, what to tell again. */
export const DOWN = ['welcome', 'ack', 'desired', 'command', 'ask', 'signal'] as const;
export type Down = (typeof DOWN)[number];

export interface LinkAddress {
  readonly tenantId: string;
  readonly terminalId: string;
}

export const upTopic = ({ tenantId, terminalId }: LinkAddress, kind: Up): string =>
  `${ROOT}/${tenantId}/${terminalId}/up/${kind}`;
export const downTopic = ({ tenantId, terminalId }: LinkAddress, kind: Down): string =>
  `${ROOT}/${tenantId}/${terminalId}/down/${kind}`;
/** What a terminal subscribes to, and all it may. */
export const downFilter = ({ tenantId, terminalId }: LinkAddress): string =>
  `${ROOT}/${tenantId}/${terminalId}/down/#`;
/** What a server subscribes to. */
export const ALL_UP = `${ROOT}/+/+/up/#`;

/** User name of a terminal at the broker, and common name of its client certificate. */
export const linkUser = ({ tenantId, terminalId }: LinkAddress): string => `${tenantId}/${terminalId}`;
/** Client id of a terminal: one connection a terminal, a second one takes the place of the first. */
export const linkClientId = ({ tenantId, terminalId }: LinkAddress): string =>
  `jolly-${tenantId}-${terminalId}`;

/** Reads a user name; undefined when it is none of a terminal. */
export function readLinkUser(text: string): LinkAddress | undefined {
  const [tenantId, terminalId, ...more] = text.split('/');
  return more.length === 0 ? addressOf(tenantId, terminalId) : undefined;
}

export type ReadTopic = LinkAddress &
  ({ readonly way: 'up'; readonly kind: Up } | { readonly way: 'down'; readonly kind: Down });

/** Reads a topic of the tree; undefined for any other. */
export function readTopic(topic: string): ReadTopic | undefined {
  const [root, version, tenantId, terminalId, way, kind, ...more] = topic.split('/');
  if (`${root}/${version}` !== ROOT || more.length > 0) return undefined;
  const address = addressOf(tenantId, terminalId);
  if (!address) return undefined;
  const up = UP.find((each) => each === kind);
  if (way === 'up' && up) return { ...address, way, kind: up };
  const down = DOWN.find((each) => each === kind);
  if (way === 'down' && down) return { ...address, way, kind: down };
  return undefined;
}

function addressOf(tenant: string | undefined, terminal: string | undefined): LinkAddress | undefined {
  const tenantId = TenantId.safeParse(tenant);
  const terminalId = TerminalId.safeParse(terminal);
  return tenantId.success && terminalId.success
    ? { tenantId: tenantId.data, terminalId: terminalId.data }
    : undefined;
}
