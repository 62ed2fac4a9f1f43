import { expect, it } from 'vitest';
import type { Store } from '../store/index.ts';
import { Welcomed } from './welcomed.ts';

const TOTEM = { tenantId: 'prova', terminalId: 'TOTEM-01' };
const nobody = new Welcomed({} as Store, { welcomedBoot: async () => undefined });

it('is of the terminal on another’s broker, until another connection of it is there or this one is over', () => {
  nobody.add(TOTEM, 'a', undefined);
  expect(nobody.heed(TOTEM, { online: true, boot: 'a', why: 'connected' })).toBe(true);
  expect(nobody.heed(TOTEM, { online: false, boot: 'older', why: 'lost' })).toBe(true);
  expect(nobody.heed(TOTEM, { online: false, boot: 'a', why: 'lost' })).toBe(false);
  nobody.add(TOTEM, 'b', undefined);
  expect(nobody.heed(TOTEM, { online: true, boot: 'thief', why: 'connected' })).toBe(false);
});
