import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesBetween, effectiveSettings, LAYERS, type LayerDocuments, originsOf } from './layers.ts';
import { TerminalSettings } from './settings.ts';

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const group = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  maybe(fc.record(model, { requiredKeys: [] }));
const hour = fc.constantFrom('00:00', '08:30', '13:00', '23:59');
const day = fc.option(fc.tuple(hour, hour), { nil: null });
const text = fc.record({ it: fc.constantFrom('Chiuso', 'Aperto'), de: fc.constantFrom('Zu', 'Offen') });

const settings: fc.Arbitrary<TerminalSettings> = fc
  .record({
    devices: group({ pos: fc.constantFrom('', 'zvt+tcp:1'), printer: fc.constantFrom('', 'escpos+tcp:2') }),
    services: group({ payments: fc.boolean(), login: fc.boolean() }),
    openingHours: group({ mon: day, sat: day, sun: day }),
    languages: maybe(fc.uniqueArray(fc.constantFrom('it', 'en', 'fr'), { minLength: 1 })),
    idle: group({ warnAfterSeconds: fc.integer({ min: 5, max: 600 }) }),
    attract: group({ title: text, text, until: fc.constantFrom('2026-11-30', '2026-12-24') }),
    volume: maybe(fc.constantFrom(0, 0.4, 1)),
  })
  .map((value) => TerminalSettings.parse(JSON.parse(JSON.stringify(value))));
const layers: fc.Arbitrary<LayerDocuments> = fc
  .record({
    centre: maybe(settings),
    municipality: maybe(settings),
    site: maybe(settings),
    terminal: maybe(settings),
  })
  .map((all) => JSON.parse(JSON.stringify(all)));

/** What a path leads to; a name that is not there leads to nothing. */
const at = (document: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);

/** The same where one single value is there: a group with something in it is not one, an empty notice is. */
const valueAt = (document: unknown, path: string): unknown => {
  const value = at(document, path);
  const group = typeof value === 'object' && value !== null && !Array.isArray(value);
  return group && Object.keys(value).length > 0 ? undefined : value;
};

describe('settings in layers', () => {
  it('are always settings that a terminal could be sent', () => {
    fc.assert(
      fc.property(layers, (all) => {
        expect(TerminalSettings.safeParse(effectiveSettings(all)).success).toBe(true);
      }),
    );
  });

  it('hold what the narrowest layer that says anything says, and nothing else', () => {
    fc.assert(
      fc.property(layers, (all) => {
        const effective = effectiveSettings(all);
        const origins = originsOf(all);
        for (const [path, layer] of Object.entries(origins)) {
          expect(at(effective, path)).toEqual(at(all[layer], path));
        }
        expect(changesBetween({}, effective).map(({ path }) => path)).toEqual(
          Object.keys(origins).toSorted(),
        );
      }),
    );
  });

  it('do not change with a layer that says nothing, or that says the same again', () => {
    fc.assert(
      fc.property(layers, fc.constantFrom(...LAYERS), (all, layer) => {
        const effective = effectiveSettings(all);
        expect(effectiveSettings({ ...all, [layer]: all[layer] ?? {} })).toEqual(effective);
        expect(effectiveSettings({ terminal: effective })).toEqual(effective);
        expect(effectiveSettings({ ...all, terminal: effective })).toEqual(effective);
      }),
    );
  });

  it('have a difference exactly when they differ', () => {
    fc.assert(
      fc.property(layers, layers, (one, other) => {
        const [before, after] = [effectiveSettings(one), effectiveSettings(other)];
        const changes = changesBetween(before, after);
        expect(changes.length === 0).toBe(
          JSON.stringify(changesBetween({}, before)) === JSON.stringify(changesBetween({}, after)),
        );
        for (const change of changes) {
          expect(change.before).toEqual(valueAt(before, change.path));
          expect(change.after).toEqual(valueAt(after, change.path));
        }
        expect(changesBetween(after, before).map(({ path }) => path)).toEqual(
          changes.map(({ path }) => path),
        );
      }),
    );
  });

  it('keep a closed day of the municipality closed, and let a terminal close one more', () => {
    const all: LayerDocuments = {
      municipality: { openingHours: { sun: null, mon: ['08:00', '13:00'] } },
      terminal: { openingHours: { mon: null } },
    };
    expect(effectiveSettings(all)).toEqual({ openingHours: { sun: null, mon: null } });
    expect(originsOf(all)).toEqual({ 'openingHours.sun': 'municipality', 'openingHours.mon': 'terminal' });
    expect(changesBetween({}, { openingHours: { sun: null } })).toEqual([
      { path: 'openingHours.sun', after: null },
    ]);
  });

  it('never mix the notices of two layers', () => {
    const centre = { attract: { title: { it: 'Censimento', de: 'Zählung' }, until: '2026-12-31' } };
    const own = { attract: { title: { it: 'Sabato chiuso' } } };
    expect(effectiveSettings({ centre, site: own })).toEqual(own);
    expect(originsOf({ centre, site: own })).toEqual({ 'attract.title.it': 'site' });
    expect(effectiveSettings({ centre, site: { attract: {} } })).toEqual({ attract: {} });
    expect(changesBetween({ attract: {} }, { attract: { until: '2026-11-30' } })).toEqual([
      { path: 'attract', before: {} },
      { path: 'attract.until', after: '2026-11-30' },
    ]);
  });
});
