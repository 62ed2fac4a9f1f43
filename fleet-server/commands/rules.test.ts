import { COMMAND_PERMISSIONS, may, mayCommand, ROLES } from '@jolly/contracts/fleet-api';
import { COMMAND_ENDS, COMMAND_KINDS, type CommandReport, CommandState } from '@jolly/contracts/fleet-link';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, NO_ANSWER, openUntil, type Progress, unanswered } from './rules.ts';

const commandId = '01920000-0000-7000-8000-000000000001';
const queued: Progress = { state: 'queued', history: [{ at: 0, state: 'queued' }] };
const say = (state: CommandReport['state'], reason?: string): CommandReport => ({
  commandId,
  state,
  ...(reason === undefined ? {} : { reason }),
});
const reports = fc.array(
  fc.record({
    state: fc.constantFrom(...CommandState.exclude(['queued']).options),
    late: fc.boolean(),
    at: fc.nat(10_000),
  }),
  { maxLength: 12 },
);
const order = ['queued', 'waiting', 'running'];

describe('a command’s way', () => {
  it('never goes back, ends once, and its history is in order of time', () => {
    fc.assert(
      fc.property(reports, (said) => {
        let now = queued;
        let ended: CommandState | undefined;
        for (const { state, at, late } of said) {
          if (late && !COMMAND_ENDS.has(now.state)) now = unanswered(now, at);
          const next = advance(now, say(state), at);
          if (ended) expect(next).toBeUndefined();
          if (next && now.reason !== NO_ANSWER)
            expect(
              order.indexOf(next.state) === -1 || order.indexOf(next.state) > order.indexOf(now.state),
            ).toBe(true);
          now = next ?? now;
          if (COMMAND_ENDS.has(now.state) && now.reason !== NO_ANSWER) ended = now.state;
        }
        expect(now.history.at(-1)?.state).toBe(now.state);
      }),
    );
  });

  it('takes the same word twice as once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CommandState.exclude(['queued']).options), (state) => {
        const once = advance(queued, say(state), 5);
        expect(once && advance(once, say(state), 9)).toBeUndefined();
      }),
    );
  });

  it('lets a late true end win over the one the server guessed, and nothing less', () => {
    const guessed = unanswered(queued, 100);
    expect(advance(guessed, say('running'), 101)).toBeUndefined();
    expect(advance(guessed, say('done'), 101)).toMatchObject({ state: 'done' });
    expect(advance(guessed, say('done'), 101)).not.toHaveProperty('reason');
  });

  it('keeps the end the terminal itself gave', () => {
    const expired = advance(queued, say('expired', 'too-late'), 5);
    expect(expired && advance(expired, say('done'), 9)).toBeUndefined();
  });

  it('waits longer for one that runs, and not for one that has its end', () => {
    expect(openUntil(queued, 1000)).toBeLessThan(openUntil({ ...queued, state: 'running' }, 1000) ?? 0);
    expect(openUntil({ ...queued, state: 'done' }, 1000)).toBeNull();
  });
});

describe('who may command', () => {
  it('needs every permission of the kind; a viewer has none', () => {
    for (const kind of COMMAND_KINDS) {
      expect(mayCommand('viewer', kind)).toBe(false);
      for (const role of ROLES)
        expect(mayCommand(role, kind)).toBe(COMMAND_PERMISSIONS[kind].every((each) => may(role, each)));
    }
    expect(mayCommand('technician', 'wipe')).toBe(false);
    expect(mayCommand('municipality-admin', 'wipe')).toBe(true);
  });
});
