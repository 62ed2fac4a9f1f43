import type { Scenario } from '../stage.ts';
import { healthCardScenarios } from './health-card.ts';
import { presenceScenarios } from './presence.ts';
import { serviceScenarios } from './service.ts';
import { transactionScenarios } from './transactions.ts';

/** Everything `npm run test:pcsc` plays, in this order. */
export const scenarios: readonly Scenario[] = [
  ...presenceScenarios,
  ...transactionScenarios,
  ...serviceScenarios,
  ...healthCardScenarios,
];
