import type { Act } from '../act.ts';
import { foreignScenarios } from './foreign.ts';
import { healthCardScenarios } from './health-card.ts';
import { browserScenarios } from './login-browser.ts';
import { faultScenarios } from './login-faults.ts';
import { memoryScenarios } from './login-memory.ts';
import { pinScenarios } from './login-pin.ts';
import { readerScenarios } from './login-reader.ts';
import { removalScenarios } from './login-removal.ts';
import { presenceScenarios } from './presence.ts';
import { sweepScenarios } from './removal-sweep.ts';
import { serviceScenarios } from './service.ts';
import { transactionScenarios } from './transactions.ts';

/** Everything `npm run test:pcsc` plays, each lane in this order. */
export const acts: readonly Act[] = [
  { lane: 0, scenarios: [...presenceScenarios, ...transactionScenarios, ...serviceScenarios] },
  { lane: 2, scenarios: [...healthCardScenarios, ...foreignScenarios] },
  { lane: 2, scenarios: sweepScenarios },
  { lane: 1, house: pinScenarios },
  { lane: 1, house: removalScenarios },
  { lane: 0, house: readerScenarios },
  { lane: 0, house: memoryScenarios },
  { lane: 0, house: browserScenarios },
  { lane: 3, house: faultScenarios },
];
