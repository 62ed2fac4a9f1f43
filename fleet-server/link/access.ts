import {
  DOWN,
  downFilter,
  downTopic,
  type LinkAddress,
  linkClientId,
  MAX_PAYLOAD_BYTES,
  readLinkUser,
  readTopic,
  upTopic,
} from '@jolly/contracts/fleet-link';
import type { Refusal } from './refusals.ts';

/** The part of a PUBLISH, or of a will, that decides whether it may be. */
export interface Publishing {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly payload: { readonly length: number };
}

/** The part of a CONNECT that is looked at before the credentials are. */
export interface Connecting {
  readonly user: string | undefined;
  readonly clientId: string;
  readonly clean: boolean;
  readonly keepalive: number;
  readonly will: Publishing | undefined;
}

/** 1.5 times as long is the longest that a terminal can be gone unnoticed. */
export const LONGEST_KEEPALIVE_SECONDS = 60;
const LARGEST_PRESENCE = 512;

export type Claim =
  | { readonly ok: true; readonly address: LinkAddress }
  | { readonly ok: false; readonly fault: string };

/**
 * Whom a connection claims to be, and whether it is one of ours: a clean session, the client id of its user, a will that says
 * `offline` on its own topic (without it nobody would hear that it is gone), an answer asked for at least every minute.
 */
export function claimOf(connecting: Connecting): Claim {
  const refused = (fault: string): Claim => ({ ok: false, fault });
  const address = readLinkUser(connecting.user ?? '');
  if (!address) return refused('user');
  if (connecting.clientId !== linkClientId(address)) return refused('client-id');
  if (!connecting.clean) return refused('session');
  if (connecting.keepalive < 1 || connecting.keepalive > LONGEST_KEEPALIVE_SECONDS)
    return refused('keepalive');
  const { will } = connecting;
  if (!will || will.topic !== upTopic(address, 'presence') || !will.retain) return refused('will');
  if (refusePublish(address, will)) return refused('will');
  return { ok: true, address };
}

/** Why a terminal may not publish this; undefined when it may. */
export function refusePublish(from: LinkAddress, packet: Publishing): Refusal | undefined {
  const topic = readTopic(packet.topic);
  if (topic?.way !== 'up' || !isSame(topic, from)) return 'forged-topic';
  if (packet.qos > 1) return 'quality-of-service';
  if (packet.retain && topic.kind !== 'presence') return 'retained';
  const most = topic.kind === 'presence' ? LARGEST_PRESENCE : MAX_PAYLOAD_BYTES;
  return packet.payload.length > most ? 'oversized' : undefined;
}

/** Why a terminal may not hear this; undefined when it may. */
export function refuseSubscribe(
  from: LinkAddress,
  filter: { readonly topic: string; readonly qos: number },
): Refusal | undefined {
  if (filter.qos > 1) return 'quality-of-service';
  const own =
    filter.topic === downFilter(from) || DOWN.some((kind) => filter.topic === downTopic(from, kind));
  return own ? undefined : 'forged-subscription';
}

function isSame(one: LinkAddress, other: LinkAddress): boolean {
  return one.tenantId === other.tenantId && one.terminalId === other.terminalId;
}
