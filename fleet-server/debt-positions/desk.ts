import type { DebtPositionRequest, DebtPositionResponse } from '@jolly/contracts/fleet-api';
import { makeNotice } from '@jolly/contracts/notice';
import {
  type Answers,
  type CatalogueEntry,
  pricesOf,
  readAnswers,
  subjectOf,
} from '@jolly/contracts/service-catalogue';
import { type Clock, cents } from '@jolly/contracts/values';
import type { Catalogue, ServiceSettings } from '../catalogue/index.ts';
import type { TerminalIdentity } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { debtorOf } from './debtor.ts';
import type { DebtPositions, NewPosition } from './port.ts';
import { type DebtPositionTables, nextCounter } from './tables.ts';

export interface DebtPositionTenant {
  readonly name: string;
  readonly creditorTaxCode: string;
  readonly services?: ServiceSettings | undefined;
}

export interface DebtPositionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenants: ReadonlyMap<string, DebtPositionTenant>;
  readonly catalogueOf: (tenantId: string) => Catalogue;
  /** Undefined where the server knows no archive. */
  readonly archiveOf: (tenantId: string) => DebtPositions | undefined;
  readonly log: { warn(detail: object, message: string): void };
}

/** Makes the debt positions of spontaneous payments. */
export interface DebtPositionDesk {
  make(terminal: TerminalIdentity, request: DebtPositionRequest): Promise<DebtPositionResponse>;
}

type Row = DebtPositionTables['debt_position'];

const DAY_MS = 86_400_000;
/** An IUV that the archive knows from elsewhere is left alone; more than this in a row is a wrong segregation code. */
const MOST_IUVS = 3;

export function debtPositionDesk(options: DebtPositionOptions): DebtPositionDesk {
  const running = new Map<string, Promise<DebtPositionResponse>>();
  return {
    make(terminal, request) {
      const key = `${terminal.tenantId}/${terminal.terminalId}/${request.requestId}`;
      const under = running.get(key);
      if (under) return under;
      const started = new Making(options, terminal, request).run().finally(() => running.delete(key));
      running.set(key, started);
      return started;
    },
  };
}

/** One request on its way to a payable notice. */
class Making {
  readonly #options: DebtPositionOptions;
  readonly #terminal: TerminalIdentity;
  readonly #request: DebtPositionRequest;

  constructor(options: DebtPositionOptions, terminal: TerminalIdentity, request: DebtPositionRequest) {
    this.#options = options;
    this.#terminal = terminal;
    this.#request = request;
  }

  async run(): Promise<DebtPositionResponse> {
    const { tenants, catalogueOf, archiveOf } = this.#options;
    const { tenantId } = this.#terminal;
    const { service, version } = this.#request;
    const tenant = tenants.get(tenantId);
    const archive = archiveOf(tenantId);
    const known = await this.#find();
    // what was made stays made, whatever became of the service since
    if (known?.state === 'created') return this.#created(known);
    const entry = catalogueOf(tenantId).find(service, version);
    if (!tenant?.services || !archive || !entry)
      return {
        result: 'refused',
        faults: [{ path: 'service', message: 'not offered, or not in this version' }],
      };
    const read = readAnswers(entry, this.#request.answers);
    if (!read.ok) {
      const faults = read.faults.map(({ field, problem }) => ({
        path: `answers.${field}`,
        message: problem,
      }));
      return { result: 'refused', faults };
    }
    const { services } = tenant;
    for (let tries = 0; tries < MOST_IUVS; tries += 1) {
      const row = await this.#row(tenant, services, read.amountCents, tries > 0);
      if (row.amount_cents !== read.amountCents) throw fail('DEBT_POSITION_DIFFERS');
      const ended = await this.#publish(archive, row, positionOf(tenant, services, entry, read.answers, row));
      if (ended) return ended;
    }
    throw fail('IUV_TAKEN', { segregationCode: services.segregationCode });
  }

  /** The answer to the terminal; undefined when the IUV is somebody else's and another must be taken. */
  async #publish(
    archive: DebtPositions,
    row: Row,
    position: NewPosition,
  ): Promise<DebtPositionResponse | undefined> {
    const published = await archive.publish(position);
    if (published.answer === 'created') return this.#created(await this.#keep(row));
    if (published.answer === 'refused') {
      this.#warn(row, `status-${published.status}`);
      return { result: 'refused', faults: [{ path: '', message: 'the archive does not take it' }] };
    }
    if (published.answer === 'unreachable') {
      this.#warn(row, published.reason);
      return { result: 'unavailable' };
    }
    const found = await archive.find(position.notice.creditorTaxCode, position.iupd);
    if (found.answer === 'absent') return undefined;
    if (found.answer === 'unreachable') {
      this.#warn(row, found.reason);
      return { result: 'unavailable' };
    }
    const { noticeNumber, iuv, amountCents } = found.position;
    if (amountCents !== row.amount_cents) throw fail('DEBT_POSITION_DIFFERS');
    return this.#created(await this.#keep({ ...row, iuv, notice_number: noticeNumber }));
  }

  /** The request's row with its IUV, on the disk before anybody hears of it. */
  async #row(
    { creditorTaxCode }: DebtPositionTenant,
    { segregationCode }: ServiceSettings,
    amountCents: number,
    another: boolean,
  ): Promise<Row> {
    const { store, clock } = this.#options;
    const { tenantId, terminalId } = this.#terminal;
    const { requestId, service, version } = this.#request;
    return store.transaction(async (tx) => {
      const db = tx.of<DebtPositionTables>();
      const known = await this.#find(tx);
      if (known && !another) return known;
      const now = clock.now();
      const counter = await nextCounter(tx, tenantId, segregationCode, now);
      const noticeNumber = makeNotice('3', segregationCode + counter);
      const fresh = { iuv: noticeNumber.slice(1), notice_number: noticeNumber };
      const row: Row = known
        ? { ...known, ...fresh }
        : {
            tenant_id: tenantId,
            terminal_id: terminalId,
            request_id: requestId,
            service,
            version,
            iupd: `${creditorTaxCode}-${requestId}`,
            ...fresh,
            amount_cents: amountCents,
            state: 'made',
            made_at: now,
            created_at: null,
          };
      await db
        .insertInto('debt_position')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'terminal_id', 'request_id']).doUpdateSet(fresh),
        )
        .execute();
      return row;
    });
  }

  async #find(tables: Pick<Store, 'of'> = this.#options.store): Promise<Row | undefined> {
    return tables
      .of<DebtPositionTables>()
      .selectFrom('debt_position')
      .selectAll()
      .where('tenant_id', '=', this.#terminal.tenantId)
      .where('terminal_id', '=', this.#terminal.terminalId)
      .where('request_id', '=', this.#request.requestId)
      .executeTakeFirst();
  }

  async #keep(row: Row): Promise<Row> {
    const { store, clock } = this.#options;
    const created = { ...row, state: 'created' as const, created_at: clock.now() };
    await store
      .of<DebtPositionTables>()
      .updateTable('debt_position')
      .set({
        state: created.state,
        created_at: created.created_at,
        iuv: row.iuv,
        notice_number: row.notice_number,
      })
      .where('tenant_id', '=', row.tenant_id)
      .where('terminal_id', '=', row.terminal_id)
      .where('request_id', '=', row.request_id)
      .execute();
    return created;
  }

  #created(row: Row): DebtPositionResponse {
    const [creditorTaxCode = ''] = row.iupd.split('-');
    return {
      result: 'created',
      notice: { noticeNumber: row.notice_number, creditorTaxCode },
      amountCents: cents(row.amount_cents),
    };
  }

  #warn(row: Row, reason: string): void {
    this.#options.log.warn({ service: row.service, iuv: row.iuv, reason }, 'debt position not made');
  }
}

function positionOf(
  tenant: DebtPositionTenant,
  services: ServiceSettings,
  entry: CatalogueEntry,
  answers: Answers,
  row: Row,
): NewPosition {
  return {
    iupd: row.iupd,
    iuv: row.iuv,
    notice: { noticeNumber: row.notice_number, creditorTaxCode: tenant.creditorTaxCode },
    creditorName: tenant.name.slice(0, 140),
    debtor: debtorOf(entry, answers),
    description: subjectOf(entry, answers),
    amountCents: cents(row.amount_cents),
    payableUntil: row.made_at + services.payableDays * DAY_MS,
    transfers: pricesOf(entry, answers).map(({ fee, amountCents }) => ({
      amountCents: cents(amountCents),
      category: fee.taxonomy,
      iban: services.iban,
    })),
  };
}
