import { type ConsoleMe, may, type Permission } from '@jolly/contracts/fleet-api';
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
