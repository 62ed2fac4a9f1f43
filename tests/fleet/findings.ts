import { COMMAND_ENDS, CommandState } from '@jolly/contracts/fleet-link';
import type { StoreLook } from '@jolly/fleet-server/testing';
import type { Crowd } from './crowd.ts';
import type { TotemState } from './totem.ts';

/** What the server holds after everything, against what terminals and people were told. */
export interface Findings {
  readonly recorded: number;
  readonly stored: number;
  readonly commands: ReadonlyMap<string, number>;
  /** In words, one each. */
  readonly violations: readonly string[];
}

export interface Promised {
  readonly crowds: readonly Crowd[];
  /** Commands that the server said it had. */
  readonly commands: readonly string[];
}

const UNHEARD = ['queued', 'waiting', 'running'];

/** What is not at its end yet; empty: there is nothing to wait for. */
export async function open(look: StoreLook, states: readonly TotemState[]): Promise<readonly string[]> {
  const commands = (await look.commands()).filter(({ state }) => UNHEARD.includes(state));
  const settings = (await look.settings()).filter((row) => (row.reported_version ?? 0) !== row.version);
  const waiting = states.filter(({ connected, entries }) => !connected || entries > 0);
  return [
    ...waiting.map(
      (each) => `${each.terminalId} ${each.connected ? '' : 'not '}linked, ${each.entries} entries wait`,
    ),
    ...commands.map((row) => `${row.terminal_id} ${row.kind} ${row.command_id} is ${row.state}`),
    ...settings.map(
      (row) => `${row.terminal_id} has settings ${row.reported_version}, should have ${row.version}`,
    ),
  ];
}

export async function findingsOf(
  look: StoreLook,
  states: readonly TotemState[],
  { crowds, commands: promised }: Promised,
): Promise<Findings> {
  const violations: string[] = [];
  const ledgers = crowds.map((crowd) => crowd.ledger());
  const recorded = ledgers.flatMap((ledger) => ledger.recorded);
  const stored = await look.events();
  const times = new Map<string, number>();
  for (const each of stored) if (/ e-\d/.test(each)) times.set(each, (times.get(each) ?? 0) + 1);
  for (const each of recorded) {
    const count = times.get(each) ?? 0;
    if (count !== 1) violations.push(`${each} was recorded and arrived ${count} times`);
    times.delete(each);
  }
  // killed between the terminal's own word and the ledger's: there, and once
  for (const [each, count] of times) if (count !== 1) violations.push(`${each} arrived ${count} times`);

  const rows = await look.commands();
  const known = new Map(rows.map((row) => [row.command_id, row]));
  for (const id of promised) if (!known.has(id)) violations.push(`command ${id} was taken and is not there`);
  const ends = new Map<string, number>();
  for (const { command_id, terminal_id, kind, state, reason } of rows) {
    const end = reason === null ? state : `${state} (${reason})`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (!COMMAND_ENDS.has(CommandState.parse(state)))
      violations.push(`command ${command_id} (${kind}) of ${terminal_id} has no end: ${state}`);
  }
  const printed = new Map(ledgers.flatMap((ledger) => [...ledger.printed]));
  for (const terminalId of new Set(rows.map((row) => row.terminal_id))) {
    const pages = rows.filter((row) => row.terminal_id === terminalId && row.kind === 'print-test-page');
    const done = pages.filter(({ state }) => state === 'done').length;
    const count = printed.get(terminalId) ?? 0;
    if (count > pages.length || count < done)
      violations.push(`${terminalId} printed ${count} test pages for ${pages.length} commands, ${done} done`);
  }

  const held = new Map(states.map((state) => [state.terminalId, state]));
  for (const row of await look.settings()) {
    const { terminal_id, version, reported_version } = row;
    const has = held.get(terminal_id);
    if (reported_version !== version || has?.settings.version !== version)
      violations.push(
        `${terminal_id} should have settings ${version}, has ${has?.settings.version}, says ${reported_version}; ` +
          `refused ${row.refused_version} ${row.faults ?? ''}`,
      );
    const { helpPhone } = JSON.parse(row.document) as { helpPhone?: string };
    if (has && helpPhone !== has.helpPhone)
      violations.push(`${terminal_id} shows ${has.helpPhone}, should show ${helpPhone}`);
  }
  for (const { terminal_id, status, suspect_why } of await look.terminals())
    if (status !== 'enrolled') violations.push(`${terminal_id} is ${status}: ${suspect_why}`);
  for (const { terminalId, connected, entries, dropped } of states) {
    if (!connected) violations.push(`${terminalId} did not link again`);
    if (entries > 0) violations.push(`${terminalId} still holds ${entries} entries`);
    if (dropped > 0) violations.push(`${terminalId} dropped ${dropped} entries`);
  }
  return { recorded: recorded.length, stored: stored.length, commands: ends, violations };
}
