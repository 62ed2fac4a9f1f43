import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { CITIZENS } from '@jolly/simulators/card';
import { scenario } from '../scenario.ts';
import {
  digitsNeedle,
  enter,
  heapSnapshot,
  lay,
  leave,
  type Needle,
  plantDigits,
  type Stage,
  searchFolder,
  searchMemory,
  signIn,
  take,
  takeWhenAsked,
  typeDigits,
  wordsNeedle,
} from '../stage/index.ts';

/** The two processes that know a citizen while they stand there. */
const knowing = ({ demo }: Stage) =>
  [
    ['terminal', demo.kiosk.pid],
    ['fleet server', demo.server.pid],
  ] as const;

/** A PIN that is in no source, table or picture. No digit twice in a row, no run. */
function freshPin(): string {
  const digits = [randomInt(10)];
  while (digits.length < 8) digits.push(((digits.at(-1) ?? 0) + 2 + randomInt(7)) % 10);
  return digits.join('');
}

/** Cards write names in capitals, the screen as people do. */
function nameNeedle(what: string, name: string): Needle {
  const [written, capitals] = [wordsNeedle(what, name), wordsNeedle(what, name.toUpperCase())];
  return { name: what, forms: [...written.forms, ...capitals.forms] };
}

function wordsOf(id: string): readonly Needle[] {
  const citizen = CITIZENS.find((one) => one.id === id);
  if (!citizen) throw new Error(`no citizen «${id}»`);
  const { surname, givenNames, fiscalCode } = citizen;
  const number = citizen.card === 'cie' ? citizen.nis : citizen.cardId;
  return [
    nameNeedle('family name', surname),
    nameNeedle('given name', givenNames),
    wordsNeedle('fiscal code', fiscalCode),
    wordsNeedle('number of the card', number),
    ...(citizen.card === 'cie' ? [wordsNeedle('number of the document', citizen.documentNumber)] : []),
  ];
}

/** What a heap still holds of a citizen, after all garbage was collected. */
async function heldBy(stage: Stage, pid: number, needles: readonly Needle[]): Promise<readonly string[]> {
  const heap = await heapSnapshot(pid, stage.dataDir);
  return needles.filter(({ forms }) => forms.some((form) => heap.includes(form))).map(({ name }) => name);
}

async function heldByNobody(stage: Stage, needles: readonly Needle[]): Promise<void> {
  for (const [name, pid] of knowing(stage))
    assert.deepEqual(await heldBy(stage, pid, needles), [], `held in the heap of the ${name}`);
}

function notInMemory(stage: Stage, secrets: readonly Needle[]): void {
  for (const [name, pid] of knowing(stage))
    assert.deepEqual(searchMemory(pid, secrets), [], `in the memory of the ${name}`);
}

/** The simulators' own folder and files hold what the cards hold, and are no part of Jolly. */
const SIMULATORS = ['cards'];

function notOnDisk(stage: Stage, needles: readonly Needle[]): void {
  const { files, found } = searchFolder(stage.dataDir, needles, SIMULATORS);
  assert.deepEqual(found, []);
  assert.ok(files > 10, `${files} files were searched`);
}

const searchFinds = scenario('the search for a PIN finds one that is kept', async (stage) => {
  const pin = freshPin();
  const needle = digitsNeedle('PIN', pin);
  const planted = await plantDigits(pin);
  try {
    const found = searchMemory(planted.pid, [needle]);
    for (const form of needle.forms.keys())
      assert.ok(
        found.some((place) => place.includes(`(form ${form})`)),
        `form ${form} of ${found.join()}`,
      );
  } finally {
    planted.end();
  }
  const log = join(stage.dataDir, 'logs', 'planted.log');
  appendFileSync(log, pin);
  assert.deepEqual(searchFolder(stage.dataDir, [needle], SIMULATORS).found, ['PIN in logs/planted.log']);
});

/** Signs in, changes the PIN to one that is nowhere else, signs in with it, and goes. */
const afterLogout = scenario('after “leave”: no PIN, no name, in memory or on disk', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  const fresh = freshPin();
  const secrets = [digitsNeedle('old PIN', pin), digitsNeedle('new PIN', fresh)];
  const words = wordsOf('giulia');
  await signIn(stage, 'giulia');
  await stage.tap('action-change-pin');
  await stage.expectWords('Scrivi il PIN di adesso');
  await enter(stage, pin);
  await stage.expectWords('Scegli un PIN nuovo');
  await enter(stage, fresh);
  await stage.expectWords('Scrivi di nuovo il PIN nuovo');
  await typeDigits(stage, fresh);
  // while it is written the terminal has it: the search would see it there
  assert.ok(
    searchMemory(stage.demo.kiosk.pid, secrets).some((place) => place.startsWith('new PIN')),
    'a PIN that is being written is not found',
  );
  await stage.tap('submit-secret');
  await stage.on('pin-done');
  // and while somebody is signed in both know who it is
  for (const [name, pid] of knowing(stage)) {
    await stage.page.keyboard.press('Shift'); // the search takes its time, and nobody is to be sent away meanwhile
    const held = await heldBy(stage, pid, words);
    for (const word of ['family name', 'given name', 'fiscal code'])
      assert.ok(held.includes(word), `the ${name} does not hold the ${word}: ${held.join()}`);
  }
  notInMemory(stage, secrets);
  await stage.page.keyboard.press('Shift');
  await takeWhenAsked(stage);
  await leave(stage);
  await lay(stage, 'giulia');
  await enter(stage, fresh);
  await stage.on('signed-in');
  await takeWhenAsked(stage);
  await leave(stage);
  notInMemory(stage, secrets);
  await heldByNobody(stage, words);
  notOnDisk(stage, [...secrets, ...words]);
});

const afterIdle = scenario('after nobody was there any more: no CAN, no name', async (stage) => {
  const { can = '' } = await stage.devices.holder('marco');
  const secrets = [digitsNeedle('CAN', can)];
  const words = wordsOf('marco');
  await lay(stage, 'marco');
  await stage.on('login-secret');
  await stage.tap('action-without-pin');
  await stage.expectWords('Scrivi le 6 cifre');
  await typeDigits(stage, can);
  assert.ok(searchMemory(stage.demo.kiosk.pid, secrets).length > 0, 'digits that are written are not found');
  await stage.tap('submit-secret');
  await stage.on('signed-in');
  for (const [name, pid] of knowing(stage))
    assert.ok(
      (await heldBy(stage, pid, words)).includes('fiscal code'),
      `the ${name} does not hold the code`,
    );
  await stage.button('idle').waitFor({ timeout: 30_000 });
  await stage.expectWords('Sei ancora qui?');
  await stage.look('130-idle-signed-in');
  // the countdown runs out, and the card is called for
  await stage.on('card-left', 30_000);
  await take(stage);
  await stage.on('home');
  notInMemory(stage, secrets);
  await heldByNobody(stage, words);
  notOnDisk(stage, [...secrets, ...words]);
});

/** What went wrong is where data is most easily forgotten. */
const afterTrouble = scenario(
  'after a wrong PIN, a refusal and a card pulled away: nothing',
  async (stage) => {
    const wrong = freshPin();
    await lay(stage, 'giulia');
    await enter(stage, wrong);
    await stage.expectWords('Hai ancora 2 tentativi.');
    await typeDigits(stage, wrong);
    await take(stage);
    await stage.on('login-problem');
    await stage.tap('leave');
    await stage.on('home');
    const { pin } = await stage.devices.holder('revoked');
    await lay(stage, 'revoked');
    await enter(stage, pin);
    await stage.on('login-problem');
    await take(stage);
    await stage.tap('action-finish');
    await stage.on('home');
    const secrets = [digitsNeedle('wrong PIN', wrong), digitsNeedle('PIN', pin)];
    const words = wordsOf('revoked');
    notInMemory(stage, secrets);
    await heldByNobody(stage, words);
    notOnDisk(stage, [...secrets, ...words, ...wordsOf('giulia')]);
  },
);

export const forgetting = [searchFinds, afterLogout, afterTrouble, afterIdle];
