import { parseArgs } from 'node:util';
import pino from 'pino';
import { joinMessagePort, type PortLike } from './channel/index.ts';
import { readConfig } from './config/index.ts';
import { EXIT_RESTART } from './exit.ts';
import { EXIT_BATTERY_LOW, powerOff } from './power/index.ts';
import { redaction } from './redaction.ts';
import { startTerminal } from './terminal.ts';

/**
 * The same terminal inside the shell's utility process: the screen comes as a MessagePort in a message of the parent. What the shell
 * gives to `process` there is described here, so that nothing of the runtime imports `electron`.
 */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly PortLike[] }) => void): unknown;
}

const logger = pino(
  { base: { part: 'kiosk' }, redact: redaction },
  pino.destination({ dest: 2, sync: true }),
);

function parentPort(): ParentPort {
  const port = (process as { readonly parentPort?: ParentPort }).parentPort;
  if (!port) throw new Error('this entry runs in the shell’s utility process only; use main.ts');
  return port;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } }, strict: false });
  const config = readConfig(String(values.config));
  // a low battery can be known before the start is over: the order then waits for its end
  let batteryLow = false;
  let again = false;
  let end = (): void => undefined;
  const terminal = await startTerminal(config, {
    software: '0.1.0',
    log: (event, detail) => logger.info({ event, ...detail }),
    shutDown: () => {
      batteryLow = true;
      end();
    },
    restart: () => {
      again = true;
      end();
    },
  });
  end = () => {
    terminal
      .close()
      .then(() => (batteryLow && config.power.shutdown === 'poweroff' ? powerOff() : 0))
      .then(
        () => process.exit(batteryLow ? EXIT_BATTERY_LOW : EXIT_RESTART),
        () => process.exit(1),
      );
  };
  if (batteryLow || again) end();
  let part = (): void => undefined;
  parentPort().on('message', ({ data, ports }) => {
    if (data === 'screen' && ports[0]) {
      // one window, one screen: a reload brings a new port, and the old one is let go
      part();
      part = joinMessagePort(ports[0], terminal.screen, terminal.secrets, terminal.aids);
    } else if (data === 'stop')
      terminal.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
}

main().catch((error: unknown) => {
  logger.fatal({ event: 'not-started', why: error instanceof Error ? error.message : 'unknown' });
  process.exit(1);
});
