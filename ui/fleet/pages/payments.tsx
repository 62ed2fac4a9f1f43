import { PaymentRow, PaymentState } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { z } from 'zod';
import { useLive } from '../api/use-live.ts';
import { dayTime, grouped, money, paymentCode, time } from '../format.ts';
import { t, word } from '../messages/index.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { Status } from '../parts/sign.tsx';
import { paymentSign } from '../parts/words.ts';

const Page = z.object({ rows: z.array(PaymentRow), next: z.string().optional() });

function Detail({ payment, close }: { payment: PaymentRow; close: () => void }) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('payments.notice'), grouped(payment.noticeNumber)],
    [t('payments.creditor'), payment.creditorTaxCode],
    [t('payments.iuv'), payment.iuv],
    [t('payments.token'), payment.paymentToken],
    [t('payments.fault'), payment.faultCode],
  ];
  return (
    <Panel
      title={t('payments.steps', { code: paymentCode(payment.kioskPaymentId) })}
      aside={
        <button type="button" className="button" onClick={close}>
          {t('payments.close')}
        </button>
      }
    >
      <dl className="facts">
        {facts.map(([label, value]) =>
          value === undefined ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
        )}
      </dl>
      <ol className="history">
        {payment.steps.map((step) => (
          <li key={`${step.at} ${step.what} ${step.detail ?? ''}`}>
            <time>{time(step.at)}</time> {word('step', step.what)}
            {step.detail === undefined ? null : <span className="quiet"> {step.detail}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** All payments, newest first, with the steps of the chosen one. Never personal data. */
export function PaymentsPage() {
  const [state, setState] = useState('');
  const [open, setOpen] = useState<string | undefined>(undefined);
  const payments = useLive(`payments${state === '' ? '' : `?state=${state}`}`, Page);
  const rows = payments.data?.rows ?? [];
  const chosen = rows.find((row) => row.kioskPaymentId === open);
  return (
    <>
      <Panel
        title={t('payments.title')}
        aside={
          <label className="field-inline">
            {t('payments.filter')}
            <select value={state} onChange={(event) => setState(event.target.value)}>
              <option value="">{t('payments.all')}</option>
              {PaymentState.options.map((each) => (
                <option key={each} value={each}>
                  {t(`pay.state.${each}`)}
                </option>
              ))}
            </select>
          </label>
        }
      >
        {rows.length === 0 ? (
          <Empty>{payments.data === undefined ? t('loading') : t('payments.none')}</Empty>
        ) : (
          <div className="scroll">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('payments.when')}</th>
                  <th scope="col">{t('payments.terminal')}</th>
                  <th scope="col">{t('payments.notice')}</th>
                  <th scope="col" className="end">
                    {t('payments.amount')}
                  </th>
                  <th scope="col">{t('payments.state')}</th>
                  <th scope="col">{t('payments.receipt')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr
                    key={row.kioskPaymentId}
                    aria-current={row.kioskPaymentId === open ? 'true' : undefined}
                    data-testid="payment-row"
                  >
                    <th scope="row">
                      <button
                        type="button"
                        className="row-button"
                        onClick={() => setOpen(row.kioskPaymentId)}
                      >
                        {dayTime(row.startedAt)}
                      </button>
                    </th>
                    <td>{row.terminalId}</td>
                    <td>
                      <code>{grouped(row.noticeNumber)}</code>
                    </td>
                    <td className="end">
                      {row.amountCents === undefined ? '–' : money(row.amountCents + (row.feeCents ?? 0))}
                    </td>
                    <td>
                      <Status kind={paymentSign[row.state]}>{t(`pay.state.${row.state}`)}</Status>
                    </td>
                    <td>{t(`receipt.${row.receipt}`)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      {chosen ? <Detail payment={chosen} close={() => setOpen(undefined)} /> : null}
    </>
  );
}
