import type {
  Alert,
  AlertSettings,
  AuditPage,
  ConsoleMe,
  MaintenanceWindow,
  Overview,
  PendingEnrolment,
  Person,
  PreAuthorisation,
  Role,
  SettingsLayer,
} from '@jolly/contracts/fleet-api';
import { DAY, MINUTE, NOW, siteIdOf } from './town.ts';

const id = (n: number): string => `0193b000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const meAs = (role: Role): ConsoleMe => ({
  user: 'luca',
  name: 'Luca Bandini',
  role,
  tenantId: 'prato',
  tenantName: 'Comune di Prato',
  demo: false,
  way: 'local',
  totpNeeded: false,
  tenants: [
    { tenantId: 'prato', name: 'Comune di Prato' },
    { tenantId: 'montemurlo', name: 'Comune di Montemurlo' },
  ],
  csrf: 'testing',
});

export const overview: Overview = {
  at: NOW,
  day: '2026-11-21',
  terminals: [],
  paymentsToday: 608,
  collectedTodayCents: 2_148_000,
  pendingOutcomes: 0,
  openItems: 1,
  states: { confirmed: 600, cancelled: 12 },
  outcomeP95Ms: 740,
};

export const alerts: Alert[] = [
  {
    alertId: id(1),
    terminalId: 'PO-17',
    site: 'Via Nebbiaia',
    rule: 'offline',
    severity: 'critical',
    state: 'open',
    openedAt: NOW - 38 * MINUTE,
    repeats: 0,
    lastAt: NOW - 38 * MINUTE,
    escalation: 1,
    detail: {},
  },
  {
    alertId: id(2),
    terminalId: 'PO-09',
    site: 'Piazza Mercatale',
    rule: 'paper-out',
    severity: 'warning',
    state: 'open',
    openedAt: NOW - 12 * MINUTE,
    repeats: 0,
    lastAt: NOW - 12 * MINUTE,
    escalation: 0,
    detail: {},
  },
  {
    alertId: id(3),
    terminalId: 'PO-12',
    site: 'Via Valentini',
    rule: 'settings-refused',
    severity: 'warning',
    state: 'open',
    openedAt: NOW - 25 * MINUTE,
    repeats: 2,
    lastAt: NOW - 5 * MINUTE,
    escalation: 0,
    detail: { version: 41, faults: 1 },
  },
  {
    alertId: id(4),
    terminalId: 'PO-08',
    site: 'Via Roma 42',
    rule: 'paper-low',
    severity: 'info',
    state: 'acknowledged',
    openedAt: NOW - 3 * 60 * MINUTE,
    repeats: 0,
    lastAt: NOW - 60 * MINUTE,
    acknowledgedBy: 'Anna Conti',
    acknowledgedAt: NOW - 2 * 60 * MINUTE,
    note: 'Passo nel pomeriggio con i rotoli',
    escalation: 0,
    detail: { left: 0.08 },
  },
  {
    alertId: id(5),
    terminalId: 'PO-03',
    site: 'Via del Romito',
    rule: 'clock-skew',
    severity: 'warning',
    state: 'healed',
    openedAt: NOW - DAY,
    repeats: 1,
    lastAt: NOW - DAY,
    healedAt: NOW - DAY + 9 * MINUTE,
    escalation: 0,
    detail: { seconds: 44 },
  },
];

export const maintenance: MaintenanceWindow[] = [
  {
    windowId: id(11),
    scope: { kind: 'terminal', terminalId: 'PO-16' },
    from: NOW - 60 * MINUTE,
    to: NOW + 120 * MINUTE,
    reason: 'Cambio dello schermo',
    by: 'Anna Conti',
  },
];

export const alertSettings: AlertSettings = {
  rules: { 'clock-skew': { on: true, threshold: 20 }, 'card-left': { on: false } },
  escalation: [
    { afterMinutes: 5, minSeverity: 'critical', emails: ['reperibile@comune.prato.example'], webhooks: [] },
  ],
  publicStatus: true,
};

const changes = [
  { path: 'openingHours.sat', after: ['08:30', '13:00'] },
  { path: 'services.spontaneous', before: false, after: true },
  { path: 'volume', before: 0.5, after: 0.4 },
];

export const layers: Readonly<Record<string, SettingsLayer>> = {
  centre: {
    layer: 'centre',
    id: 'centre',
    version: 12,
    document: { languages: ['it', 'en', 'ro', 'sq'], idle: { warnAfterSeconds: 60, countdownSeconds: 40 } },
    history: [],
  },
  municipality: {
    layer: 'municipality',
    id: 'prato',
    version: 41,
    document: {
      services: { payments: true, spontaneous: true },
      openingHours: { sat: ['08:30', '13:00'], sun: null },
      languages: ['it', 'en', 'zh', 'ar', 'sq'],
      volume: 0.4,
      helpPhone: '0574 1836096',
      attract: {
        title: { it: 'TARI: scade il 30 novembre', en: 'TARI is due on 30 November' },
        text: { it: 'Puoi pagarla qui, con carta o sul telefono.' },
        until: '2026-11-30',
      },
    },
    history: [
      { version: 41, at: NOW - 2 * 60 * MINUTE, by: 'Luca Bandini', note: 'Orario del sabato', changes },
      {
        version: 38,
        at: NOW - 6 * DAY,
        by: 'Anna Conti',
        note: 'Notizia TARI',
        changes: [{ path: 'attract.until', after: '2026-11-30' }],
      },
      {
        version: 35,
        at: NOW - 9 * DAY,
        by: 'Anna Conti',
        note: 'Volume troppo alto in biblioteca',
        revertOf: 30,
        changes: [{ path: 'volume', before: 0.7, after: 0.5 }],
      },
    ],
  },
};

const acts: readonly (readonly [string, string, string, Record<string, string | number | boolean>])[] = [
  ['Luca Bandini', 'command-given', 'PO-09', { kind: 'self-test' }],
  ['Luca Bandini', 'alert-acknowledged', 'PO-08', { rule: 'paper-low' }],
  ['Luca Bandini', 'settings-written', 'prato', { version: 41, layer: 'municipality', changes: 3 }],
  ['Anna Conti', 'maintenance-began', 'PO-16', { reason: 'Cambio dello schermo' }],
  ['Anna Conti', 'command-given', 'PO-09', { kind: 'fetch-logs' }],
  ['Anna Conti', 'signed-in', 'anna', {}],
  ['Luca Bandini', 'signed-in', 'luca', {}],
  ['Giulia Neri', 'person-added', 'anna', { role: 'technician' }],
];
export const audit: AuditPage = {
  rows: acts.map(([actor, act, subject, detail], at) => ({
    seq: 1204 - at,
    at: NOW - at * 17 * MINUTE,
    actor,
    act,
    subject,
    detail,
    hash: [0x9f3c71ae, 0x20d4b16e, 0x77e0c3a1, 0x4d0f92b8]
      .map((part) => ((part + at * 0x01234567) >>> 0).toString(16).padStart(8, '0'))
      .join(''),
  })),
  intact: true,
};

export const people: Person[] = [
  {
    personId: id(21),
    user: 'luca',
    name: 'Luca Bandini',
    email: 'luca@comune.prato.example',
    way: 'local',
    centreAdmin: false,
    tenants: { prato: 'municipality-admin' },
    totp: true,
    disabled: false,
    lastSignInAt: NOW - 100 * MINUTE,
  },
  {
    personId: id(22),
    user: 'anna',
    name: 'Anna Conti',
    way: 'local',
    centreAdmin: false,
    tenants: { prato: 'technician' },
    totp: true,
    disabled: false,
    lastSignInAt: NOW - 85 * MINUTE,
  },
  {
    personId: id(23),
    user: 'neri.giulia',
    name: 'Giulia Neri',
    way: 'oidc',
    centreAdmin: true,
    tenants: {},
    totp: false,
    disabled: false,
    lastSignInAt: NOW - 3 * DAY,
  },
  {
    personId: id(24),
    user: 'rossi',
    name: 'Marta Rossi',
    way: 'local',
    centreAdmin: false,
    tenants: { prato: 'office' },
    totp: false,
    disabled: true,
  },
];

export const pending: PendingEnrolment[] = [
  {
    code: 'K7QWM4XP',
    fingerprint: '4be1 09c7 d52a',
    serial: 'JK27-180551',
    hostname: 'jolly-po18',
    software: '1.8.1',
    askedAt: NOW - 2 * MINUTE,
    expiresAt: NOW + 28 * MINUTE,
    from: '10.4.7.31',
  },
];

/** Whose file names no municipality: on its screen and in nobody's list. */
export const pendingElsewhere: PendingEnrolment[] = [
  ...pending,
  {
    code: 'B4NDP7RX',
    fingerprint: '90aa 17f3 6b02',
    software: '1.8.1',
    askedAt: NOW - MINUTE,
    expiresAt: NOW + 29 * MINUTE,
    from: '10.4.7.32',
  },
];

export const preAuthorised: PreAuthorisation[] = [
  {
    serial: 'JK27-190552',
    terminalId: 'PO-19',
    siteId: siteIdOf(4),
    expiresAt: NOW + 20 * DAY,
    by: 'Anna Conti',
  },
];
