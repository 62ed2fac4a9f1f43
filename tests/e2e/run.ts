import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '@jolly/contracts/values';
import type { Browser } from 'playwright-core';
import { type Act, type Scenario, scenario } from './scenario.ts';
import { Stage } from './stage/index.ts';

/** No story takes this long: it hangs. */
const LIMIT_MS = 90_000;
const failures = resolve(import.meta.dirname, '../../artifacts/failures');

export interface Result {
  readonly name: string;
  readonly ms: number;
  readonly error?: unknown;
}

/** Told at the end of every act. */
const theBooks = scenario('in the end every cent is where it belongs', ({ money }) => money.balance());

/** Plays an act to its end: a story that fails leaves a picture and a fresh start for the next one. */
export async function playAct(
  act: Act,
  browser: Browser,
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
    const { kiosk, login, searched } = act;
    stage = await Stage.open({
      browser,
      note,
      cardsDir,
      ...(kiosk ? { kiosk } : {}),
      ...(login ? { login } : {}),
      ...(searched ? { searched } : {}),
    });
  } catch (error) {
    tell({ name: `${act.name}: start`, ms: performance.now() - begun, error });
    return results;
  }
  try {
    for (const story of act.scenarios) {
      const result = await playScenario(stage, act, story);
      tell(result);
      if (!browser.isConnected()) return results;
      if ('error' in result) await stage.startAnew();
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
