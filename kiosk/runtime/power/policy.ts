import type { Power } from '@jolly/drivers/ups';

/**
 * What the terminal does about its power (other-devices.md): on battery it finishes what is open and begins nothing; on a low
 * battery it waits for the answer of a charge that runs, then shuts down in order. An UPS that nobody hears changes
 * nothing, but one that fell silent on battery counts as low after a while, as upsmon has it: nobody would hear the battery's end.
 */
export interface PowerState {
  readonly phase: 'mains' | 'battery' | 'low' | 'stopping';
  /** Something must not be cut off: a charge at the card terminal, its receipt, money on its way back. */
  readonly busy: boolean;
  /** The UPS was heard on battery, and is not heard any more. */
  readonly silent: boolean;
}

export type PowerEvent =
  | { readonly type: 'power'; readonly power: Power }
  | { readonly type: 'busy'; readonly busy: boolean }
  /** What had to be waited for did not end in time. */
  | { readonly type: 'patience-over' }
  /** The UPS has been silent on battery for too long. */
  | { readonly type: 'silence-over' };

export type PowerEffect =
  /** Wait, but not for ever: `patience-over` is due. */
  | 'start-patience'
  | 'stop-patience'
  /** Hear again, but not for ever: `silence-over` is due. */
  | 'start-silence'
  | 'stop-silence'
  | 'shut-down';

export interface PowerStep {
  readonly state: PowerState;
  readonly effects: readonly PowerEffect[];
}

export const ON_MAINS: PowerState = { phase: 'mains', busy: false, silent: false };

/** Nothing new may begin. */
export const failing = ({ phase }: PowerState): boolean => phase !== 'mains';

export function powerStep(state: PowerState, event: PowerEvent): PowerStep {
  if (state.phase === 'stopping') return { state, effects: [] };
  switch (event.type) {
    case 'power':
      return heard(state, event.power);
    case 'busy':
      if (state.phase === 'low' && !event.busy) return stop({ ...state, busy: false });
      return { state: { ...state, busy: event.busy }, effects: [] };
    case 'patience-over':
      return state.phase === 'low' ? stop(state) : { state, effects: [] };
    case 'silence-over':
      return state.silent ? heard(state, 'low') : { state, effects: [] };
  }
}

function heard(state: PowerState, power: Power): PowerStep {
  switch (power) {
    case 'unknown':
      return state.phase === 'battery' && !state.silent
        ? { state: { ...state, silent: true }, effects: ['start-silence'] }
        : { state, effects: [] };
    case 'low':
      if (state.phase === 'low') return { state, effects: [] };
      return state.busy
        ? { state: { ...state, phase: 'low', silent: false }, effects: ['stop-silence', 'start-patience'] }
        : stop(state);
    default:
      return {
        state: { ...state, phase: power, silent: false },
        effects: [
          ...(state.phase === 'low' ? (['stop-patience'] as const) : []),
          ...(state.silent ? (['stop-silence'] as const) : []),
        ],
      };
  }
}

const stop = (state: PowerState): PowerStep => ({
  state: { ...state, phase: 'stopping', silent: false },
  effects: ['stop-silence', 'stop-patience', 'shut-down'],
});
