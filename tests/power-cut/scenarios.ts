import type { CitizenHabits, World } from './world/index.ts';

/** One way a payment can end, as a setting of the world and a citizen. */
export interface Scenario {
  readonly name: string;
  readonly habits?: CitizenHabits;
  set(world: World): void;
}

/** The classes that the power-cut test must cover, and some more that were cheap to add. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'approved', set: () => undefined },
  {
    name: 'declined',
    set: ({ pos }) => {
      pos.script.card = 'decline';
    },
  },
  {
    name: 'declined, another card declined too',
    habits: { otherCards: 1 },
    set: ({ pos }) => {
      pos.script.card = 'decline';
    },
  },
  {
    name: 'lost answer, charged',
    set: ({ pos }) => {
      pos.script.card = 'lost-charged';
    },
  },
  {
    name: 'lost answer, not charged',
    set: ({ pos }) => {
      pos.script.card = 'lost-not-charged';
    },
  },
  {
    name: 'lost answer, undecidable',
    set: ({ pos }) => {
      pos.script.card = 'lost-charged';
      pos.script.undecidable = true;
    },
  },
  {
    name: 'node silent',
    set: ({ fleet }) => {
      fleet.script.node = 'silent';
    },
  },
  {
    name: 'late token',
    set: ({ fleet }) => {
      fleet.script.node = 'late';
    },
  },
  {
    name: 'duplicate',
    set: ({ fleet }) => {
      fleet.script.node = 'duplicate';
    },
  },
  {
    name: 'duplicate, reversal refused',
    set: ({ fleet, pos }) => {
      fleet.script.node = 'duplicate';
      pos.script.reversal = 'decline';
    },
  },
  {
    name: 'duplicate, answer to the reversal lost',
    set: ({ fleet, pos }) => {
      fleet.script.node = 'duplicate';
      pos.script.reversal = 'lost-done';
    },
  },
  {
    name: 'duplicate, reversal lost and not done',
    set: ({ fleet, pos }) => {
      fleet.script.node = 'duplicate';
      pos.script.reversal = 'lost-not-done';
    },
  },
  {
    name: 'discordant',
    set: ({ fleet }) => {
      fleet.script.node = 'discordant';
    },
  },
  {
    name: 'token unknown',
    set: ({ fleet }) => {
      fleet.script.node = 'token-unknown';
    },
  },
  {
    name: 'outcome rejected',
    set: ({ fleet }) => {
      fleet.script.node = 'rejected';
    },
  },
  {
    name: 'amount changed',
    set: ({ fleet }) => {
      fleet.script.amountChanges = true;
    },
  },
  {
    name: 'no paper, receipt on the phone',
    set: ({ printer }) => {
      printer.script.paper = 'out';
    },
  },
  {
    name: 'paper ends while printing',
    set: ({ printer }) => {
      printer.script.failNext = true;
    },
  },
  {
    name: 'token too short, a fresh one too',
    set: ({ fleet }) => {
      fleet.script.tokenMs = 100_000;
    },
  },
  {
    name: 'answers of the server lost',
    set: ({ fleet }) => {
      fleet.script.lose = { activate: 2, outcome: 2, facts: 1 };
    },
  },
  {
    name: 'terminal cannot start',
    set: ({ pos }) => {
      pos.script.card = 'not-started';
    },
  },
];
