import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'systemd');
const units = readdirSync(folder);
const there = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!there && process.env.JOLLY_REQUIRE_TOOLS === '1')
  throw new Error('no systemd-analyze (apt-get install systemd)');

describe.runIf(there)('the units of the server', () => {
  it('are understood by systemd', () => {
    const place = mkdtempSync(join(tmpdir(), 'jolly-units-'));
    try {
      for (const unit of units) {
        // the programs of the installed product are not on this machine; what the unit says of them is not in question
        const text = readFileSync(join(folder, unit), 'utf8').replaceAll('/usr/bin/node', '/bin/true');
        writeFileSync(join(place, unit), text);
      }
      const paths = units.map((unit) => join(place, unit));
      const { stderr, status } = spawnSync(
        'systemd-analyze',
        ['verify', '--man=no', '--recursive-errors=no', ...paths],
        {
          encoding: 'utf8',
        },
      );
      const ours = stderr.split('\n').filter((line) => line.includes('jolly'));
      expect([ours, status]).toEqual([[], 0]);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('take what the server does not need away from it', () => {
    const path = join(folder, 'jolly-fleet.service');
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', path], {
      encoding: 'utf8',
    });
    const [, exposure] = /Overall exposure level for .*: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(exposure), stdout.slice(-300)).toBeLessThan(2.5);
  });
});
