import type { Alert, AlertSettings } from '@jolly/contracts/fleet-api';
import { type Clock, isJollyError, type Secret } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { SendMail } from '../mail/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { type SendWebhook, webhookHeaders } from '../webhooks/index.ts';
import { dueSteps, nextStepAt, type Telling, toldOf } from './escalation.ts';
import { type AlertRow, alertOf } from './records.ts';
import { settingsOf } from './settings.ts';
import type { AlertTables } from './tables.ts';
import { mailOf } from './words.ts';

/** Alerts of one municipality in one round, and how many of them at a time. */
const AT_ONCE = 200;
const TOGETHER = 8;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** What one round remembers of half-told alerts is dropped after so long. */
const HALF_TOLD_MS = 86_400_000;

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
 * receiver has it; one that fails is tried again, later and later, so that a receiver may be told twice and is never left out. When each is
 * looked at next is in its row: those that wait stand in nobody's way.
 */
export class Teller {
  readonly #options: TellOptions;
  /** Receivers that have one telling already, while another of it fails. */
  readonly #had = new Map<string, { readonly since: number; readonly receivers: Set<string> }>();

  constructor(options: TellOptions) {
    this.#options = options;
  }

  /** What is due now. To run on one server only. */
  async round(tenantId: string): Promise<void> {
    const { store, clock } = this.#options;
    const { escalation } = await settingsOf(store, tenantId);
    const due = await store
      .of<AlertTables>()
      .selectFrom('alert')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('tell_at', '<=', clock.now())
      .orderBy('tell_at')
      .orderBy('alert_id')
      .limit(AT_ONCE)
      .execute();
    // one that did not answer is not asked again in this round: the others' news must not wait for its silence
    const silent = new Set<string>();
    for (let at = 0; at < due.length; at += TOGETHER) {
      const these = due.slice(at, at + TOGETHER);
      await Promise.all(these.map((row) => this.#look(row, escalation, silent)));
    }
    for (const [key, { since }] of this.#had) {
      if (clock.now() - since > HALF_TOLD_MS) this.#had.delete(key);
    }
  }

  async #look(row: AlertRow, steps: AlertSettings['escalation'], silent: Set<string>): Promise<void> {
    const now = this.#options.clock.now();
    const alert = { ...alertOf(row), countsFrom: row.counts_from };
    if (row.state === 'healed') {
      const told = await this.#tell(row, toldOf(alert, steps), true, silent);
      await this.#note(row, told ? { end_told: 1, tell_at: null, tell_tries: 0 } : later(row, now));
      return;
    }
    const due = dueSteps(alert, steps, now);
    if (due && !(await this.#tell(row, due, false, silent))) {
      await this.#note(row, later(row, now));
      return;
    }
    const escalation = due?.reached ?? row.escalation;
    const open = row.state === 'open';
    const next = open ? nextStepAt({ escalation, countsFrom: row.counts_from }, steps) : undefined;
    await this.#note(row, { escalation, tell_at: next ?? null, tell_tries: 0 });
  }

  /** What became of a telling; nothing where the alert changed meanwhile: its change says when it is looked at. */
  async #note(row: AlertRow, values: Partial<AlertRow>): Promise<void> {
    await this.#options.store
      .of<AlertTables>()
      .updateTable('alert')
      .set(values)
      .where('tenant_id', '=', row.tenant_id)
      .where('alert_id', '=', row.alert_id)
      .where('state', '=', row.state)
      .where('tell_at', '=', row.tell_at)
      .execute();
  }

  /** Whether all of them have it now. */
  async #tell(row: AlertRow, telling: Telling, healed: boolean, silent: Set<string>): Promise<boolean> {
    const { clock, log } = this.#options;
    const key = `${row.alert_id}/${healed ? 'end' : row.escalation}/${row.repeats}`;
    const had = this.#had.get(key) ?? { since: clock.now(), receivers: new Set<string>() };
    this.#had.set(key, had);
    let all = true;
    const one = async (receiver: string, send: () => Promise<void>) => {
      if (had.receivers.has(receiver)) return;
      if (silent.has(receiver)) {
        all = false;
        return;
      }
      try {
        await send();
        had.receivers.add(receiver);
      } catch (error) {
        // an address that may never be called is no reason to try for ever
        if (isJollyError(error, 'WEBHOOK_REFUSED')) had.receivers.add(receiver);
        else {
          all = false;
          silent.add(receiver);
        }
        log.warn({ err: error, tenantId: row.tenant_id, alert: row.rule }, 'an alert was not told');
      }
    };
    const site = await this.#options.siteOf(row.tenant_id, row.terminal_id);
    await Promise.all([
      ...(telling.emails.length > 0
        ? [one('mail', () => this.#mail(row, site, telling.emails, healed))]
        : []),
      ...telling.webhooks.map((url) => one(url, () => this.#webhook(row, site, url, healed))),
    ]);
    if (all) this.#had.delete(key);
    return all;
  }

  async #mail(row: AlertRow, site: string, to: readonly string[], healed: boolean): Promise<void> {
    const { sendMail, municipality } = this.#options;
    // the settings named a mail server when the receivers were written
    if (!sendMail) throw fail('MAIL_FAILED', { why: 'no-mail-server' });
    const { name, timeZone } = municipality(row.tenant_id);
    const words = { site, municipality: name, timeZone, console: this.#options.console(), healed };
    await sendMail({ to, ...mailOf(alertOf(row), words) });
  }

  async #webhook(row: AlertRow, site: string, url: string, healed: boolean): Promise<void> {
    const secret = await this.#options.webhookSecret(row.tenant_id);
    if (!secret) throw fail('WEBHOOK_FAILED', { why: 'no-secret' });
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

/** The next try, later each time. */
function later(row: AlertRow, now: number): Partial<AlertRow> {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(row.tell_tries, 10), LONGEST_WAIT_MS);
  return { tell_at: now + wait, tell_tries: row.tell_tries + 1 };
}
