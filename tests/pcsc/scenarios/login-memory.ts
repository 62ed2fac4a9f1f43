import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { digitsNeedle, type Needle, searchMemory } from '../../memory/index.ts';
import type { HouseScenario } from '../act.ts';
import type { House } from '../terminal/house.ts';

const VERIFY = 0x20;

/** The process with the native PC/SC stack, below that terminal. */
function readerProcess(terminal: number): number {
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (parent === terminal && line.includes('pcsc/worker')) return Number(name);
    } catch {
      // a process that ended meanwhile
    }
  }
  throw new Error('the terminal has no reader process');
}

/** No digit twice in a row, and nothing that is too simple for a PIN. */
function planted(): string {
  let digits = '';
  for (let at = 0; at < 8; at += 1) digits += (Number(digits.at(-1) ?? 3) + 1 + randomInt(8)) % 10;
  return /^(..)\1|^(....)\2/.test(digits) ? planted() : digits;
}

async function leave(house: House): Promise<void> {
  await house.home();
  await new Promise((resolve) => setTimeout(resolve, 300));
}

const nowhere = (processes: readonly number[], needles: readonly Needle[]): void => {
  for (const pid of processes) assert.deepEqual(searchMemory(pid, needles), []);
};

export const memoryScenarios: readonly HouseScenario[] = [
  {
    name: 'memory: after logout PIN and CAN are nowhere, in the terminal or its reader process; the search can find them',
    play: async (house) => {
      const terminal = await house.restartTerminal();
      const processes = [terminal, readerProcess(terminal)];
      const { screen } = house;

      // a CIE: a PIN that nobody has ever written anywhere becomes the card's, and signs in
      const pin = planted();
      const typed = digitsNeedle('PIN', pin);
      const { pin: old, can = '' } = await house.signIn('giulia');
      const face = digitsNeedle('CAN', can);
      nowhere(processes, [typed, face]);
      await screen.choose('change-pin');
      await screen.submit('cie-pin', old);
      await screen.submit('cie-new-pin', pin);
      await screen.submit('cie-new-pin-again', pin);
      await screen.on('pin-done', { what: 'changed' });
      await leave(house);
      nowhere(processes, [typed]);

      await house.cards.hold('giulia');
      await screen.type('cie-pin', pin);
      assert.notDeepEqual(searchMemory(terminal, [typed]), [], 'while it is typed, the search finds it');
      await screen.enter('cie-pin');
      await house.greets(await house.cards.citizen('giulia'));
      await leave(house);
      nowhere(processes, [typed]);

      // the six digits
      await screen.press({ type: 'sign-in' });
      await screen.on('login-card');
      await screen.choose('without-pin');
      await house.cards.hold('giulia');
      await screen.type('cie-can', can);
      assert.notDeepEqual(searchMemory(terminal, [face]), [], 'while they are typed, the search finds them');
      await screen.enter('cie-can');
      await house.greets(await house.cards.citizen('giulia'));
      await leave(house);
      nowhere(processes, [typed, face]);
    },
  },
  {
    name: 'memory: a health card gets its PIN in clear, and not even then does it stay in the reader process',
    play: async (house) => {
      const terminal = await house.restartTerminal();
      const reader = readerProcess(terminal);
      const { screen } = house;
      const { pin } = await house.signIn('old-cns');
      const verify = house.wire.ins.indexOf(VERIFY) + 1;
      const typed = digitsNeedle('PIN', pin);
      await leave(house);
      nowhere([terminal, reader], [typed]);

      let found: readonly string[] = [];
      house.wire.during(verify, async () => {
        found = searchMemory(reader, [typed]);
      });
      await house.cards.hold('old-cns');
      await screen.submit('cns-pin', pin);
      await house.greets(await house.cards.citizen('old-cns'));
      assert.notDeepEqual(found, [], 'while the command is on its way, the search finds it');
      await leave(house);
      nowhere([terminal, reader], [typed]);
    },
  },
];
