import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { fail } from '../problems/index.ts';
import { CommitQueue, type Waiting } from './queue.ts';

interface Thing extends Waiting {
  readonly name: string;
}
const thing = (name: string, over: Partial<Thing> = {}): Thing => ({
  name,
  who: name,
  entries: 1,
  bytes: 10,
  comesAgain: true,
  ...over,
});
const limits = {
  waitingOfOne: 3,
  waitingEntries: 5,
  waitingBytes: 1_000,
  commitEntries: 4,
  commitMessages: 4,
};

function rig(commit: (names: string[]) => void, commitMessages = limits.commitMessages) {
  const failed: string[] = [];
  const queue = new CommitQueue<Thing>({
    clock: new ManualClock(),
    limits: { ...limits, commitMessages },
    commit: async (works) => commit(works.map(({ name }) => name)),
    failed: ({ name }) => failed.push(name),
  });
  return { queue, failed };
}

describe('the queue of what waits for a commit', () => {
  it('commits together what came together, in order, so many at a time', async () => {
    const commits: string[][] = [];
    const { queue } = rig((names) => commits.push(names));
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(queue.push(thing(name))).toBe(true);
    await queue.settled();
    expect(commits).toEqual([['a', 'b', 'c', 'd'], ['e']]);
    expect(queue.depth()).toEqual({ messages: 0, entries: 0, bytes: 0 });
  });

  it('has an end, of one terminal and of all; what does not come again is still taken', async () => {
    const { queue } = rig(() => undefined);
    for (let turn = 0; turn < 3; turn += 1) expect(queue.push(thing('a'))).toBe(true);
    expect(queue.push(thing('a'))).toBe(false);
    expect(queue.push(thing('b', { entries: 3 }))).toBe(false);
    expect(queue.push(thing('b', { bytes: 1_000 }))).toBe(false);
    expect(queue.push(thing('b', { bytes: 1_000, comesAgain: false }))).toBe(true);
    await queue.settled();
    expect(queue.push(thing('a'))).toBe(true);
    await queue.settled();
  });

  it('leaves out the one that cannot be committed, and not its neighbours', async () => {
    const commits: string[][] = [];
    const { queue, failed } = rig((names) => {
      if (names.includes('bad')) throw new Error('constraint');
      commits.push(names);
    });
    for (const name of ['a', 'bad', 'c', 'd']) queue.push(thing(name));
    await queue.settled();
    expect(failed).toEqual(['bad']);
    expect(commits.flat()).toEqual(['a', 'c', 'd']);
  });

  it('finds all of them, however many one sender sends, and drops nobody else', async () => {
    const commits: string[][] = [];
    const { queue, failed } = rig((names) => {
      if (names.includes('bad')) throw new Error('constraint');
      commits.push(names);
    }, 8);
    for (const [at, name] of ['bad', 'bad', 'bad', 'a', 'bad', 'b', 'bad', 'c'].entries()) {
      queue.push(thing(name, { who: `${name} ${at % 4}`, entries: 0 }));
    }
    await queue.settled();
    expect(failed).toEqual(['bad', 'bad', 'bad', 'bad', 'bad']);
    expect(commits.flat()).toEqual(['a', 'b', 'c']);
  });

  it('gives up on a store that takes nothing', async () => {
    let tries = 0;
    const { queue, failed } = rig(() => {
      tries += 1;
      throw fail('STORE_UNAVAILABLE');
    });
    for (const name of ['a', 'b', 'c', 'd']) queue.push(thing(name));
    await queue.settled();
    expect(failed).toEqual(['a', 'b', 'c', 'd']);
    expect(tries).toBe(1);
  });
});
