import type { Alert } from '@jolly/contracts/fleet-api';
import { type Clock, isJollyError, type Secret } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { SendMail } from '../mail/index.ts';
import type { Store } from '../store/index.ts';
import { type SendWebhook, webhookHeaders } from '../webhooks/index.ts';
import { dueSteps, type Telling, toldOf } from './escalation.ts';
import { type AlertRow, alertOf } from './records.ts';
import { settingsOf } from './settings.ts';
import type { AlertTables } from './tables.ts';
import { mailOf } from './words.ts';

const AT_ONCE = 100;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

export interface TellOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  /** Undefined: the settings name no mail server. */
  readonly sendMail: SendMail | undefined;
  readonly sendWebhook: SendWebhook;
  /** The municipality's secret of webhooks; undefined: none is set, and none is called. */
  readonly webhookSecret: (tenantId: string) => Promise<Secret<string> | undefined>;
  readonly municipality: (tenantId: string) => { readonly name: string; readonly timeZone: string };
  readonly siteOf: (tenantId: string, terminalId: string) => Promise<string>;
  /** Address of the console. */
  readonly console: () => string;
}

/**
 * Tells people of alerts that stay open, step by step, and of their end whoever was told of their beginning. A step counts as told when every
 * receiver has it; one that fails is tried again, later and later, so that a receiver may be told twice and is never left out.
 */
export class Teller {
  readonly #options: TellOptions;
  /** Receivers that have one telling already, while another of it fails. */
  readonly #had = new Map<string, Set<string>>();
  readonly #waits = new Map<string, { readonly until: number; readonly ms: number }>();

  constructor(options: TellOptions) {
    this.#options = options;
  }

  /** What is due now. To run on one server only. */
  async round(tenantId: string): Promise<void> {
    const { store, clock } = this.#options;
    const { escalation } = await settingsOf(store, tenantId);
    if (escalation.length === 0) return;
    const db = store.of<AlertTables>();
    const open = await db
      .selectFrom('alert')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('state', '=', 'open')
      .where('escalation', '<', escalation.length)
      .orderBy('opened_at')
      .limit(AT_ONCE)
      .execute();
    for (const row of open) {
      const due = dueSteps(alertOf(row), escalation, clock.now());
      if (due && (await this.#tell(row, due, false))) await this.#mark(row, { escalation: due.reached });
    }
    const healed = await db
      .selectFrom('alert')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('state', '=', 'healed')
      .where('escalation', '>', 0)
      .where('end_told', '=', 0)
      .limit(AT_ONCE)
      .execute();
    for (const row of healed) {
      if (await this.#tell(row, toldOf(alertOf(row), escalation), true))
        await this.#mark(row, { end_told: 1 });
    }
  }

  async #mark(row: AlertRow, values: { escalation?: number; end_told?: number }): Promise<void> {
    await this.#options.store
      .of<AlertTables>()
      .updateTable('alert')
      .set(values)
      .where('tenant_id', '=', row.tenant_id)
      .where('alert_id', '=', row.alert_id)
      .execute();
  }

  /** Whether all of them have it now. */
  async #tell(row: AlertRow, telling: Telling, healed: boolean): Promise<boolean> {
    const { clock, log } = this.#options;
    const key = `${row.alert_id}/${healed ? 'end' : row.escalation}`;
    const wait = this.#waits.get(key);
    if (wait && wait.until > clock.now()) return false;
    const had = this.#had.get(key) ?? new Set();
    this.#had.set(key, had);
    let all = true;
    const one = async (receiver: string, send: () => Promise<void>) => {
      if (had.has(receiver)) return;
      try {
        await send();
        had.add(receiver);
      } catch (error) {
        // an address that may never be called is no reason to try for ever
        if (isJollyError(error, 'WEBHOOK_REFUSED')) had.add(receiver);
        else all = false;
        log.warn({ err: error, tenantId: row.tenant_id, alert: row.rule }, 'an alert was not told');
      }
    };
    const site = await this.#options.siteOf(row.tenant_id, row.terminal_id);
    if (telling.emails.length > 0) await one('mail', () => this.#mail(row, site, telling.emails, healed));
    for (const url of telling.webhooks) await one(url, () => this.#webhook(row, site, url, healed));
    if (all) {
      this.#had.delete(key);
      this.#waits.delete(key);
    } else {
      const ms = Math.min((wait?.ms ?? FIRST_WAIT_MS / 2) * 2, LONGEST_WAIT_MS);
      this.#waits.set(key, { until: clock.now() + ms, ms });
    }
    return all;
  }

  async #mail(row: AlertRow, site: string, to: readonly string[], healed: boolean): Promise<void> {
    const { sendMail, municipality } = this.#options;
    const { name, timeZone } = municipality(row.tenant_id);
    const words = { site, municipality: name, timeZone, console: this.#options.console(), healed };
    await sendMail?.({ to, ...mailOf(alertOf(row), words) });
  }

  async #webhook(row: AlertRow, site: string, url: string, healed: boolean): Promise<void> {
    const secret = await this.#options.webhookSecret(row.tenant_id);
    if (!secret) return;
    const alert: Alert = alertOf(row);
    const type = healed ? 'alert.healed' : 'alert.open';
    const body = JSON.stringify({ type, tenantId: row.tenant_id, site, alert });
    const at = Math.floor(this.#options.clock.now() / 1000);
    // one id an event: a receiver that gets it twice knows
    const id = `${row.alert_id}-${healed ? 'end' : row.escalation}-${row.repeats}`;
    const key = Buffer.from(secret.reveal(), 'utf8');
    await this.#options.sendWebhook({ url, body, headers: webhookHeaders(id, at, body, key) });
  }
}
