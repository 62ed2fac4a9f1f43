import { parseArgs } from 'node:util';
import { isJollyError } from '@jolly/contracts/values';
import pino from 'pino';
import { readConfig } from './config/index.ts';
import { EXIT_RESTART } from './exit.ts';
import { EXIT_BATTERY_LOW, powerOff } from './power/index.ts';
import { redaction } from './redaction.ts';
import { startTerminal } from './terminal.ts';

/**
 * One terminal as a process: `node kiosk/runtime/main.ts --config <file>`. Says in one JSON line on standard output that it is
 * ready and where its screen is; logs JSON on standard error. SIGTERM stops it in order.
 */
const SOFTWARE = '0.1.0';

const logger = pino(
  {
    base: { part: 'kiosk' },
    redact: redaction,
  },
  pino.destination({ dest: 2, sync: true }),
);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  if (values.config === undefined) throw new Error('usage: node kiosk/runtime/main.ts --config <file>');
  const config = readConfig(values.config);
  // a low battery can be known before the start is over: the order then waits for its end
  let batteryLow = false;
  let again = false;
  let started = false;
  const terminal = await startTerminal(config, {
    software: SOFTWARE,
    log: (event, detail) => logger.info({ event, ...detail }),
    shutDown: () => {
      batteryLow = true;
      if (started) stop('battery-low');
    },
    restart: () => {
      again = true;
      if (started) stop('restart');
    },
  });
  process.stdout.write(
    `${JSON.stringify({ ready: true, name: 'kiosk', url: terminal.mint(), pid: process.pid })}\n`,
  );
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ event: 'stopping', signal });
    terminal.close().then(
      async () => {
        if (!batteryLow) process.exit(again ? EXIT_RESTART : 0);
        if (config.power.shutdown === 'poweroff')
          logger.info({ event: 'poweroff', status: await powerOff() });
        process.exit(EXIT_BATTERY_LOW);
      },
      (error: unknown) => {
        logger.error({ event: 'stop-failed', why: error instanceof Error ? error.message : 'unknown' });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  started = true;
  if (batteryLow) stop('battery-low');
  else if (again) stop('restart');
}

main().catch((error: unknown) => {
  const detail = isJollyError(error) ? { code: error.code, ...error.detail } : {};
  logger.fatal({ event: 'not-started', why: error instanceof Error ? error.message : 'unknown', ...detail });
  process.exit(1);
});
