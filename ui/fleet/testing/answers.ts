import {
  type Alert,
  type CommandRow,
  type ConsoleEvent,
  type FleetPage,
  type FleetRow,
  type Problem,
  type Role,
  type SettingsLayer,
  type SettingsPreview,
  TerminalStanding,
} from '@jolly/contracts/fleet-api';
import { changesBetween, TerminalSettings } from '@jolly/contracts/twin';
import * as house from './house.ts';
import { commandsOf, detailOf, LOGS, timeline } from './one-terminal.ts';
import { mapOf, NOW, rows, sites } from './town.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
}

export interface StubState {
  role: Role;
  signedIn: boolean;
  /** Local sign-in asks for six digits. */
  totp: boolean;
  rows: FleetRow[];
  alerts: Alert[];
  commands: Map<string, CommandRow[]>;
  layers: Map<string, SettingsLayer>;
  /** So many more points on the map. */
  crowd: number;
  readonly calls: { method: string; path: string; body: unknown }[];
  readonly changed: (...topics: ConsoleEvent['topics']) => void;
  now(): number;
  stop(): void;
  later(run: () => void): void;
}

/** The fixture's world: what is done in it stays until it ends. Time stands still, so that pictures are the same every time. */
export function stubState(role: Role, changed: (...topics: ConsoleEvent['topics']) => void): StubState {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  return {
    role,
    signedIn: true,
    totp: true,
    rows: rows.map((row) => ({ ...row })),
    alerts: house.alerts.map((alert) => ({ ...alert })),
    commands: new Map(),
    layers: new Map(Object.values(house.layers).map((layer) => [`${layer.layer}/${layer.id}`, layer])),
    crowd: 0,
    calls: [],
    changed,
    now: () => NOW,
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
    later(run) {
      timers.add(setTimeout(run, 150));
    },
  };
}

const ok = (body?: unknown): Answer => ({ status: body === undefined ? 204 : 200, body });
const refused = (status: number, code: string, faults?: Problem['faults']): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, code, ...(faults ? { faults } : {}) },
});

export function answerTo(state: StubState, method: string, url: URL, body: unknown): Answer {
  state.calls.push({ method, path: url.pathname, body });
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (url.pathname.startsWith('/console/api/')) {
    if (!state.signedIn) return refused(401, 'SIGN_IN_NEEDED');
    const parts = url.pathname.slice('/console/api/'.length).split('/').map(decodeURIComponent);
    return method === 'GET' ? reading(state, parts, url) : writing(state, method, parts, given);
  }
  if (url.pathname === '/console/sign-in') {
    return ok({ demo: false, local: true, oidc: [{ id: 'spid', name: 'l’accesso del Comune' }] });
  }
  if (url.pathname === '/console/session/local') {
    if (given.password !== 'giusta') return refused(401, 'SIGN_IN_REFUSED');
    if (state.totp && given.totp === undefined) return refused(401, 'TOTP_NEEDED');
    state.signedIn = true;
    return ok(house.meAs(state.role));
  }
  if (url.pathname === '/console/session' && method === 'DELETE') {
    state.signedIn = false;
    return ok();
  }
  return ok();
}

function reading(state: StubState, [what = '', ...rest]: string[], url: URL): Answer {
  const [first = '', second] = rest;
  switch (what) {
    case 'me':
      return ok(house.meAs(state.role));
    case 'overview':
      return ok(house.overview);
    case 'fleet':
      return ok(first === 'map' ? mapOf(state.crowd) : fleetPage(state, url.searchParams));
    case 'alerts':
      return ok({ rows: state.alerts.filter((alert) => alert.state === url.searchParams.get('state')) });
    case 'terminals':
      return ofTerminal(state, first, second);
    case 'commands':
      return { status: 200, type: 'text/plain; charset=utf-8', body: LOGS };
    case 'settings':
      return ok(layerOf(state, first, second ?? ''));
    case 'operator-items':
    case 'assistance':
    case 'match':
      return ok([]);
    case 'payments':
      return ok({ rows: [] });
    case 'enrolments': {
      if (first === '') return ok(house.pending);
      const shown = house.pendingElsewhere.find(({ code }) => code === first);
      return shown ? ok(shown) : refused(404, 'ENROLMENT_CODE_UNKNOWN');
    }
    default: {
      const lists: Readonly<Record<string, unknown>> = {
        sites,
        maintenance: house.maintenance,
        'alert-settings': house.alertSettings,
        people: house.people,
        audit: house.audit,
        'pre-authorisations': house.preAuthorised,
      };
      return what in lists ? ok(lists[what]) : refused(404, 'NOT_FOUND');
    }
  }
}

function fleetPage(state: StubState, query: URLSearchParams): FleetPage {
  const search = (query.get('search') ?? '').toLowerCase();
  const found = state.rows.filter((row) => `${row.terminalId} ${row.site}`.toLowerCase().includes(search));
  const wanted = query.get('state');
  const counts = Object.fromEntries(
    TerminalStanding.options.map((each) => [each, found.filter((row) => row.state === each).length]),
  ) as FleetPage['counts'];
  return { at: NOW, counts, rows: found.filter((row) => wanted === null || row.state === wanted) };
}

function ofTerminal(state: StubState, terminalId: string, part: string | undefined): Answer {
  const row = state.rows.find((each) => each.terminalId === terminalId);
  if (!row) return refused(404, 'NOT_FOUND');
  if (part === 'timeline') return ok(timeline);
  if (part === 'commands') return ok(state.commands.get(terminalId) ?? commandsOf(terminalId));
  const detail = detailOf(row);
  if (part !== 'settings') return ok(detail);
  const rejected = detail.reported?.settings.refused;
  return ok({
    version: 41,
    document: layerOf(state, 'municipality', 'prato').document,
    origins: {},
    reportedVersion: detail.settings.reported,
    ...(rejected ? { refused: rejected } : {}),
  });
}

function layerOf(state: StubState, layer: string, id: string): SettingsLayer {
  const found = state.layers.get(`${layer}/${id}`);
  return found ?? { layer: layer as SettingsLayer['layer'], id, version: 0, document: {}, history: [] };
}

function writing(state: StubState, method: string, parts: string[], given: Record<string, unknown>): Answer {
  const [what = '', id = '', part = ''] = parts;
  if (what === 'terminals' && part === 'commands') return ok(command(state, id, given));
  if (what === 'alerts' && part === 'acknowledge') {
    const alert = state.alerts.find(({ alertId }) => alertId === id);
    if (!alert) return refused(404, 'NOT_FOUND');
    Object.assign(alert, {
      state: 'acknowledged',
      acknowledgedBy: 'Luca Bandini',
      acknowledgedAt: NOW,
      ...(given.note === undefined ? {} : { note: given.note }),
    });
    state.changed('alerts');
    return ok(alert);
  }
  if (what === 'settings') return settings(state, method, parts, given);
  if (what === 'people' && part === 'password-link') {
    return ok({ url: 'https://flotta.prato.example/console/#/password/abc', expiresAt: NOW + 86_400_000 });
  }
  if (what === 'people') return ok({ ...house.people[1], ...given });
  if (what === 'me' && id === 'totp' && part === '') {
    return ok({ secret: 'JBSWY3DPEHPK3PXP', url: 'otpauth://totp/Jolly:luca?secret=JBSWY3DPEHPK3PXP' });
  }
  if (what === 'maintenance' && method === 'POST') return ok(house.maintenance[0]);
  if (what === 'alert-settings') return ok(given);
  return ok();
}

/** A command goes its way: on its way, under way, done, each told by the stream. */
function command(state: StubState, terminalId: string, given: Record<string, unknown>): CommandRow {
  const list = state.commands.get(terminalId) ?? commandsOf(terminalId);
  const row: CommandRow = {
    commandId: `0193a222-0000-7000-8000-${String(list.length).padStart(12, '0')}`,
    terminalId,
    act: given.act as CommandRow['act'],
    by: 'Luca Bandini',
    createdAt: NOW,
    expiresAt: NOW + 900_000,
    state: 'queued',
    history: [{ at: NOW, state: 'queued' }],
  };
  state.commands.set(terminalId, [row, ...list]);
  const step = (next: CommandRow['state'], then?: () => void) =>
    state.later(() => {
      Object.assign(row, { state: next, history: [...row.history, { at: NOW, state: next }] });
      state.changed('commands');
      then?.();
    });
  step('running', () => step('done'));
  return row;
}

function settings(
  state: StubState,
  method: string,
  [, layer = '', id = '', part]: string[],
  given: Record<string, unknown>,
): Answer {
  const stored = layerOf(state, layer, id);
  const checked = TerminalSettings.safeParse(given.document ?? stored.document);
  const faults = checked.success
    ? []
    : checked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const changes = checked.success ? changesBetween(stored.document, checked.data) : [];
  if (part === 'preview') {
    const preview: SettingsPreview = {
      faults,
      changes,
      affected: state.rows.map(({ terminalId }) => ({ terminalId, changes })),
      affectedCount: faults.length > 0 ? 0 : state.rows.length,
    };
    return ok(preview);
  }
  if (!checked.success) return refused(422, 'BODY_INVALID', faults);
  if (given.baseVersion !== stored.version) return refused(409, 'SETTINGS_CHANGED');
  const next: SettingsLayer = {
    ...stored,
    version: stored.version + 1,
    document: method === 'PUT' ? checked.data : stored.document,
    history: [
      { version: stored.version + 1, at: NOW, by: 'Luca Bandini', note: String(given.note), changes },
      ...stored.history,
    ],
  };
  state.layers.set(`${layer}/${id}`, next);
  state.changed('settings');
  return ok(next);
}
