// Builds the screens (citizen, fleet console) and the shell's preload when they are missing or older than their sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const force = process.argv.includes('--force');

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.includes('.test.')) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

const shared = Math.max(newest(join(root, 'ui/kit')), newest(join(root, 'contracts')));
for (const [app, result] of [
  ['ui/citizen', 'index.html'],
  ['ui/fleet', 'index.html'],
  ['kiosk/shell', 'preload.cjs'],
]) {
  const folder = join(root, app);
  const built = join(folder, 'dist', result);
  if (!existsSync(join(folder, 'vite.config.ts'))) continue;
  if (!force && existsSync(built) && statSync(built).mtimeMs > Math.max(shared, newest(folder))) continue;
  console.error(`Building ${app}…`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const vited = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 2, 'inherit'],
  });
  if (vited.status !== 0) process.exit(vited.status ?? 1);
}
