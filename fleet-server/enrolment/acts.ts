import { verify } from 'node:crypto';
import {
  type AcceptEnrolment,
  type EnrolmentAct,
  type RotateKey,
  rotationProof,
} from '@jolly/contracts/fleet-api';
import type { LinkAddress } from '@jolly/contracts/fleet-link';
import { findTerminal, type IdentityTables, publicKeyOf, type TerminalStatus } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import { mustFindSite, siteNamed } from '../sites/index.ts';
import type { Transaction } from '../store/index.ts';
import { admit } from './admission.ts';
import { fingerprintOf } from './codes.ts';
import { dropLink, endKey, mustBeNew } from './keys.ts';
import type { EnrolmentParts } from './parts.ts';
import { mustFindCode, UNKNOWN } from './pending.ts';
import type { EnrolmentTables } from './tables.ts';

/** How long what was signed with the key before is still taken. */
const OLD_KEY_MS = 600_000;

export interface Actor {
  readonly tenantId: string;
  readonly user: string;
}

/** Takes in the terminal that shows this code, into the municipality of whoever accepts it. */
export async function acceptEnrolment(
  parts: EnrolmentParts,
  { tenantId, user }: Actor,
  code: string,
  body: AcceptEnrolment,
): Promise<LinkAddress> {
  const { store, clock, audit, changes, watchers } = parts;
  const who = { tenantId, terminalId: body.terminalId };
  await store.transaction(async (tx) => {
    const pending = await mustFindCode(tx, clock.now(), tenantId, code);
    const site =
      body.siteId !== undefined
        ? await mustFindSite(tx, tenantId, body.siteId)
        : body.siteName !== undefined
          ? await siteNamed(tx, clock, tenantId, body.siteName)
          : undefined;
    const { public_key: publicKey, serial } = pending;
    await admit(tx, parts, { who, publicKey, serial, site, replaces: body.replaces });
    await audit.record(tx, {
      tenantId,
      actor: user,
      act: body.replaces ? 'terminal-replaced' : 'enrolment-accepted',
      subject: who.terminalId,
      detail: { fingerprint: fingerprintOf(publicKey), ...(serial === null ? {} : { serial }) },
    });
  });
  if (body.replaces) watchers.shut(who);
  changes.notify(tenantId, 'enrolments');
  changes.notify(tenantId, 'terminals');
  return who;
}

export async function refuseEnrolment(
  { store, clock, audit, changes }: EnrolmentParts,
  { tenantId, user }: Actor,
  code: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    const pending = await mustFindCode(tx, clock.now(), tenantId, code);
    await tx
      .of<EnrolmentTables>()
      .updateTable('pending_enrolment')
      .set({ state: 'refused' })
      .where('tenant_id', '=', UNKNOWN)
      .where('public_key', '=', pending.public_key)
      .execute();
    await audit.record(tx, {
      tenantId,
      actor: user,
      act: 'enrolment-refused',
      subject: fingerprintOf(pending.public_key),
      detail: { from: pending.asked_from },
    });
  });
  changes.notify(tenantId, 'enrolments');
}

const NEXT: Readonly<
  Record<
    EnrolmentAct['act'],
    { readonly from: readonly TerminalStatus[]; readonly to: TerminalStatus; readonly said: string }
  >
> = {
  trust: { from: ['suspect'], to: 'enrolled', said: 'key-trusted' },
  revoke: { from: ['enrolled', 'suspect'], to: 'revoked', said: 'key-revoked' },
  decommission: {
    from: ['enrolled', 'suspect', 'revoked'],
    to: 'decommissioned',
    said: 'terminal-decommissioned',
  },
};

/** Throws TERMINAL_UNKNOWN, or TERMINAL_ACT_REFUSED when the terminal is in no state for it. */
export async function actOnTerminal(
  { store, audit, changes, watchers }: EnrolmentParts,
  { tenantId, user }: Actor,
  terminalId: string,
  { act, note }: EnrolmentAct,
): Promise<void> {
  const who = { tenantId, terminalId };
  const next = NEXT[act];
  await store.transaction(async (tx) => {
    const row = await findTerminal(tx, who);
    if (!row) throw fail('TERMINAL_UNKNOWN');
    if (!next.from.includes(row.status)) throw fail('TERMINAL_ACT_REFUSED');
    await tx
      .of<IdentityTables>()
      .updateTable('terminal')
      .set({ status: next.to, suspect_why: null, previous_key: null, previous_until: null })
      .where('tenant_id', '=', tenantId)
      .where('terminal_id', '=', terminalId)
      .execute();
    // begins anew with what it brings next; nobody whose key is not believed has one
    await dropLink(tx, who);
    if (act === 'decommission') await dropPreAuthorisations(tx, who);
    await watchers.cleared(tx, who);
    await audit.record(tx, {
      tenantId,
      actor: user,
      act: next.said,
      subject: terminalId,
      detail: { note, fingerprint: fingerprintOf(row.public_key) },
    });
  });
  if (act !== 'trust') watchers.shut(who);
  changes.notify(tenantId, 'terminals');
}

async function dropPreAuthorisations(tx: Transaction, who: LinkAddress): Promise<void> {
  await tx
    .of<EnrolmentTables>()
    .deleteFrom('pre_authorisation')
    .where('tenant_id', '=', who.tenantId)
    .where('terminal_id', '=', who.terminalId)
    .execute();
}

/**
 * Puts the new key in the place of the present one. Whoever calls has shown the present key; `proof` shows the new one. Asked again
 * after the answer was lost, it is done already. Throws ROTATION_REFUSED or KEY_TAKEN.
 */
export async function rotateKey(
  { store, clock, audit, changes }: EnrolmentParts,
  who: LinkAddress,
  { publicKey, proof }: RotateKey,
): Promise<void> {
  const rotated = await store.transaction(async (tx) => {
    const row = await findTerminal(tx, who);
    const key = publicKeyOf(publicKey);
    if (!row || !key) throw fail('ROTATION_REFUSED');
    const again = row.public_key === publicKey;
    const oldKey = again ? row.previous_key : row.public_key;
    if (oldKey === null) throw fail('ROTATION_REFUSED');
    const text = Buffer.from(rotationProof({ ...who, oldKey, newKey: publicKey }));
    if (!verify(null, text, key, Buffer.from(proof, 'base64url'))) throw fail('ROTATION_REFUSED');
    if (again) return false;
    await mustBeNew(tx, publicKey);
    const now = clock.now();
    await endKey(tx, row, 'rotated', now);
    await tx
      .of<IdentityTables>()
      .updateTable('terminal')
      .set({
        public_key: publicKey,
        key_since: now,
        previous_key: row.public_key,
        previous_until: now + OLD_KEY_MS,
      })
      .where('tenant_id', '=', who.tenantId)
      .where('terminal_id', '=', who.terminalId)
      .execute();
    await audit.record(tx, {
      tenantId: who.tenantId,
      actor: 'system',
      act: 'key-rotated',
      subject: who.terminalId,
      detail: { fingerprint: fingerprintOf(publicKey) },
    });
    return true;
  });
  if (rotated) changes.notify(who.tenantId, 'terminals');
}
