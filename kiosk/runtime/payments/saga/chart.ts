import type { EventType } from './event.ts';
import { STATES, type State } from './payment.ts';
import { afterCard } from './phases/after-card.ts';
import { atRest } from './phases/at-rest.ts';
import { beforeCard } from './phases/before-card.ts';
import { card } from './phases/card.ts';
import type { Rule, Rules } from './rules.ts';

/** The statechart of one payment, as data: state → event → arrows in the order they are tried. */
export const chart: Readonly<Record<State, Rules>> = { ...beforeCard, ...card, ...afterCard, ...atRest };

export interface Arrow {
  readonly from: State;
  readonly event: EventType;
  readonly to: State;
  readonly why: string;
}

/** Every arrow, for tests that want each taken and for the drawing in the docs. */
export function arrows(): readonly Arrow[] {
  return STATES.flatMap((from) =>
    Object.entries(chart[from]).flatMap(([event, rules]) =>
      (rules as readonly Rule<EventType>[]).map(({ to, why }) => ({
        from,
        event: event as EventType,
        to,
        why,
      })),
    ),
  );
}
