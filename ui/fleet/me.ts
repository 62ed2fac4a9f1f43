import { type ConsoleMe, may, mayCommand, type Permission } from '@jolly/contracts/fleet-api';
import type { CommandKind } from '@jolly/contracts/fleet-link';
import { createContext, useContext } from 'react';

/** Who is signed in, for every page. */
export const MeContext = createContext<ConsoleMe | undefined>(undefined);

export function useMe(): ConsoleMe {
  const me = useContext(MeContext);
  if (!me) throw new Error('nobody is signed in here');
  return me;
}

/** What the role may not do is not offered; the server refuses it anyway. */
export function useMay(): (permission: Permission) => boolean {
  const { role } = useMe();
  return (permission) => may(role, permission);
}

/** The same of commands, each of which needs what the server asks for it. */
export function useMayCommand(): (kind: CommandKind) => boolean {
  const { role } = useMe();
  return (kind) => mayCommand(role, kind);
}
