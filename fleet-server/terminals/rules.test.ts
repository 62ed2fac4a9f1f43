import type { DeviceReport } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';
import { expect, it } from 'vitest';
import { standingOf, standingOfReported } from './rules.ts';

const device = (role: DeviceReport['role'], changes: Partial<DeviceReport> = {}): DeviceReport => ({
  role,
  uri: 'x',
  state: 'ready',
  reasons: [],
  since: 0,
  counters: {},
  ...changes,
});
const report = (changes: Partial<Reported>): Reported => ({
  software: '0.1.0',
  startedAt: 0,
  mode: 'in-service',
  devices: [device('pos'), device('printer'), device('barcode'), device('card')],
  limitations: [],
  consumables: [],
  openPayments: 0,
  inSession: false,
  settings: { version: 0 },
  backlog: { letters: 0, entries: 0, dropped: 0 },
  host: { memoryFreeMb: 1, memoryTotalMb: 2 },
  network: { reconnects: 0 },
  ...changes,
});
const left = device('card', { reasons: ['card-left'] });

it.each<[string, Partial<Reported>, object]>([
  ['all is well', {}, { state: 'in-service' }],
  ['a card was left on the reader', { devices: [left] }, { state: 'attention', reason: 'card-left' }],
  [
    'a card was left on a reader that says so',
    { devices: [device('card', { state: 'degraded', reasons: ['card-left', 'pcsc-stopped'] })] },
    { state: 'attention', reason: 'card-left' },
  ],
  [
    'the card reader is gone',
    { devices: [device('card', { state: 'unavailable' })], limitations: ['card-unavailable'] },
    { state: 'attention', reason: 'card-unavailable' },
  ],
  [
    'payments stand still, which is worse than a card that was left',
    { devices: [left], limitations: ['payments-offline'] },
    { state: 'attention', reason: 'payments-offline' },
  ],
  ['it is out of service', { mode: 'out-of-service' }, { state: 'stopped', reason: 'out-of-service' }],
  ['somebody locked it', { mode: 'locked' }, { state: 'stopped', reason: 'locked' }],
  ['it is not open now', { mode: 'closed' }, { state: 'in-service', reason: 'closed' }],
  [
    'it refused its settings',
    { settings: { version: 1, refused: { version: 2, faults: [{ path: 'volume', message: 'no' }] } } },
    { state: 'attention', reason: 'settings-refused' },
  ],
])('says what a report means when %s', (_, changes, standing) =>
  expect(standingOfReported(report(changes))).toEqual(standing),
);

it.each([
  ['somebody works at it, whatever else', { maintenance: true, online: false }, { state: 'maintenance' }],
  ['it is gone', { online: false, suspect: true }, { state: 'stopped', reason: 'offline' }],
  ['its key may be copied', { suspect: true }, { state: 'attention', reason: 'key-cloned' }],
  ['it has not said how it is', { reported: undefined }, { state: 'attention', reason: 'no-report' }],
  ['it says that all is well', {}, { state: 'in-service' }],
])('says how a terminal stands when %s', (_, changes, standing) =>
  expect(
    standingOf({ online: true, reported: report({}), maintenance: false, suspect: false, ...changes }),
  ).toEqual(standing),
);
