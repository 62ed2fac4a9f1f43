import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** Lays the card of a citizen (by id, see docs/simulated-cards.md) on a reader. */
export const lay = (stage: Stage, citizen: string, reader = 0): Promise<unknown> =>
  stage.devices.card({ action: 'hold', citizen, reader });

export const take = (stage: Stage): Promise<unknown> => stage.devices.card({ action: 'take' });

/** Each answer of a card comes so much later, until `quick`. */
export const slow = (stage: Stage, ms: number): Promise<unknown> =>
  stage.devices.card({ action: 'fault', fault: { kind: 'slow', ms } });

export const quick = (stage: Stage): Promise<unknown> => stage.devices.card({ action: 'clear-faults' });

/** Tries that the card itself has left. */
export async function triesOf(stage: Stage, citizen: string): Promise<{ pin: number; puk: number }> {
  const { pinTries, pukTries } = await stage.devices.holder(citizen);
  return { pin: pinTries, puk: pukTries };
}

/** APDUs that the card has had since it was laid. */
export async function apdusOf(stage: Stage): Promise<number> {
  return (await stage.devices.cards()).readers[0]?.apdus ?? 0;
}

/** How many digits the page says are written. */
export const written = (stage: Stage, count: number): Promise<unknown> =>
  until(`${count} digits are written`, async () => {
    const full = await stage.page.locator('.box--full').count();
    return full === count || Promise.reject(new Error(`${full} of them`));
  });

/** Types secret digits on the pad, after those that are there. */
export async function typeDigits(stage: Stage, digits: string): Promise<void> {
  await stage.on('login-secret');
  const before = await stage.page.locator('.box--full').count();
  await stage.type(digits);
  await written(stage, before + digits.length);
}

/** Types secret digits on the pad and hands them over. */
export async function enter(stage: Stage, digits: string): Promise<void> {
  await typeDigits(stage, digits);
  await stage.tap('submit-secret');
}

/** From home to the greeting, by touch. The card still lies there. */
export async function signIn(stage: Stage, citizen: string): Promise<void> {
  const { pin } = await stage.devices.holder(citizen);
  await lay(stage, citizen);
  await enter(stage, pin);
  await stage.on('signed-in');
}

/** Takes the card, and the page has seen it. */
export async function takeWhenAsked(stage: Stage): Promise<void> {
  await stage.expectWords('Prendi la carta');
  await take(stage);
  await until('nobody asks for the card to be taken', async () => {
    const said = await stage.says();
    return !said.includes('Prendi la carta') || Promise.reject(new Error(said.slice(0, 300)));
  });
}

/** From the greeting, or any page of a session, to an empty home. */
export async function leave(stage: Stage): Promise<void> {
  await stage.tap('leave');
  await stage.on('goodbye');
  await stage.on('home');
}
