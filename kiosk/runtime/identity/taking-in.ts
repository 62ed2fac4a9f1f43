import { hostname } from 'node:os';
import { type AskEnrolment, type EnrolmentAnswer, NOT_ENROLLED } from '@jolly/contracts/fleet-api';
import type { Screen } from '@jolly/contracts/terminal-channel';
import { isJollyError } from '@jolly/contracts/values';
import { fail } from '../errors.ts';
import type { DeviceIdentity } from './identity.ts';
import { type RotationClient, rotateKey } from './rotation.ts';

/** How long after a refusal the terminal asks again (ms): somebody may have pressed the wrong thing. */
const REFUSED_MS = 60_000;

export type EnrolmentScreen = Extract<Screen, { name: 'enrolment' }>;

/** The server, as being taken in needs it. */
export interface EnrolmentClient extends RotationClient {
  time(): Promise<number>;
  enrol(enrolment: { readonly site: string; readonly code: string }): Promise<void>;
  ask(request: AskEnrolment): Promise<EnrolmentAnswer>;
}

export interface TakingIn {
  readonly config: {
    readonly tenantId: string;
    readonly site: string;
    readonly serial?: string | undefined;
    readonly enrolmentCode?: string | undefined;
  };
  readonly identity: DeviceIdentity;
  readonly client: EnrolmentClient;
  readonly software: string;
  /** What the screen says meanwhile; undefined: nothing, the terminal is known. */
  show(screen: EnrolmentScreen | undefined): void;
}

/**
 * Once: resolves when the server knows this terminal's key, or to how long (ms) it is to wait before it asks again. Who has a name by
 * file or server shows only that it holds the key; an unknown key, and who has no name, asks to be taken in.
 */
export async function takeIn(parts: TakingIn): Promise<number | undefined> {
  const { config, identity, client } = parts;
  // first of all: the server may know the next key already, and the present one no more
  if (identity.changing) await rotateKey(identity, client);
  if (config.enrolmentCode !== undefined && identity.namedBy === 'file') {
    await client.enrol({ site: config.site, code: config.enrolmentCode });
    return undefined;
  }
  if (identity.namedBy !== 'nobody') {
    try {
      await client.time();
      parts.show(undefined);
      return undefined;
    } catch (error) {
      const unknown = isJollyError(error, 'SERVER_REFUSED') && error.detail.code === 'SIGNATURE_REFUSED';
      if (!unknown || identity.namedBy === 'server') throw error;
    }
  }
  return ask(parts);
}

async function ask({ config, identity, client, software, show }: TakingIn): Promise<number | undefined> {
  const { publicKey, fingerprint } = identity;
  const answer = await client.ask({
    publicKey,
    software,
    hostname: hostname().slice(0, 64),
    ...(config.serial === undefined ? {} : { serial: config.serial }),
    ...(config.tenantId === NOT_ENROLLED ? {} : { tenantHint: config.tenantId }),
  });
  if (answer.state === 'waiting') {
    // the fingerprint is of the key that is here, whatever the server says
    show({ name: 'enrolment', state: 'waiting', fingerprint, code: answer.code, url: answer.url });
    return answer.again * 1000;
  }
  if (answer.state === 'refused') {
    show({ name: 'enrolment', state: 'refused', fingerprint });
    return REFUSED_MS;
  }
  const { tenantId, terminalId, site } = answer;
  if (config.tenantId !== NOT_ENROLLED && config.tenantId !== tenantId) {
    throw fail('ENROLLED_ELSEWHERE', { tenantId, expected: config.tenantId });
  }
  identity.accept({ tenantId, terminalId, site });
  show(undefined);
  return undefined;
}

/** The settings with the name that holds now: whoever reads them later reads the name that staff gave meanwhile. */
export function named<C extends { tenantId: string; terminalId: string; site: string }>(
  config: C,
  identity: DeviceIdentity,
): C {
  return {
    ...config,
    get tenantId() {
      return identity.tenantId;
    },
    get terminalId() {
      return identity.terminalId;
    },
    get site() {
      return identity.site || config.site;
    },
  };
}
