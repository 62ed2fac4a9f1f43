// `npm test`: everything that proves the product, in the order that fails soonest. Each step is timed; the first
// failure ends the run. Steps can be chosen: `npm test -- unit e2e`.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

const steps = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types-ui', bin('tsc'), ['-p', 'ui/tsconfig.json']],
  ['lint', bin('biome'), ['check', '.']],
  ['deps', 'npm', ['run', '-s', 'deps']],
  ['build', process.execPath, ['scripts/build.mjs']],
  ['unit', bin('vitest'), ['run', '--project', 'unit']],
  ['integration', bin('vitest'), ['run', '--project', 'integration']],
  ['postgres', process.execPath, ['tests/postgres/main.ts']],
  ['pcsc', process.execPath, ['tests/pcsc/main.ts']],
  ['power-cut', process.execPath, ['tests/power-cut/main.ts']],
  ['fleet-faults', process.execPath, ['tests/fleet/main.ts']],
  ['walk', process.execPath, ['tests/walk/main.ts']],
  ['e2e', process.execPath, ['tests/e2e/main.ts']],
];

/** Whoever is told to end tells the running step, which takes its own children along, and waits for it. */
function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  const tell = (signal) => child.kill(signal);
  process.on('SIGTERM', tell);
  process.on('SIGINT', tell);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => {
      process.off('SIGTERM', tell);
      process.off('SIGINT', tell);
      done(code ?? 1);
    });
  });
}

const chosen = process.argv.slice(2);
const started = Date.now();
const times = [];
for (const [name, command, args] of steps) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n== ${name}`);
  const begun = Date.now();
  const status = await run(command, args);
  times.push(`${name} ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  if (status !== 0) {
    console.error(`\n${name} failed after ${times.join(', ')}`);
    process.exit(status || 1);
  }
}
console.log(`\nAll green in ${((Date.now() - started) / 1000).toFixed(0)} s: ${times.join(', ')}`);
