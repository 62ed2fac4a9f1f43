import type { Envelope, Hello, LinkAddress, Presence, ReportedMessage } from '@jolly/contracts/fleet-link';
import type { DecodedEntries } from './decode.ts';
import type { Connection } from './port.ts';
import type { Waiting } from './queue.ts';

/** What waits for a commit: something a terminal said, or that it says nothing any more. */
export type Work = Waiting & {
  readonly from: LinkAddress;
  /** By which it came; undefined where only the broker knows. */
  readonly connection?: Connection | undefined;
} & (
    | { readonly kind: 'presence'; readonly presence: Presence }
    | { readonly kind: 'gone' }
    | { readonly kind: 'hello'; readonly envelope: Envelope<Hello> }
    | { readonly kind: 'reported'; readonly envelope: Envelope<ReportedMessage> }
    | { readonly kind: 'entries'; readonly envelope: Envelope<DecodedEntries> }
  );
