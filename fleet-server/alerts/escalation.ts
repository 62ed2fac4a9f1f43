import type { Alert, AlertSettings } from '@jolly/contracts/fleet-api';

const RANK: Readonly<Record<Alert['severity'], number>> = { info: 0, warning: 1, critical: 2 };

export interface Telling {
  readonly emails: readonly string[];
  readonly webhooks: readonly string[];
}

/** Who must be told now that an alert is still open, and the step it has then reached; undefined: nobody yet. Pure. */
export function dueSteps(
  alert: Pick<Alert, 'severity' | 'state' | 'escalation'> & { readonly countsFrom: number },
  steps: AlertSettings['escalation'],
  now: number,
): (Telling & { readonly reached: number }) | undefined {
  // somebody looks after it
  if (alert.state !== 'open') return undefined;
  const ordered = inOrder(steps);
  let reached = alert.escalation;
  const due: AlertSettings['escalation'] = [];
  for (const [at, step] of ordered.entries()) {
    if (at < alert.escalation || now - alert.countsFrom < step.afterMinutes * 60_000) continue;
    reached = at + 1;
    if (RANK[alert.severity] >= RANK[step.minSeverity]) due.push(step);
  }
  return reached === alert.escalation ? undefined : { ...together(due), reached };
}

/** When the next step of an alert is due; undefined: there is none any more. */
export function nextStepAt(
  alert: { readonly escalation: number; readonly countsFrom: number },
  steps: AlertSettings['escalation'],
): number | undefined {
  const next = inOrder(steps)[alert.escalation];
  return next && alert.countsFrom + next.afterMinutes * 60_000;
}

/** Who was told of its beginning, and so is told of its end. */
export function toldOf(
  alert: Pick<Alert, 'severity' | 'escalation'>,
  steps: AlertSettings['escalation'],
): Telling {
  return together(
    inOrder(steps)
      .slice(0, alert.escalation)
      .filter((step) => RANK[alert.severity] >= RANK[step.minSeverity]),
  );
}

const inOrder = (steps: AlertSettings['escalation']) =>
  steps.toSorted((a, b) => a.afterMinutes - b.afterMinutes);

const together = (steps: AlertSettings['escalation']): Telling => ({
  emails: [...new Set(steps.flatMap(({ emails }) => emails))],
  webhooks: [...new Set(steps.flatMap(({ webhooks }) => webhooks))],
});
