import { afterEach, beforeEach, expect, it } from 'vitest';
import { allMigrations } from '../schema.ts';
import { openStore, type Store } from '../store/index.ts';
import { type TestStore, testStore } from '../testing/index.ts';
import { loadStates, markShut, saveState, unknownState } from './index.ts';

let place: TestStore;
let store: Store;
beforeEach(async () => {
  place = await testStore();
  store = await openStore({ dataDir: ':memory:', store: place.settings }, allMigrations);
});
afterEach(async () => {
  await store.close();
  await place.drop();
});

it('one that was shut out is away, whichever start was heard of last', async () => {
  const address = { tenantId: 'prato', terminalId: 'PO-77' };
  await store.transaction((tx) => saveState(tx, { ...unknownState(address), online: true, boot: 'b' }, 5));
  await store.transaction((tx) => markShut(tx, address, false, 9));
  const state = (await loadStates(store, [address])).get('prato/PO-77');
  expect(state).toMatchObject({ online: false, state: 'stopped', reason: 'offline', presenceAt: 9 });
});
