import type { ApproveItem, OperatorItem, ResolveItem } from '@jolly/contracts/fleet-api';
import type { ProblemCode } from '../problems/index.ts';

/** What an item looks like to the rules. */
export interface ItemStanding {
  readonly kind: OperatorItem['kind'];
  readonly state: OperatorItem['state'];
  readonly takenBy: string | null;
  readonly resolvedBy: string | null;
}

export type ItemAct =
  | { readonly act: 'take'; readonly by: string }
  | { readonly act: 'resolve'; readonly by: string; readonly body: ResolveItem }
  | { readonly act: 'approve'; readonly by: string; readonly body: ApproveItem };

export type ItemMove =
  | {
      readonly ok: true;
      readonly state: OperatorItem['state'];
      readonly takenBy: string;
      readonly resolvedBy: string | null;
      /** The word of the history. */
      readonly word: string;
    }
  | { readonly ok: false; readonly refusal: ProblemCode };

/**
 * The life of an item: open → taken by one → resolved with note and proof → (a refund: approved by another) → closed.
 * A refusal of the second person gives it back to who took it.
 */
export function moveItem(item: ItemStanding, act: ItemAct): ItemMove {
  switch (act.act) {
    case 'take':
      if (item.state !== 'open') return refuse('ITEM_NOT_OPEN');
      return { ok: true, state: 'taken', takenBy: act.by, resolvedBy: null, word: 'taken' };
    case 'resolve': {
      if (item.state !== 'taken') return refuse('ITEM_NOT_OPEN');
      if (item.takenBy !== act.by) return refuse('ITEM_OF_ANOTHER');
      const second = item.kind === 'refund' || act.body.resolution === 'refunded';
      return {
        ok: true,
        state: second ? 'awaiting-second' : 'closed',
        takenBy: act.by,
        resolvedBy: act.by,
        word: `resolved:${act.body.resolution}`,
      };
    }
    case 'approve': {
      if (item.state !== 'awaiting-second' || item.takenBy === null) return refuse('ITEM_NOT_OPEN');
      if (act.by === item.resolvedBy) return refuse('SECOND_PERSON_NEEDED');
      return act.body.approve
        ? { ok: true, state: 'closed', takenBy: item.takenBy, resolvedBy: item.resolvedBy, word: 'approved' }
        : { ok: true, state: 'taken', takenBy: item.takenBy, resolvedBy: null, word: 'sent-back' };
    }
  }
}

function refuse(refusal: ProblemCode): ItemMove {
  return { ok: false, refusal };
}
