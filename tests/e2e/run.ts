import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import type { Browser } from 'playwright-core';
import { type Act, type Scenario, scenario } from './scenario.ts';
import { openBrowser, Stage } from './stage/index.ts';

/** No story takes this long, even on a machine that has four times as much to do as it can: it hangs. */
const LIMIT_MS = 120_000;
const failures = resolve(import.meta.dirname, '../../artifacts/failures');

export interface Result {
  readonly name: string;
  readonly ms: number;
  readonly error?: unknown;
  /** It failed, and went well when it was told again from a fresh start: told at the end, and counted. */
  readonly unsteady?: boolean;
}

/** Told at the end of every act. */
const theBooks = scenario('in the end every cent is where it belongs', ({ money }) => money.balance());

/** Plays an act; one with a camera has a browser of its own, for a camera is chosen at its start. */
export async function playAct(
  act: Act,
  shared: { readonly browser: Browser; readonly executable: string },
  cardsDir: string,
  told: (result: Result) => void,
): Promise<readonly Result[]> {
  if (act.camera !== true) return playOn(act, shared.browser, undefined, cardsDir, told);
  const folder = mkdtempSync(join(tmpdir(), 'jolly-e2e-film-'));
  const film = join(folder, 'camera.y4m');
  const browser = await openBrowser(shared.executable, film);
  try {
    return await playOn(act, browser, film, cardsDir, told);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Plays an act to its end: a story that fails leaves a picture and is told once more from a fresh start. One that then goes well
 * is unsteady, which is said at the end: a machine out of breath does not stop the others' work, a race in the product shows.
 */
async function playOn(
  act: Act,
  browser: Browser,
  film: string | undefined,
  cardsDir: string,
  told: (result: Result) => void,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const tell = (result: Result) => {
    results.push(result);
    told(result);
  };
  const note = (line: string) => console.log(`  [${act.name}] ${line}`);
  const begun = performance.now();
  let stage: Stage;
  try {
    const { kiosk, login, searched, gateway } = act;
    stage = await Stage.open({
      browser,
      ...(film === undefined ? {} : { film }),
      note,
      cardsDir,
      ...(kiosk ? { kiosk } : {}),
      ...(login ? { login } : {}),
      ...(gateway ? { gateway } : {}),
      ...(searched ? { searched } : {}),
    });
  } catch (error) {
    tell({ name: `${act.name}: start`, ms: performance.now() - begun, error });
    return results;
  }
  try {
    for (const story of act.scenarios) {
      const result = await playScenario(stage, act, story);
      if (!browser.isConnected() || !('error' in result)) {
        tell(result);
        if (!browser.isConnected()) return results;
        continue;
      }
      await stage.startAnew();
      const again = await playScenario(stage, act, story);
      if ('error' in again) {
        tell(result);
        await stage.startAnew();
      } else {
        console.log(result.error);
        tell({ ...again, unsteady: true });
      }
    }
    tell(await playScenario(stage, act, theBooks));
  } catch (error) {
    tell({ name: `${act.name}: cannot go on`, ms: performance.now() - begun, error });
  } finally {
    await stage.close();
  }
  return results;
}

/** What terminal and server said last, beside the picture: the data folder itself goes with the stage. */
function keepLogs(stage: Stage, name: string): void {
  for (const part of ['terminal', 'fleet-server', 'card-terminal']) {
    const log = join(stage.dataDir, 'logs', `${part}.log`);
    if (!existsSync(log)) continue;
    const last = readFileSync(log, 'utf8').split('\n').slice(-60).join('\n');
    writeFileSync(join(failures, `${name.replace(/[^a-z0-9]+/gi, '-')}-${part}.log`), last);
  }
}

async function playScenario(stage: Stage, act: Act, story: Scenario): Promise<Result> {
  const name = `${act.name}: ${story.name}`;
  const begun = performance.now();
  const ms = () => performance.now() - begun;
  let cancel = (): void => undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    const limit = story.limitMs ?? LIMIT_MS;
    cancel = systemClock.after(limit, () => reject(new Error(`not over after ${limit / 1000} s`)));
  });
  try {
    await Promise.race([story.play(stage).then(() => stage.tidy()), tooLong]);
    return { name, ms: ms() };
  } catch (error) {
    mkdirSync(failures, { recursive: true });
    const picture = join(failures, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`);
    await stage.page
      .screenshot({ path: picture })
      .catch((why: unknown) => console.log(`  no picture: ${why}`));
    keepLogs(stage, name);
    return { name, ms: ms(), error };
  } finally {
    cancel();
  }
}
