import { gzipSync } from 'node:zlib';
import { MAX_ATTACHMENT_BYTES } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { CommandActs, CommandEnd, CommandWorld } from './port.ts';
import { testPage } from './test-page.ts';

const DONE: CommandEnd = { state: 'done' };
const failed = (reason: string): CommandEnd => ({ state: 'failed', reason });
const refused = (reason: string): CommandEnd => ({ state: 'refused', reason });

const MOST_STEPS = 40;

/** What each command does. */
export function commandActs(world: CommandWorld): CommandActs {
  const { mode } = world;
  const upload = async (id: string, type: string, content: Uint8Array): Promise<CommandEnd> => {
    if (content.length > MAX_ATTACHMENT_BYTES) return failed('too-large');
    try {
      await world.upload(id, type, content);
      return DONE;
    } catch (error) {
      if (!isJollyError(error)) throw error;
      return failed('upload-failed');
    }
  };
  return {
    'restart-app': async () => ({ leaves: 'restart' }),
    'restart-host': async () => {
      if (!world.restartHost) return refused('not-configured');
      return (await world.restartHost()) === 0 ? { leaves: 'restart' } : failed('host-refused');
    },
    'out-of-service': async ({ message }) => {
      if (mode.state.mode === 'locked') return refused('locked');
      mode.setMode('out-of-service', message);
      return DONE;
    },
    'back-in-service': async () => {
      if (mode.state.mode === 'locked') return refused('locked');
      mode.setMode('in-service');
      return DONE;
    },
    lock: async () => {
      mode.setMode('locked');
      return DONE;
    },
    unlock: async () => {
      if (mode.state.mode === 'locked') mode.setMode('in-service');
      return DONE;
    },
    'self-test': async () => {
      const steps = await world.selfTest();
      return {
        ...DONE,
        steps: steps.slice(0, MOST_STEPS).map(({ name, ok, detail }) => ({
          name: name.slice(0, 60),
          ok,
          ...(detail === '' ? {} : { detail: detail.slice(0, 200) }),
        })),
      };
    },
    'fetch-logs': async ({ minutes }, id) => {
      const lines = world.logs(minutes);
      return upload(id, 'application/x-ndjson+gzip', gzipSync(lines.map((line) => `${line}\n`).join('')));
    },
    screenshot: async (_, id) => {
      const picture = await world.screenshot();
      if (typeof picture === 'string')
        return picture === 'citizen-in-session' ? refused(picture) : failed(picture);
      // who came while it was drawn may be on it
      if (world.serving()) return refused('citizen-in-session');
      return upload(id, picture.type, picture.content);
    },
    'print-test-page': async () => {
      const { place, software } = world;
      const printed = await world.printer.print(testPage(place, software, world.now()));
      if (printed.result === 'printed') return DONE;
      return failed(printed.result === 'failed' ? `printer-${printed.reason}` : 'printer-silent');
    },
    'set-volume': async ({ level }) => {
      if (!world.setLevel) return failed('no-audio');
      await world.setLevel(level);
      return DONE;
    },
    'rotate-key': async () => {
      if (!world.rotateKey) return refused('not-supported');
      await world.rotateKey();
      return DONE;
    },
    wipe: async () => ({ leaves: 'wipe' }),
  };
}
