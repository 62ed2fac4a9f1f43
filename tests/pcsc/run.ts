import type { Act, HouseScenario } from './act.ts';
import { missingTools, type Scenario, Stage } from './stage.ts';
import { House, UNTRIED } from './terminal/house.ts';

export interface Result {
  readonly name: string;
  readonly ms: number;
  readonly error?: unknown;
  /** Programs it could not do without, and had to. */
  readonly missing?: readonly string[];
}

/** No scenario takes this long: it hangs. */
const LIMIT_MS = 90_000;

const afterwards: HouseScenario = {
  name: 'and the next citizen signs in',
  play: async (house) => {
    await house.signIn('giulia');
    await house.books('giulia', UNTRIED, [0x20]);
  },
};

type Tell = (result: Result) => void;

export async function playAct(act: Act, chosen: (name: string) => boolean, tell: Tell): Promise<void> {
  for (const scenario of (act.scenarios ?? []).filter(({ name }) => chosen(name))) {
    const stage = new Stage();
    try {
      await timed(scenario, tell, async () => {
        await stage.pcscd();
        await scenario.run(stage);
      });
    } finally {
      await stage.close();
    }
  }
  const house = (act.house ?? []).filter(({ name }) => chosen(name));
  if (house.length > 0) await playHouse([...house, afterwards], tell);
}

async function playHouse(scenarios: readonly HouseScenario[], tell: Tell): Promise<void> {
  const stage = new Stage();
  const group = scenarios[0]?.name.split(':')[0];
  let house: House | undefined;
  const open = { name: `${group}: the house opens` };
  try {
    await timed(open, tell, async () => {
      await stage.pcscd();
      house = await House.open(stage);
    });
    const opened = house;
    if (!opened) return;
    for (const scenario of scenarios) {
      const named = scenario === afterwards ? { ...scenario, name: `${group}: ${scenario.name}` } : scenario;
      await timed(named, tell, async () => {
        try {
          await opened.begin();
          await scenario.play(opened);
        } catch (error) {
          console.log(opened.log());
          // the next one begins with a terminal in order
          await opened.startAnew();
          throw error;
        }
      });
    }
  } finally {
    await stage.close();
  }
}

async function timed(
  { name, tools }: Pick<Scenario, 'name' | 'tools'>,
  tell: Tell,
  play: () => Promise<void>,
): Promise<void> {
  const missing = missingTools(tools);
  if (missing.length > 0) {
    tell({ name, ms: 0, missing });
    return;
  }
  const begun = performance.now();
  const ms = () => performance.now() - begun;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    await Promise.race([play(), tooLong]);
    tell({ name, ms: ms() });
  } catch (error) {
    tell({ name, ms: ms(), error });
  } finally {
    clearTimeout(timer);
  }
}
