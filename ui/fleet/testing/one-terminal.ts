import type { CommandRow, FleetRow, TerminalDetail, TimelineEntry } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';
import { DAY, MINUTE, NOW, sites } from './town.ts';

type Device = Reported['devices'][number];

const device = (role: Device['role'], uri: string, more: Partial<Device> = {}): Device => ({
  role,
  uri,
  state: 'ready',
  reasons: [],
  since: NOW - 12 * DAY,
  counters: {},
  ...more,
});

const at = (clock: string): number => Date.parse(`2026-11-21T${clock}:00+01:00`);

function reportedOf(row: FleetRow): Reported {
  const paperOut = row.reason === 'printer-paper-out';
  return {
    software: row.software ?? '1.8.0',
    startedAt: NOW - 3 * DAY,
    mode: 'in-service',
    devices: [
      device('presence', 'sim:presence'),
      device('display', 'hid:display'),
      device('card', 'pcsc:ACR1252'),
      device('barcode', 'hid-pos:scanner'),
      device('pos', 'ecr17+tcp://10.4.0.12:9999'),
      device(
        'printer',
        'escpos+usb:04b8',
        paperOut ? { state: 'out-of-paper', reasons: ['paper-out'], since: at('10:32') } : {},
      ),
      device('keypad', 'storm:nav-pad'),
      device('audio', 'alsa:default'),
      device('ups', 'nut:ups@localhost'),
    ],
    limitations: paperOut ? ['printer-paper-out'] : [],
    consumables: [{ role: 'printer', name: 'paper', left: paperOut ? 0 : 0.62, used: 812_000 }],
    openPayments: 0,
    inSession: row.inSession,
    settings: { version: 41 },
    backlog: { letters: 0, entries: 2, dropped: 0 },
    host: {
      diskFreeMb: 41_200,
      diskTotalMb: 61_000,
      memoryFreeMb: 2_350,
      memoryTotalMb: 7_800,
      temperatureC: 31,
      load: 0.4,
      upSince: NOW - 12 * DAY,
    },
    network: { rttMs: row.reason === 'network-slow' ? 480 : 14, reconnects: 1 },
    clockSkewMs: 40,
  };
}

export function detailOf(row: FleetRow): TerminalDetail {
  const byHour = Array.from({ length: 24 }, () => 0);
  [byHour[7], byHour[8], byHour[9], byHour[10]] = [2, 7, 14, 21];
  const site = sites.find(({ siteId }) => siteId === row.siteId);
  const refused = row.terminalId === 'PO-12';
  const reported = reportedOf(row);
  return {
    row,
    ...(site ? { site } : {}),
    reported: refused
      ? {
          ...reported,
          settings: {
            version: 40,
            refused: {
              version: 41,
              faults: [{ path: 'devices.pos', message: 'nexo+tcp: this terminal has no such scheme' }],
            },
          },
        }
      : reported,
    reportedAt: row.lastSeenAt ?? NOW,
    enrolment: {
      enrolledAt: Date.parse('2026-03-02T09:00:00Z'),
      status: row.terminalId === 'PO-15' ? 'suspect' : 'enrolled',
      serial: `JK27-${row.terminalId.slice(3)}0418`,
      fingerprint: '9f3c 71ae 20d4',
      keySince: Date.parse('2026-09-14T07:30:00Z'),
    },
    settings: refused
      ? { desired: 41, reported: 40, state: 'refused' }
      : { desired: 41, reported: 41, state: 'current' },
    forecasts:
      row.reason === 'printer-paper-out'
        ? []
        : [{ role: 'printer', name: 'paper', left: 0.62, endsAt: NOW + 9 * DAY }],
    today: { payments: row.paymentsToday, byHour },
  };
}

export const timeline: readonly TimelineEntry[] = [
  { at: at('10:44'), kind: 'payment', sign: 'ok', what: 'confirmed', detail: { amountCents: 6_400 } },
  { at: at('10:33'), kind: 'command', sign: 'ok', what: 'self-test', detail: { state: 'done' } },
  { at: at('10:32'), kind: 'alert', sign: 'warning', what: 'paper-out', detail: {} },
  {
    at: at('10:32'),
    kind: 'device',
    sign: 'warning',
    what: 'out-of-paper',
    detail: { role: 'printer', reasons: 'paper-out' },
  },
  { at: at('10:26'), kind: 'payment', sign: 'ok', what: 'confirmed', detail: { amountCents: 12_345 } },
  { at: at('10:08'), kind: 'payment', sign: 'ok', what: 'cancelled', detail: {} },
  { at: at('09:51'), kind: 'alert', sign: 'warning', what: 'paper-low', detail: { left: 0.08 } },
  { at: at('08:47'), kind: 'settings', sign: 'ok', what: 'applied', detail: { version: 41 } },
  { at: at('08:00'), kind: 'event', sign: 'ok', what: 'self-test', detail: { devices: 9 } },
  { at: at('07:58'), kind: 'event', sign: 'neutral', what: 'started', detail: {} },
  { at: at('07:58'), kind: 'state', sign: 'ok', what: 'online', detail: {} },
];

export const commandsOf = (terminalId: string): CommandRow[] => [
  {
    commandId: '0193a111-0000-7000-8000-000000000003',
    terminalId,
    act: { kind: 'restart-app' },
    by: 'Luca Bandini',
    createdAt: NOW - MINUTE,
    expiresAt: NOW + 14 * MINUTE,
    state: 'waiting',
    history: [
      { at: NOW - MINUTE, state: 'queued' },
      { at: NOW - MINUTE, state: 'waiting' },
    ],
  },
  {
    commandId: '0193a111-0000-7000-8000-000000000002',
    terminalId,
    act: { kind: 'self-test' },
    by: 'Luca Bandini',
    createdAt: at('10:33'),
    expiresAt: at('10:48'),
    state: 'done',
    steps: [
      { name: 'pos', ok: true, detail: '86 ms' },
      { name: 'printer', ok: false, detail: 'paper-out' },
      { name: 'barcode', ok: true },
      { name: 'card', ok: true },
    ],
    history: [
      { at: at('10:33'), state: 'queued' },
      { at: at('10:33'), state: 'done' },
    ],
  },
  {
    commandId: '0193a111-0000-7000-8000-000000000001',
    terminalId,
    act: { kind: 'fetch-logs', minutes: 60 },
    by: 'Anna Conti',
    createdAt: at('10:05'),
    expiresAt: at('10:20'),
    state: 'done',
    history: [{ at: at('10:06'), state: 'done' }],
    attachment: { type: 'text/plain', bytes: 312 },
  },
];

export const LOGS = [
  '{"at":"2026-11-21T09:06:11.402Z","level":"info","code":"PAYMENT_CONFIRMED"}',
  '{"at":"2026-11-21T09:31:58.010Z","level":"warn","code":"PRINTER_PAPER_LOW"}',
  '{"at":"2026-11-21T09:32:04.377Z","level":"warn","code":"PRINTER_PAPER_OUT"}',
].join('\n');
