import { type ConsoleMe, OperatorItem, ResolveItem } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { ApiError, act } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { ago, dayTime, money, paymentCode } from '../format.ts';
import { t, word } from '../messages/index.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { Status } from '../parts/sign.tsx';
import { itemSign } from '../parts/words.ts';

const Items = z.array(OperatorItem);
const resolutions = ResolveItem.shape.resolution.options;

function Resolve({ item, done }: { item: OperatorItem; done: (error?: ApiError) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = {
      resolution: String(form.get('resolution')),
      note: String(form.get('note')),
      proof: String(form.get('proof')),
    };
    act(`operator-items/${item.id}/resolve`, body).then(() => done(), done);
  };
  return (
    <form className="resolve" onSubmit={submit}>
      <label>
        {t('items.resolution')}
        <select name="resolution" defaultValue={item.kind === 'refund' ? 'refunded' : 'no-action'}>
          {resolutions.map((resolution) => (
            <option key={resolution} value={resolution}>
              {t(`items.resolution.${resolution}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('items.note')}
        <input name="note" required minLength={3} maxLength={500} />
      </label>
      <label>
        {t('items.proof')}
        <input name="proof" required maxLength={120} />
      </label>
      <button type="submit" className="button primary">
        {t('items.save')}
      </button>
    </form>
  );
}

/** The act of a history, e.g. `taken` or `resolved:refunded`, in words. */
function historyWord(act: string): string {
  const [verb = '', resolution] = act.split(':');
  const said = word('items.history', verb);
  return resolution === undefined ? said : `${said}: ${word('items.resolution', resolution)}`;
}

function ItemCard({ item, me, changed }: { item: OperatorItem; me: ConsoleMe; changed: () => void }) {
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const done = (error?: unknown) => {
    setFailure(error instanceof ApiError ? error : undefined);
    changed();
  };
  const post = (verb: string, body: unknown) =>
    void act(`operator-items/${item.id}/${verb}`, body).then(() => done(), done);
  const resolver = [...item.history].reverse().find((entry) => entry.act.startsWith('resolved:'))?.by;
  return (
    <article className="item" data-testid="operator-item" data-kind={item.kind}>
      <header>
        <Status kind={itemSign[item.state]}>{t(`items.state.${item.state}`)}</Status>
        <h3>{t(`items.kind.${item.kind}`)}</h3>
        {item.amountCents === undefined ? null : <strong className="sum">{money(item.amountCents)}</strong>}
      </header>
      <p>
        {word('item.reason', item.reason)}
        <span className="quiet">
          {[
            '',
            item.terminalId,
            item.kioskPaymentId ? paymentCode(item.kioskPaymentId) : undefined,
            t('items.opened', { when: ago(item.openedAt, Date.now()) }),
            item.takenBy === undefined ? undefined : t('items.takenBy', { who: item.takenBy }),
          ]
            .filter((part) => part !== undefined)
            .join(' · ')}
        </span>
      </p>
      {item.state === 'open' ? (
        <button type="button" className="button primary" onClick={() => post('take', {})}>
          {t('items.take')}
        </button>
      ) : null}
      {item.state === 'taken' && item.takenBy === me.user ? <Resolve item={item} done={done} /> : null}
      {item.state === 'awaiting-second' ? (
        resolver === me.user ? (
          <p className="quiet">{t('items.second', { who: resolver ?? '' })}</p>
        ) : (
          <div className="buttons">
            <button
              type="button"
              className="button primary"
              onClick={() => post('approve', { approve: true })}
            >
              {t('items.approve')}
            </button>
            <button type="button" className="button" onClick={() => post('approve', { approve: false })}>
              {t('items.refuse')}
            </button>
          </div>
        )
      ) : null}
      {failure ? (
        <p role="alert" className="failure">
          {t('failed', { code: failure.code })}
        </p>
      ) : null}
      <details>
        <summary>{t('items.history')}</summary>
        <ol className="history">
          {item.history.map((entry) => (
            <li key={`${entry.at} ${entry.act}`}>
              <time>{dayTime(entry.at)}</time> {entry.by}: {historyWord(entry.act)}
              {entry.note === undefined ? '' : ` · ${entry.note}`}
              {entry.proof === undefined ? '' : ` · ${entry.proof}`}
            </li>
          ))}
        </ol>
      </details>
    </article>
  );
}

/** Operator items with their life: taken, settled with a proof, refunds confirmed by a second person. */
export function ItemsPage({ me }: { me: ConsoleMe }) {
  const items = useLive('operator-items', Items);
  const rows = items.data ?? [];
  return (
    <Panel title={t('items.title')} note={t('items.lead')}>
      {rows.length === 0 ? (
        <Empty>{items.data === undefined ? t('loading') : t('items.none')}</Empty>
      ) : (
        rows.map((item) => <ItemCard key={item.id} item={item} me={me} changed={items.reload} />)
      )}
    </Panel>
  );
}
