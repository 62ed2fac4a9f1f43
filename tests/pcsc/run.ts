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
type Chosen = (name: string) => boolean;

/** Plays acts one after the other: those with a pcscd for each scenario first, then those that share one house. */
export async function playActs(acts: readonly Act[], chosen: Chosen, tell: Tell): Promise<void> {
  for (const scenario of acts.flatMap(({ scenarios = [] }) => scenarios).filter(({ name }) => chosen(name))) {
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
  const groups = acts
    .map(({ house = [] }) => house.filter(({ name }) => chosen(name)))
    .filter((group) => group.length > 0);
  if (groups.length > 0) await playHouse(groups, tell);
}

async function playHouse(groups: readonly (readonly HouseScenario[])[], tell: Tell): Promise<void> {
  const stage = new Stage();
  try {
    let opened: House | undefined;
    await timed({ name: 'the house opens' }, tell, async () => {
      await stage.pcscd();
      opened = await House.open(stage);
    });
    const house = opened;
    if (!house) return;
    for (const group of groups) {
      const name = `${group[0]?.name.split(':')[0]}: ${afterwards.name}`;
      for (const scenario of [...group, { ...afterwards, name }]) {
        await timed(scenario, tell, () => playIn(house, scenario));
      }
      // the server lets a terminal prove fifteen times a minute
      await house.restartServer();
    }
  } finally {
    await stage.close();
  }
}

async function playIn(house: House, scenario: HouseScenario): Promise<void> {
  try {
    await house.begin();
    await scenario.play(house);
  } catch (error) {
    console.log(house.log());
    // the next one begins with a terminal in order
    await house.startAnew();
    throw error;
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
