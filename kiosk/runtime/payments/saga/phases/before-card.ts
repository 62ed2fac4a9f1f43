import type { Activation, CardEvidence } from '@jolly/contracts/fleet-api';
import type { Payment, State } from '../payment.ts';
import {
  type Changes,
  cancel,
  gone,
  leaveLocked,
  problemOf,
  type Rules,
  restartLocked,
  type Scene,
  setGone,
  tokenLeft,
  totalOf,
} from '../rules.ts';

const MAX_VERIFY_TRIES = 2;
const MAX_ACTIVATE_TRIES = 2;

const lockOf = ({ paymentToken, iuv, amountCents, feeCents, totalCents, expiresAt }: Activation) => ({
  paymentToken,
  iuv,
  amountCents,
  feeCents,
  totalCents,
  expiresAt,
});

const setLock = ({ event }: Scene<'activated'>): Changes => ({
  lock: lockOf(event.activation),
  tries: 0,
});

/** What was agreed to is what the node now asks, to the cent and to the fee. */
const unchanged = ({ payment, event }: Scene<'activated'>): boolean =>
  payment.consentedCents === event.activation.totalCents &&
  payment.verified?.feeCents === event.activation.feeCents;

/** What the terminal approved after this payment's last attempt; its own record, whatever it answered then. */
const approvedSince = ({ payment, event }: Scene<'ready'>): CardEvidence | undefined =>
  payment.charge !== undefined &&
  event.found?.found === 'approved' &&
  event.found.kind !== 'reversal' &&
  event.found.card.stan !== payment.charge.lastStan
    ? event.found.card
    : undefined;

const setVerified = ({ event }: Scene<'verified'>): Changes => ({
  verified: { amountCents: event.notice.amountCents, feeCents: event.notice.feeCents },
  tries: 0,
});

const verifiedTotal = (payment: Payment): number | undefined =>
  payment.verified && payment.verified.amountCents + payment.verified.feeCents;

/** Verify, consent, activate, last checks: nothing here can move money. */
export const beforeCard = {
  NEW: {
    verified: [
      {
        why: 'the citizen had already agreed to this total',
        to: 'ACTIVATING',
        when: ({ payment, event }) =>
          payment.again &&
          !payment.gone &&
          payment.consentedCents === event.notice.amountCents + event.notice.feeCents,
        set: setVerified,
        act: () => [{ do: 'activate', afterMs: 0 }],
      },
      { why: 'the citizen has gone', to: 'ABANDONED', when: gone },
      { why: 'payable', to: 'VERIFIED', set: setVerified },
    ],
    'verify-refused': [
      {
        why: 'the notice cannot be paid',
        to: 'REFUSED',
        set: ({ event }) => ({ problem: problemOf(event.problem) }),
      },
    ],
    'server-silent': [
      { why: 'the citizen has gone', to: 'ABANDONED', when: gone },
      {
        why: 'asked again, no side effect',
        to: 'NEW',
        when: ({ payment }) => payment.tries < MAX_VERIFY_TRIES,
        set: ({ payment }) => ({ tries: payment.tries + 1 }),
        act: () => [{ do: 'verify' }],
      },
      {
        why: 'the server is out of reach',
        to: 'REFUSED',
        set: () => ({ problem: { kind: 'network-down' } }),
      },
    ],
    refuse: [{ why: 'the citizen does not want it', to: 'ABANDONED', set: () => ({ gone: 'left' }) }],
    leave: [{ why: 'the citizen goes', to: 'ABANDONED', set: setGone }],
    restarted: [{ why: 'nothing was locked', to: 'ABANDONED', set: () => ({ gone: 'restart' }) }],
  },
  VERIFIED: {
    consent: [
      {
        why: 'no paper: the receipt would go to the phone',
        to: 'NO_PAPER',
        when: ({ payment, event }) =>
          event.totalCents === verifiedTotal(payment) && !event.paper && !payment.phoneReceipt,
        set: ({ event }) => ({ consentedCents: event.totalCents }),
      },
      {
        why: 'consent on the verified total',
        to: 'ACTIVATING',
        when: ({ payment, event }) => event.totalCents === verifiedTotal(payment),
        set: ({ event }) => ({ consentedCents: event.totalCents }),
        act: () => [{ do: 'activate', afterMs: 0 }],
      },
    ],
    refuse: [{ why: 'the citizen does not want it', to: 'ABANDONED', set: () => ({ gone: 'left' }) }],
    leave: [{ why: 'the citizen goes', to: 'ABANDONED', set: setGone }],
    restarted: [{ why: 'nothing was locked', to: 'ABANDONED', set: () => ({ gone: 'restart' }) }],
  },
  NO_PAPER: {
    'accept-phone-receipt': [
      {
        why: 'receipt on the phone, position still locked',
        to: 'CONSENTED',
        when: ({ payment }) => payment.lock !== undefined,
        set: () => ({ phoneReceipt: true }),
        act: () => [{ do: 'check' }],
      },
      {
        why: 'receipt on the phone',
        to: 'ACTIVATING',
        set: () => ({ phoneReceipt: true }),
        act: () => [{ do: 'activate', afterMs: 0 }],
      },
    ],
    refuse: [
      {
        ...cancel('not without paper', 'refused', { gone: 'left' }),
        when: ({ payment }) => payment.lock !== undefined,
      },
      { why: 'not without paper', to: 'ABANDONED', set: () => ({ gone: 'left' }) },
    ],
    leave: [
      {
        ...cancel('the citizen goes', 'left', { gone: 'left' }),
        when: ({ payment }) => payment.lock !== undefined,
      },
      { why: 'the citizen goes, nothing was locked', to: 'ABANDONED', set: setGone },
    ],
    restarted: [
      {
        ...cancel('power came back before any charge', 'recovered', { gone: 'restart' }),
        when: ({ payment }) => payment.lock !== undefined,
      },
      { why: 'nothing was locked', to: 'ABANDONED', set: () => ({ gone: 'restart' }) },
    ],
    'token-short': [
      {
        ...cancel('the token ran short while the citizen thought', 'token-short', {
          problem: { kind: 'token-too-short' },
        }),
        when: ({ payment, now, limits }) =>
          payment.lock !== undefined && tokenLeft(payment, now) < limits.minTokenMs,
      },
    ],
  },
  ACTIVATING: {
    activated: [
      {
        ...cancel('activated after the citizen had gone', 'left'),
        when: gone,
        set: (scene) => ({ ...setLock(scene), ko: 'left' }),
      },
      {
        why: 'total and fee as agreed',
        to: 'CONSENTED',
        when: unchanged,
        set: setLock,
        act: () => [{ do: 'check' }],
      },
      {
        why: 'total or fee changed: consent again',
        to: 'FEE_SHOWN',
        set: setLock,
        act: ({ event, limits }) => [
          { do: 'wake', at: event.activation.expiresAt - limits.minTokenMs, event: 'token-short' },
        ],
      },
    ],
    'activate-refused': [
      {
        ...cancel('a digital stamp is not sold here', 'not-sold', { problem: { kind: 'stamp-not-sold' } }),
        when: ({ event }) => event.problem.class === 'STAMP_NOT_SOLD',
      },
      {
        why: 'the position could not be locked',
        to: 'REFUSED',
        set: ({ event }) => ({ problem: problemOf(event.problem) }),
      },
    ],
    'server-silent': [
      {
        why: 'asked again with the same payment id',
        to: 'ACTIVATING',
        when: ({ payment }) => payment.tries < MAX_ACTIVATE_TRIES && !payment.gone,
        set: ({ payment }) => ({ tries: payment.tries + 1 }),
        act: ({ limits }) => [{ do: 'activate', afterMs: limits.activateAgainMs }],
      },
      // Nobody knows whether the server locked it: the KO frees it if it did.
      cancel('given up, perhaps locked', 'device', { problem: { kind: 'network-down' } }),
    ],
    refuse: [
      { why: 'noted; cancelled once the answer is here', to: 'ACTIVATING', set: () => ({ gone: 'left' }) },
    ],
    leave: [{ why: 'noted; cancelled once the answer is here', to: 'ACTIVATING', set: setGone }],
    restarted: restartLocked,
  },
  FEE_SHOWN: {
    consent: [
      {
        why: 'no paper: the receipt would go to the phone',
        to: 'NO_PAPER',
        when: ({ payment, event }) =>
          event.totalCents === payment.lock?.totalCents && !event.paper && !payment.phoneReceipt,
        set: ({ event }) => ({ consentedCents: event.totalCents }),
      },
      {
        why: 'consent on the new total',
        to: 'CONSENTED',
        when: ({ payment, event }) => event.totalCents === payment.lock?.totalCents,
        set: ({ event }) => ({ consentedCents: event.totalCents }),
        act: () => [{ do: 'check' }],
      },
    ],
    refuse: [cancel('the citizen refused the new total', 'refused', { gone: 'left' })],
    leave: leaveLocked,
    restarted: restartLocked,
    'token-short': [
      {
        ...cancel('the token ran short while the citizen thought', 'token-short', {
          problem: { kind: 'token-too-short' },
        }),
        when: ({ payment, now, limits }) => tokenLeft(payment, now) < limits.minTokenMs,
      },
    ],
  },
  CONSENTED: {
    ready: [
      {
        // A result the terminal gave up too early: its own record says that the card was charged after all.
        why: 'an earlier attempt of this payment was charged after all',
        to: 'CHARGED',
        when: (scene) => {
          const found = approvedSince(scene);
          return (
            found?.amountCents === scene.payment.lock?.totalCents &&
            (found?.chargedAt ?? 0) >= (scene.payment.charge?.startedAt ?? 0) - 60_000
          );
        },
        set: (scene) => ({ card: approvedSince(scene) }),
        tell: (scene) => {
          const card = approvedSince(scene);
          return card ? [{ outcome: { outcome: 'OK', card } }] : [];
        },
        act: ({ now, limits }) => [
          { do: 'deliver' },
          { do: 'wake', at: now + limits.outcomeWaitMs, event: 'wait-over' },
        ],
      },
      {
        // Neither surely this payment's nor surely another's: no second charge on it, no cancellation either (pos.md 1.5).
        why: 'since an earlier attempt the terminal approved something that nobody can assign',
        to: 'MANUAL',
        when: (scene) => approvedSince(scene) !== undefined,
        set: () => ({ operator: true, problem: { kind: 'pos-unknown-outcome' } }),
        tell: ({ payment }) => [
          {
            fact: {
              fact: 'charge-unknown',
              reason: 'approval-since-attempt',
              amountCents: totalOf(payment),
            },
          },
        ],
        act: ({ payment }) => [
          { do: 'deliver' },
          ...(payment.gone ? [] : [{ do: 'print' as const, slip: 'uncertain' as const, duplicate: false }]),
        ],
      },
      { ...cancel('the citizen went during the checks', 'left'), when: gone },
      {
        why: 'all that must hold does',
        to: 'ANNOUNCED',
        set: ({ payment, event, now }) => ({
          charge: {
            startedAt: now,
            attempts: (payment.charge?.attempts ?? 0) + 1,
            ...(event.lastStan === undefined ? {} : { lastStan: event.lastStan }),
          },
        }),
        act: () => [{ do: 'charge' }],
      },
    ],
    'not-ready': [
      { ...cancel('the citizen went during the checks', 'left'), when: gone },
      {
        ...cancel('the token is too short: a fresh one, once', 'token-short'),
        when: ({ payment, event }) => event.why === 'token-short' && !payment.again,
        set: () => ({ ko: 'token-short' as const, succeed: true }),
        act: ({ now, limits }) => [
          { do: 'deliver' },
          { do: 'wake', at: now + limits.outcomeWaitMs, event: 'wait-over' },
        ],
      },
      {
        ...cancel('the token is too short a second time', 'token-short', {
          problem: { kind: 'token-too-short' },
        }),
        when: ({ event }) => event.why === 'token-short',
      },
      {
        why: 'the paper ran out meanwhile',
        to: 'NO_PAPER',
        when: ({ event }) => event.why === 'no-paper',
        act: ({ payment, limits }) => [
          { do: 'wake', at: (payment.lock?.expiresAt ?? 0) - limits.minTokenMs, event: 'token-short' },
        ],
      },
      {
        ...cancel('the cabinet is open: somebody is at the devices', 'device', {
          problem: { kind: 'door-open' },
        }),
        when: ({ event }) => event.why === 'door-open',
      },
      {
        ...cancel('the card terminal cannot work', 'device', { problem: { kind: 'pos-unavailable' } }),
        when: ({ event }) => event.why === 'pos-unavailable',
      },
      cancel('clock or journal cannot be relied on', 'device', { problem: { kind: 'service-unavailable' } }),
    ],
    refuse: [{ why: 'noted; cancelled after the checks', to: 'CONSENTED', set: () => ({ gone: 'left' }) }],
    'cancel-card': [
      { why: 'noted; cancelled after the checks', to: 'CONSENTED', set: () => ({ gone: 'left' }) },
    ],
    leave: [{ why: 'noted; cancelled after the checks', to: 'CONSENTED', set: setGone }],
    restarted: restartLocked,
  },
} as const satisfies Partial<Record<State, Rules>>;
