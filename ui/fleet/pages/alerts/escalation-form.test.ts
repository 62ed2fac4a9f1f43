import type { AlertSettings } from '@jolly/contracts/fleet-api';
import { describe, expect, it } from 'vitest';
import { draftOf, settingsOf } from './escalation-form.ts';

const stored: AlertSettings = {
  rules: {
    'paper-low': { on: true, threshold: 0.2 },
    'card-left': { on: false },
    'of-a-newer-server': { on: false, threshold: 3 },
  },
  escalation: [
    { afterMinutes: 15, minSeverity: 'critical', emails: ['a@x.it', 'b@x.it'], webhooks: ['https://x.it/h'] },
  ],
  publicStatus: false,
};

describe('the rules of alerts as a form', () => {
  it('come back as they were, with what this console does not know', () => {
    expect(settingsOf(draftOf(stored), stored)).toEqual({ success: true, data: stored });
  });

  it('are typed in hundredths and by the line, with a comma too', () => {
    const draft = draftOf(stored);
    const typed = {
      ...draft,
      rules: draft.rules.map((line) => (line.rule === 'error-rate' ? { ...line, threshold: '12,5' } : line)),
      steps: draft.steps.map((step) => ({ ...step, emails: 'c@x.it\n  d@x.it ' })),
    };
    const result = settingsOf(typed, stored);
    expect(result.data?.rules['error-rate']).toEqual({ on: true, threshold: 0.125 });
    expect(result.data?.escalation[0]?.emails).toEqual(['c@x.it', 'd@x.it']);
  });

  it('are refused here with what is wrong', () => {
    const draft = draftOf(stored);
    const wrong = { ...draft, steps: draft.steps.map((step) => ({ ...step, emails: 'nobody' })) };
    expect(settingsOf(wrong, stored).success).toBe(false);
  });
});
