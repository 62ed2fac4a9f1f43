import { app } from 'electron';
import { besideShell, claimScheme, Shell, settingsOf } from './shell.ts';

/** `electron kiosk/shell --config <file>`: one window, one terminal. */
const given = process.argv.indexOf('--config');
const configFile = given === -1 ? undefined : process.argv[given + 1];

app.enableSandbox();
claimScheme();
if (configFile === undefined || !app.requestSingleInstanceLock()) {
  app.exit(configFile === undefined ? 2 : 0);
} else {
  const { screenDir, production } = settingsOf(configFile);
  const shell = new Shell({
    configFile,
    preload: besideShell('dist', 'preload.cjs'),
    runtime: besideShell('..', 'runtime', 'utility.ts'),
    screenDir: screenDir ?? besideShell('..', '..', 'ui', 'citizen', 'dist'),
    production,
    log: (event, detail) => process.stderr.write(`${JSON.stringify({ part: 'shell', event, ...detail })}\n`),
  });
  app.on('window-all-closed', () => shell.stop());
  process.on('SIGTERM', () => shell.stop());
  app.whenReady().then(
    () => shell.start(),
    () => app.exit(1),
  );
}
