import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostFacts, machineHash, systemSources } from './index.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'jolly-host-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the host', () => {
  it('says what it can, of this computer', () => {
    const facts = hostFacts(systemSources(dir), Date.now());
    expect(facts.memoryFreeMb).toBeLessThanOrEqual(facts.memoryTotalMb);
    expect(facts.diskFreeMb).toBeLessThanOrEqual(facts.diskTotalMb ?? 0);
    expect(facts.upSince).toBeLessThan(Date.now());
  });

  it('is as hot as its hottest zone, and leaves out what nobody can believe or read', () => {
    const zone = (name: string, temp: string) => {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, 'temp'), temp);
    };
    const facts = () => hostFacts({ dataDir: '/nowhere', thermalDir: dir, identityFiles: [] }, 0);
    expect(facts()).not.toHaveProperty('temperatureC');
    zone('thermal_zone0', '41500\n');
    zone('thermal_zone1', '67200\n');
    zone('thermal_zone2', '-274000\n');
    zone('cooling_device0', '99000\n');
    expect(facts().temperatureC).toBe(67);
    expect(facts()).not.toHaveProperty('diskFreeMb');
  });

  it('is told from others without saying who it is', () => {
    const file = join(dir, 'machine-id');
    writeFileSync(file, 'abc\n');
    const hash = machineHash({ dataDir: dir, thermalDir: dir, identityFiles: [file, '/nowhere'] });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(file, 'abd\n');
    expect(machineHash({ dataDir: dir, thermalDir: dir, identityFiles: [file] })).not.toBe(hash);
  });
});
