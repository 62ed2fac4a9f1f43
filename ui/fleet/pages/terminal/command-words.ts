import type { CommandRow } from '@jolly/contracts/fleet-api';
import { COMMAND_ENDS, type CommandAct, type CommandKind, DISRUPTIVE } from '@jolly/contracts/fleet-link';
import { share } from '../../format.ts';
import { t, word } from '../../messages/index.ts';
import type { ConsoleIcon } from '../../parts/icon.tsx';
import type { SignKind } from '../../parts/sign.tsx';

export const commandIcon: Readonly<Record<CommandKind, ConsoleIcon>> = {
  'print-test-page': 'print',
  'self-test': 'pulse',
  'restart-app': 'refresh',
  'restart-host': 'power',
  'fetch-logs': 'files',
  screenshot: 'presentation',
  'set-volume': 'volume',
  'out-of-service': 'ban',
  'back-in-service': 'restore',
  lock: 'locked',
  unlock: 'unlocked',
  'rotate-key': 'key',
  wipe: 'delete',
};

/** Sent at once: nothing of it bothers anybody. */
export const needsQuestion = (kind: CommandKind): boolean =>
  DISRUPTIVE.has(kind) || kind === 'fetch-logs' || kind === 'set-volume';

/** The act with what was given with it. */
export function commandTitle(act: CommandAct): string {
  const said = t(`command.${act.kind}`);
  if (act.kind === 'fetch-logs') return `${said} (${t('lasts.minutes', { n: act.minutes })})`;
  if (act.kind === 'set-volume') return `${said} (${share(act.level)})`;
  return said;
}

export const commandSign: Readonly<Record<CommandRow['state'], SignKind>> = {
  queued: 'none',
  waiting: 'none',
  running: 'none',
  done: 'good',
  refused: 'warn',
  expired: 'warn',
  failed: 'bad',
};

export const isOver = (command: CommandRow): boolean => COMMAND_ENDS.has(command.state);

/** `printer: link`: device and what of it was tried. */
export const stepWords = (name: string): string =>
  name
    .split(': ')
    .map((part) => (word('device', part) === part ? word('step.name', part) : word('device', part)))
    .join(': ');
