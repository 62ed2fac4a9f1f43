import { readFileSync } from 'node:fs';
import type { FleetMap, FleetRow, Site, TerminalStanding } from '@jolly/contracts/fleet-api';

/** The morning that the design's pictures tell: 17 terminals of Prato, two with a warning, one away, one under maintenance. Invented. */
export const NOW = Date.parse('2026-11-21T09:44:12Z');
export const MINUTE = 60_000;
export const DAY = 86_400_000;

const lines: readonly (readonly [string, string, number, number, number])[] = [
  ['PO-01', 'Via Roma 100', 43.874022, 11.090908, 41],
  ['PO-02', 'Piazza Europa', 43.877383, 11.104869, 63],
  ['PO-03', 'Via del Romito', 43.875405, 11.098578, 28],
  ['PO-04', 'Via Genova', 43.878612, 11.088221, 35],
  ['PO-05', 'Via Cavour', 43.878717, 11.089466, 52],
  ['PO-06', 'Via Pomeria', 43.876041, 11.09887, 47],
  ['PO-07', 'Via Bologna', 43.888218, 11.09653, 39],
  ['PO-08', 'Via Roma 42', 43.876064, 11.092512, 58],
  ['PO-09', 'Piazza Mercatale', 43.881179, 11.101251, 44],
  ['PO-10', 'Piazza San Domenico', 43.882054, 11.094255, 61],
  ['PO-11', 'Via Pistoiese', 43.883595, 11.090326, 33],
  ['PO-12', 'Via Valentini', 43.867701, 11.096562, 22],
  ['PO-13', 'Via San Giusto', 43.873, 11.07382, 26],
  ['PO-14', 'Via Becherini', 43.889292, 11.075257, 19],
  ['PO-15', 'Via Zarini', 43.868279, 11.104348, 31],
  ['PO-16', 'Via delle Argonne', 43.902312, 11.069481, 0],
  ['PO-17', 'Via Nebbiaia', 43.852183, 11.050042, 9],
];

const special: Readonly<Record<string, Partial<FleetRow> & { readonly state: TerminalStanding }>> = {
  'PO-17': {
    state: 'stopped',
    reason: 'offline',
    since: NOW - 38 * MINUTE,
    lastSeenAt: NOW - 38 * MINUTE,
    online: false,
    openAlerts: 1,
  },
  'PO-09': { state: 'attention', reason: 'printer-paper-out', since: NOW - 12 * MINUTE, openAlerts: 1 },
  'PO-12': { state: 'attention', reason: 'network-slow', since: NOW - 25 * MINUTE, openAlerts: 1 },
  'PO-16': { state: 'maintenance' },
};

const order: Readonly<Record<TerminalStanding, number>> = {
  stopped: 0,
  attention: 1,
  maintenance: 2,
  'in-service': 3,
};

export const siteIdOf = (n: number): string => `0193a000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const rows: readonly FleetRow[] = lines
  .map(
    ([terminalId, site, , , paymentsToday], at): FleetRow => ({
      terminalId,
      siteId: siteIdOf(at + 1),
      site,
      state: 'in-service',
      online: true,
      lastSeenAt: NOW - ((at * 7) % 10) * 1000,
      software: at < 3 ? '1.8.1' : '1.8.0',
      inSession: terminalId === 'PO-02',
      paymentsToday,
      openAlerts: 0,
      ...special[terminalId],
    }),
  )
  .sort(
    (one, other) => order[one.state] - order[other.state] || one.terminalId.localeCompare(other.terminalId),
  );

export const sites: readonly Site[] = lines.map(([, name, lat, lon], at) => ({
  siteId: siteIdOf(at + 1),
  name,
  address: `${name}, Prato`,
  lat,
  lon,
}));

const prato = JSON.parse(readFileSync(new URL('./prato.json', import.meta.url), 'utf8')) as {
  readonly source: string;
  readonly ring: [number, number][];
};

/** `more`: as many again, spread over the municipality, to see that the map stays quick. */
export function mapOf(more = 0): FleetMap {
  const points: FleetMap['points'] = lines.map(([terminalId, , lat, lon]) => [
    terminalId,
    lat,
    lon,
    rows.find((row) => row.terminalId === terminalId)?.state ?? 'in-service',
  ]);
  for (let n = 0; n < more; n++) {
    // a spiral: dense in the middle, thin outside, the same every time
    const angle = n * 2.399963;
    const far = Math.sqrt(n / more) * 0.05;
    points.push([
      `X-${n}`,
      43.879 + Math.sin(angle) * far * 0.72,
      11.095 + Math.cos(angle) * far,
      n % 97 === 0 ? 'stopped' : n % 31 === 0 ? 'attention' : 'in-service',
    ]);
  }
  return { at: NOW, points, outline: [prato.ring], attribution: prato.source };
}
