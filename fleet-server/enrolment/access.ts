import { readFileSync } from 'node:fs';
import { LINK_PATH, type LinkAccess } from '@jolly/contracts/fleet-api';
import type { LinkAddress } from '@jolly/contracts/fleet-link';
import { z } from 'zod';
import type { LinkKeys } from './link-keys.ts';
import type { TenantCa } from './tenant-ca.ts';

/** Settings of how terminals reach the link. */
export const LinkAccessSettings = z.object({
  /** `wss://…/mqtt`, `mqtts://…:8883`, the first that works; absent: this server's own address and port. */
  urls: z
    .array(z.string().regex(/^(wss?|mqtts?):\/\/\S+$/))
    .min(1)
    .optional(),
  /** PEM file of the CA that signs the broker's certificate, where it is not a public one. */
  brokerCaFile: z.string().optional(),
});
export type LinkAccessSettings = z.infer<typeof LinkAccessSettings>;

/** Tells a terminal how it reaches the fleet link. */
export interface LinkWay {
  accessOf(who: LinkAddress, publicKey: string): Promise<LinkAccess>;
}

export interface LinkWayParts {
  readonly settings: LinkAccessSettings;
  readonly keys: LinkKeys;
  readonly ca: TenantCa;
  readonly publicUrl: () => string;
}

export function openLinkWay({ settings, keys, ca, publicUrl }: LinkWayParts): LinkWay {
  // read once: a broker's CA changes with its settings, and those are read at the start
  const brokerCa = settings.brokerCaFile && readFileSync(settings.brokerCaFile, 'utf8');
  return {
    async accessOf(who, publicKey) {
      return {
        urls: settings.urls ?? [`${publicUrl().replace(/^http/, 'ws')}${LINK_PATH}`],
        serverKeys: await keys.publicKeys(),
        certificate: await ca.certificateOf(who, publicKey),
        ...(brokerCa ? { brokerCa } : {}),
      };
    },
  };
}
