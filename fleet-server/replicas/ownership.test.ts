import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownerOf, sight } from './ownership.ts';

const names = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 8 });
const key = fc.string({ minLength: 1 });

describe('who acts for a terminal', () => {
  it('is one of those who live, whatever the order in which they are known', () =>
    fc.assert(
      fc.property(names, key, (replicas, terminal) => {
        const owner = ownerOf(terminal, replicas);
        expect(replicas).toContain(owner);
        expect(ownerOf(terminal, replicas.toReversed())).toBe(owner);
      }),
    ));

  it('changes only for the terminals of who died', () =>
    fc.assert(
      fc.property(names, key, fc.nat(), (replicas, terminal, which) => {
        const dead = replicas[which % replicas.length];
        const owner = ownerOf(terminal, replicas);
        const left = replicas.filter((id) => id !== dead);
        if (owner === dead) expect(ownerOf(terminal, left)).not.toBe(dead);
        else expect(ownerOf(terminal, left)).toBe(owner);
      }),
    ));

  it('is spread evenly', () => {
    const replicas = ['a', 'b', 'c'];
    const counts = new Map<string, number>();
    for (let at = 0; at < 3_000; at += 1) {
      const owner = ownerOf(`prova/TOTEM-${at}`, replicas) ?? '';
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    for (const id of replicas) expect(counts.get(id)).toBeGreaterThan(850);
  });
});

describe('who lives', () => {
  it('is who was seen to change lately, by no clock but our own', () => {
    const first = sight(
      new Map(),
      [
        { replicaId: 'a', beatAt: 9e15 },
        { replicaId: 'b', beatAt: 1 },
      ],
      0,
      5_000,
    );
    expect(first.alive).toEqual(['a', 'b']);
    const second = sight(
      first.sightings,
      [
        { replicaId: 'a', beatAt: 9e15 },
        { replicaId: 'b', beatAt: 2 },
      ],
      5_001,
      5_000,
    );
    expect(second.alive).toEqual(['b']);
    const third = sight(second.sightings, [{ replicaId: 'a', beatAt: 3 }], 6_000, 5_000);
    expect(third.alive).toEqual(['a']);
  });
});
