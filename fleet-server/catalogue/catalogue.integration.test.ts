import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Fault } from '@jolly/contracts/fleet-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalogue } from './catalogue.ts';

const demo = readFileSync(resolve(import.meta.dirname, '../../simulators/launcher/services.json'), 'utf8');

describe('a catalogue file', () => {
  let folder: string;
  let file: string;
  let minute = 0;
  const write = (text: string) => {
    writeFileSync(file, text);
    // two writings within one tick of the file system's clock are two all the same
    minute += 60;
    utimesSync(file, minute, minute);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jolly-catalogue-'));
    file = join(folder, 'services.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const opened = (refused: (faults: readonly Fault[]) => void = () => undefined) => {
    const read = openCatalogue(file, refused);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    return read.catalogue;
  };

  it('of the demo has no fault, and offers seven services in three languages', () => {
    write(demo);
    const { entries, revision } = opened().offered();
    expect(entries).toHaveLength(7);
    expect(revision).toMatch(/^[0-9a-f]{32}$/);
    for (const { title, form } of entries) {
      for (const words of [title, ...form.map(({ label }) => label)])
        expect(Object.keys(words)).toEqual(['it', 'en', 'de']);
    }
  });

  it('is read again when it was written anew, and its revision changes', () => {
    write(demo);
    const catalogue = opened();
    const before = catalogue.offered();
    const changed = JSON.parse(demo);
    changed.entries[0].version = 2;
    changed.entries[1].status = 'suspended';
    write(JSON.stringify(changed));
    const after = catalogue.offered();
    expect(after.revision).not.toBe(before.revision);
    expect(after.entries).toHaveLength(6);
    expect(catalogue.find(changed.entries[0].id, 1)).toBeUndefined();
    expect(catalogue.find(changed.entries[0].id, 2)?.title.en).toBe('Electronic identity card');
  });

  it('written anew with faults leaves the catalogue as it was, and says so once', () => {
    write(demo);
    const told: (readonly Fault[])[] = [];
    const catalogue = opened((faults) => told.push(faults));
    write('{"entries": [{}]}');
    expect(catalogue.offered().entries).toHaveLength(7);
    expect(catalogue.offered().entries).toHaveLength(7);
    expect(told).toHaveLength(1);
    expect(told[0]?.length).toBeGreaterThan(5);
  });

  it('that is missing or no JSON is a fault at the start', () => {
    expect(openCatalogue(file)).toMatchObject({
      ok: false,
      faults: [{ message: expect.stringContaining('ENOENT') }],
    });
    write('nonsense');
    expect(openCatalogue(file)).toMatchObject({ ok: false });
  });
});
