import type { ReactNode } from 'react';
import { Crest } from '../drawings/index.ts';

export interface AmountRow {
  readonly label: string;
  readonly value: string;
  readonly chip?: ReactNode;
  /** Notice numbers and codes: Roboto Mono, always left to right. */
  readonly mono?: boolean;
  readonly struck?: boolean;
}

/** What is paid and how much: reason and creditor, rows, the total at the end edge on a soft ground. */
export function AmountCard({
  reason,
  creditor,
  rows,
  totalLabel,
  totalNote,
  total,
}: {
  readonly reason: string;
  readonly creditor: string;
  readonly rows: readonly AmountRow[];
  readonly totalLabel: string;
  readonly totalNote: string;
  readonly total: string;
}) {
  return (
    <section className="sheet amount" aria-label={reason}>
      <div className="amount__head">
        <Crest height={86} />
        <div>
          <h2 className="amount__reason" lang="it">
            {reason}
          </h2>
          <p className="amount__creditor" lang="it">
            {creditor}
          </p>
        </div>
      </div>
      <dl className="amount__rows">
        {rows.map((row) => (
          <div className="amount__row" key={row.label}>
            <dt>{row.label}</dt>
            <dd>
              {row.chip}
              <bdi className={`${row.mono ? 'mono' : ''} ${row.struck ? 'struck' : ''}`}>{row.value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <div className="amount__foot">
        <div>
          <p className="amount__total-label">{totalLabel}</p>
          <p className="amount__total-note">{totalNote}</p>
        </div>
        <p className="amount__total" data-testid="total" style={{ '--chars': total.length } as object}>
          <bdi>{total}</bdi>
        </p>
      </div>
    </section>
  );
}
