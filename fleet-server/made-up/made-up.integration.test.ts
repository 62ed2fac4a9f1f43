import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolledTerminals } from '../identity/index.ts';
import { markTerminals } from '../terminals/index.ts';
import { Rig, TENANT } from '../testing/index.ts';
import { enrolMadeUp, forgetMadeUp } from './terminals.ts';

const terminals = ['L-00001', 'L-00002', 'L-00003'].map((terminalId) => ({
  terminalId,
  publicKey: `key-of-${terminalId}`,
}));

describe('made-up terminals', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await new Rig().start();
  });
  afterAll(() => rig.close());

  it('come beside the real ones, and go with all that was kept of them', async () => {
    const { store } = rig;
    await rig.terminal('TOTEM-01');
    const options = { store, tenantId: TENANT, terminals, now: rig.clock.now() };
    await enrolMadeUp(options);
    await enrolMadeUp(options);
    const ids = async () => (await enrolledTerminals(store, TENANT)).map(({ terminalId }) => terminalId);
    expect(await ids()).toEqual(['L-00001', 'L-00002', 'L-00003', 'TOTEM-01']);
    const address = { tenantId: TENANT, terminalId: 'L-00001' };
    await store.transaction((tx) => markTerminals(tx, [address], 'maintenance', true, 1));

    const others = { terminalId: 'TOTEM-01', publicKey: 'not its key' };
    expect(await forgetMadeUp({ ...options, terminals: [...terminals, others] })).toBe(3);
    expect(await ids()).toEqual(['TOTEM-01']);
    const left = await store
      .of<{ terminal_state: { terminal_id: string } }>()
      .selectFrom('terminal_state')
      .select('terminal_id')
      .where('terminal_id', '=', 'L-00001')
      .execute();
    expect(left).toEqual([]);
  });
});
