import type { Power } from '@jolly/drivers/ups';

/**
 * What the terminal does about its power (other-devices.md): on battery it finishes what is open and begins nothing; on a low
 * battery it waits for the answer of a charge that runs, then shuts down in order; an UPS that nobody hears changes nothing.
 */
export interface PowerState {
  readonly phase: 'mains' | 'battery' | 'low' | 'stopping';
  /** Something must not be cut off: a charge at the card terminal, its receipt, money on its way back. */
  readonly busy: boolean;
}

export type PowerEvent =
  | { readonly type: 'power'; readonly power: Power }
  | { readonly type: 'busy'; readonly busy: boolean }
  /** What had to be waited for did not end in time. */
  | { readonly type: 'patience-over' };

export type PowerEffect =
  /** Wait, but not for ever: `patience-over` is due. */
  'start-patience' | 'stop-patience' | 'shut-down';

export interface PowerStep {
  readonly state: PowerState;
  readonly effects: readonly PowerEffect[];
}

export const ON_MAINS: PowerState = { phase: 'mains', busy: false };

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
  }
}

function heard(state: PowerState, power: Power): PowerStep {
  switch (power) {
    case 'unknown':
      return { state, effects: [] };
    case 'low':
      if (state.phase === 'low') return { state, effects: [] };
      return state.busy ? { state: { ...state, phase: 'low' }, effects: ['start-patience'] } : stop(state);
    default:
      return {
        state: { ...state, phase: power },
        effects: state.phase === 'low' ? ['stop-patience'] : [],
      };
  }
}

const stop = (state: PowerState): PowerStep => ({
  state: { ...state, phase: 'stopping' },
  effects: ['stop-patience', 'shut-down'],
});
