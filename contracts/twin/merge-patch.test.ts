import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMergePatch, type Json, mergePatchBetween, sameJson } from './merge-patch.ts';

/** Names that an object has anyway are among them; `null` cannot be told in a merge patch. */
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'toString', 'valueOf', 'hasOwnProperty'),
  fc.string().filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text)),
);
const { document } = fc.letrec<{ document: Json }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(fc.oneof(fc.integer(), fc.constant(null)), { maxLength: 3 }),
    fc.dictionary(name, tie('document'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('a merge patch', () => {
  it('makes the one document of the other, whatever they are', () => {
    fc.assert(
      fc.property(document, document, (from, to) => {
        const patch = mergePatchBetween(from, to);
        expect(sameJson(patch === undefined ? from : applyMergePatch(from, patch), to)).toBe(true);
        expect(patch === undefined).toBe(sameJson(from, to));
      }),
    );
  });

  it('laid twice is as laid once, and leaves what it is laid on alone', () => {
    fc.assert(
      fc.property(document, document, (target, patch) => {
        const before = JSON.stringify(target);
        const once = applyMergePatch(target, patch);
        expect(sameJson(applyMergePatch(once, patch), once)).toBe(true);
        expect(JSON.stringify(target)).toBe(before);
      }),
    );
  });

  it('never reaches the machinery of an object', () => {
    const patch = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"x":1},"a":{"__proto__":{"y":1}}}');
    const result = applyMergePatch({}, patch);
    expect(result).toEqual({ a: {} });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('made to be deep does not use up the stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    expect(() => applyMergePatch({}, deep)).not.toThrow();
  });

  it.each<[string, Json, Json, Json]>([
    ['replaces', { a: 'b' }, { a: 'c' }, { a: 'c' }],
    ['adds', { a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    ['takes away', { a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    ['takes a list as a value', { a: ['b'] }, { a: 'c' }, { a: 'c' }],
    ['goes into an object', { a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    ['makes an object of what is none', [1, 2], { a: 'b', c: null }, { a: 'b' }],
    ['leaves no nulls behind', {}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%s, as RFC 7396 has it', (_, target, patch, result) =>
    expect(applyMergePatch(target, patch)).toEqual(result),
  );
});
