import type { DeviceReport, TerminalReport } from '@jolly/contracts/fleet-api';
import { expect, it } from 'vitest';
import { standingOfReport } from './rules.ts';

const device = (role: DeviceReport['role'], changes: Partial<DeviceReport> = {}): DeviceReport => ({
  role,
  uri: 'x',
  state: 'ready',
  reasons: [],
  since: 0,
  counters: {},
  ...changes,
});
const report = (changes: Partial<TerminalReport>): TerminalReport => ({
  at: 0,
  software: '0.1.0',
  devices: [device('pos'), device('printer'), device('barcode'), device('card')],
  limitations: [],
  openPayments: 0,
  outboxDepth: 0,
  inSession: false,
  ...changes,
});
const left = device('card', { reasons: ['card-left'] });

it.each([
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
])('says what a report means when %s', (_, changes, standing) =>
  expect(standingOfReport(report(changes))).toEqual(standing),
);
