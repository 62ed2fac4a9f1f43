import { expect, it } from 'vitest';
import { dueSteps, toldOf } from './escalation.ts';

const steps = [
  { afterMinutes: 5, minSeverity: 'warning' as const, emails: ['a@prato.example'], webhooks: [] },
  {
    afterMinutes: 60,
    minSeverity: 'critical' as const,
    emails: ['b@prato.example'],
    webhooks: ['https://x.example/h'],
  },
];
const alert = { severity: 'warning' as const, state: 'open' as const, countsFrom: 0, escalation: 0 };

it('goes up step by step, and only as far as the severity goes', () => {
  expect(dueSteps(alert, steps, 4 * 60_000)).toBeUndefined();
  expect(dueSteps(alert, steps, 5 * 60_000)).toEqual({
    emails: ['a@prato.example'],
    webhooks: [],
    reached: 1,
  });
  expect(dueSteps({ ...alert, escalation: 1 }, steps, 60 * 60_000)).toEqual({
    emails: [],
    webhooks: [],
    reached: 2,
  });
  const critical = { ...alert, severity: 'critical' as const };
  expect(dueSteps(critical, steps, 60 * 60_000)).toEqual({
    emails: ['a@prato.example', 'b@prato.example'],
    webhooks: ['https://x.example/h'],
    reached: 2,
  });
});
it('stops when somebody looks after it, and its end goes to whom its beginning went', () => {
  expect(dueSteps({ ...alert, state: 'acknowledged' }, steps, 1e9)).toBeUndefined();
  expect(toldOf({ severity: 'warning', escalation: 2 }, steps)).toEqual({
    emails: ['a@prato.example'],
    webhooks: [],
  });
  expect(toldOf({ severity: 'critical', escalation: 0 }, steps)).toEqual({ emails: [], webhooks: [] });
});
