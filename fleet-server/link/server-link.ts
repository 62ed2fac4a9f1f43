import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { openReplicas } from '../replicas/index.ts';
import type { CallerOf } from './doors.ts';
import { embeddedBroker } from './embedded.ts';
import { externalBroker } from './external.ts';
import { LINK_LIMITS } from './limits.ts';
import { type LinkParts, type OpenLink, openLink } from './link.ts';
import type { LinkGate } from './port.ts';
import { Refusals } from './refusals.ts';
import type { LinkSettings } from './settings.ts';

export interface ServerLinkParts
  extends Omit<LinkParts, 'broker' | 'limits' | 'refusals' | 'ownership' | 'log'> {
  readonly settings: LinkSettings;
  readonly gate: LinkGate;
  readonly callerOf?: CallerOf;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
}

export interface ServerLink {
  readonly link: OpenLink;
  /** Takes WebSockets of terminals on the server's own port, where the broker is in this process. */
  attach(server: HttpServer): void;
  /** Ports of the embedded broker's own listeners, once started. */
  ports(): { readonly tls?: number | undefined; readonly tcp?: number | undefined };
}

/** The fleet link as the settings say: with a broker in this process, or as one of several servers at one of the house. */
export function openServerLink(parts: ServerLinkParts): ServerLink {
  const { settings, store, clock, log } = parts;
  const refusals = new Refusals(log);
  const limits = { ...LINK_LIMITS, ...present(settings.limits) };
  if (settings.broker === 'embedded') {
    const { tls, tcp } = settings;
    const broker = embeddedBroker({
      gate: parts.gate,
      clock,
      limits,
      refusals,
      listen: { tls, tcp },
      callerOf: parts.callerOf,
    });
    const link = openLink({ ...parts, broker, limits, refusals });
    return { link, attach: (server) => broker.attach(server), ports: () => broker.ports() };
  }
  const failed = (error: Error) => log.error({ err: error }, 'fleet link: the broker is not to be had');
  const broker = externalBroker({ ...settings, refusals, failed });
  const replicas = openReplicas({ store, clock, log, replicaId: randomUUID() });
  const link = openLink({ ...parts, broker, limits, refusals, ownership: replicas });
  return {
    link: {
      ...link,
      start: async () => {
        await replicas.start();
        await link.start();
      },
      close: async () => {
        await link.close();
        await replicas.close();
      },
    },
    attach: () => undefined,
    ports: () => ({}),
  };
}

function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
