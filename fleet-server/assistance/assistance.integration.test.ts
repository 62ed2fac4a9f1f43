import { AssistanceCall } from '@jolly/contracts/fleet-api';
import { uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Rig, type TestPerson, type TestTerminal } from '../testing/index.ts';

describe('a call for a person', () => {
  let rig: Rig;
  let terminal: TestTerminal;
  let person: TestPerson;

  beforeEach(async () => {
    rig = await new Rig().start();
    terminal = await rig.terminal();
    person = await rig.signIn();
  });
  afterEach(() => rig.close());

  const request = (more: object = {}) => ({
    requestId: uuidv7(rig.clock.now()),
    language: 'it',
    screen: 'problem',
    supportCode: 'PO-09 10:08 D4F7',
    ...more,
  });
  const call = (body: object) => terminal.call('POST', '/api/v1/assistance', body);
  const open = async () => z.array(AssistanceCall).parse((await person.get('/console/api/assistance')).body);

  it('stands in the console, once however often it comes, until somebody takes it', async () => {
    const body = request();
    expect((await call(body)).body).toEqual({ accepted: true });
    expect((await call(body)).status).toBe(200);
    expect(await open()).toEqual([
      {
        id: body.requestId,
        terminalId: 'TOTEM-01',
        at: rig.clock.now(),
        language: 'it',
        screen: 'problem',
        supportCode: 'PO-09 10:08 D4F7',
      },
    ]);
    const take = `/console/api/assistance/${body.requestId}/take`;
    expect((await person.post(take, {})).status).toBe(200);
    expect(await open()).toEqual([]);
    const second = await rig.signIn('demo2');
    expect((await second.post(take, {})).status).toBe(404);
    // the answer was lost and the terminal asks again: it is not a new call
    expect((await call(body)).status).toBe(200);
    expect(await open()).toEqual([]);
  });

  it('a terminal has one open call; after half an hour nobody waits any more', async () => {
    await call(request());
    rig.clock.advance(60_000);
    const again = request({ language: 'ar' });
    await call(again);
    expect((await open()).map((each) => each.id)).toEqual([again.requestId]);
    rig.clock.advance(30 * 60_000);
    expect(await open()).toEqual([]);
  });

  it('is signed by the terminal, and says nothing that the contract does not know', async () => {
    const unsigned = await rig.inject(
      'POST',
      '/api/v1/assistance',
      { 'content-type': 'application/json' },
      JSON.stringify(request()),
    );
    expect(unsigned.status).toBe(401);
    expect((await call(request({ screen: 'x'.repeat(41) }))).status).toBe(400);
    expect(await open()).toEqual([]);
  });
});
