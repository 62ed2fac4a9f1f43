import { LoginMethod } from '@jolly/contracts/citizen-login';
import type { Fault } from '@jolly/contracts/fleet-api';
import { z } from 'zod';
import type { Trust } from '../trust/index.ts';

/** A municipality's choices about citizens' logins. Nothing is offered until it is named. */
export const CitizenSettings = z.object({
  methods: z.array(LoginMethod).default([]),
  /** Also takes a CIE without its PIN (level `card`): who holds the card, not who they are. */
  withoutPin: z.boolean().default(false),
  sessionMinutes: z.int().min(1).max(60).default(15),
  challengeSeconds: z.int().min(10).max(300).default(60),
  revocation: z
    .object({
      /** `strict`: no fresh answer, no login. `soft`: see docs/citizens.md. */
      policy: z.enum(['strict', 'soft']).default('strict'),
      staleHours: z
        .int()
        .min(0)
        .max(24 * 14)
        .default(24),
    })
    .prefault({}),
});
export type CitizenSettings = z.infer<typeof CitizenSettings>;

/** Methods offered without anchors to check them by. */
export function faultsOfMethods(
  tenants: readonly { readonly citizens: CitizenSettings }[],
  trust: Trust,
): readonly Fault[] {
  return tenants.flatMap(({ citizens }, at) =>
    citizens.methods.flatMap((method) =>
      NEEDED[method]
        .filter((kind) => trust[kind].length === 0)
        .map((kind) => ({
          path: `tenants.${at}.citizens.methods`,
          message: `${method} needs anchors in trust.${kind}`,
        })),
    ),
  );
}

const NEEDED: Readonly<Record<LoginMethod, readonly (keyof Trust)[]>> = {
  'cie-card-local': ['citizenCa', 'csca'],
  'cns-card-local': ['cnsCa'],
};
