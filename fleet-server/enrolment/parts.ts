import type { Clock, RandomBytes } from '@jolly/contracts/values';
import type { Audit } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import type { LinkWay } from './access.ts';
import type { Watchers } from './watchers.ts';

/** What the acts of this folder need. */
export interface EnrolmentParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly audit: Audit;
  readonly changes: Changes;
  readonly watchers: Watchers;
  readonly tenants: ReadonlySet<string>;
  readonly way: LinkWay;
  /** Address of the console, without a slash at its end. */
  readonly publicUrl: () => string;
}
