import { ManualClock, systemRandom } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { fail } from '../errors.ts';
import { personCaller } from './call.ts';

const CALL = { language: 'it', screen: 'help' } as const;

function bench(...answers: readonly (Error | undefined)[]) {
  const clock = new ManualClock();
  const asked: unknown[] = [];
  const left = [...answers];
  const assistance = async (request: unknown) => {
    asked.push(request);
    const answer = left.shift();
    if (answer) throw answer;
  };
  return { clock, asked, call: personCaller({ client: { assistance }, clock, random: systemRandom }) };
}

describe('calling a person', () => {
  it('asks once more with the same id where nobody answered', async () => {
    const { clock, asked, call } = bench(fail('SERVER_UNREACHABLE', { path: '/', why: 'timeout' }));
    const called = call(CALL);
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(2_000);
    await called;
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual(asked[1]);
    expect(asked[0]).toMatchObject(CALL);
  });

  it('gives up after the second, and at once when it is refused', async () => {
    const silent = () => fail('SERVER_UNREACHABLE', { path: '/', why: 'timeout' });
    const twice = bench(silent(), silent());
    const called = twice.call(CALL).catch((error: unknown) => error);
    await Promise.resolve();
    await Promise.resolve();
    twice.clock.advance(2_000);
    expect(await called).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    const refused = bench(fail('SERVER_REFUSED', { path: '/', status: 401, code: 'NOT_SIGNED' }));
    await expect(refused.call(CALL)).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    expect(refused.asked).toHaveLength(1);
  });
});
