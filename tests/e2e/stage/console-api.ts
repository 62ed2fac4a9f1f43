import {
  type Alert,
  AlertPage,
  CONSOLE_API,
  CONSOLE_SESSION_ROUTE,
  CommandRow,
  ConsoleMe,
  CSRF_HEADER,
  DayMatch,
  MaintenanceWindow,
  OperatorItem,
  Overview,
  PaymentPage,
  type PaymentRow,
  SettingsLayer,
  TerminalDetail,
} from '@jolly/contracts/fleet-api';
import { z } from 'zod';

/** The fleet server's console, read by a demo user of this machine. */
export class ConsoleApi {
  readonly #origin: string;
  readonly #cookie: string;
  readonly #csrf: string;

  private constructor(origin: string, cookie: string, csrf: string) {
    this.#origin = origin;
    this.#cookie = cookie;
    this.#csrf = csrf;
  }

  static async signIn(origin: string): Promise<ConsoleApi> {
    const response = await fetch(`${origin}${CONSOLE_SESSION_ROUTE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'demo' }),
    });
    if (!response.ok) throw new Error(`console sign-in: ${response.status} ${await response.text()}`);
    const me = ConsoleMe.parse(await response.json());
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    return new ConsoleApi(origin, cookie, me.csrf);
  }

  async #read<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    method = 'GET',
    body?: unknown,
  ): Promise<z.output<Schema>> {
    const response = await fetch(`${this.#origin}${CONSOLE_API}/${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        [CSRF_HEADER]: this.#csrf,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`console ${path}: ${response.status} ${await response.text()}`);
    return schema.parse(response.status === 204 ? undefined : await response.json());
  }

  overview(): Promise<Overview> {
    return this.#read('overview', Overview);
  }

  /** Newest first; of one notice, or all. */
  async payments(noticeNumber?: string): Promise<readonly PaymentRow[]> {
    const { rows } = await this.#read('payments?limit=200', PaymentPage);
    return noticeNumber === undefined ? rows : rows.filter((row) => row.noticeNumber === noticeNumber);
  }

  items(): Promise<readonly OperatorItem[]> {
    return this.#read('operator-items', z.array(OperatorItem));
  }

  match(day: string): Promise<readonly DayMatch[]> {
    return this.#read(`match/${day}`, z.array(DayMatch));
  }

  seal(day: string): Promise<readonly DayMatch[]> {
    return this.#read(`match/${day}/seal`, z.array(DayMatch), 'POST');
  }

  terminal(terminalId: string): Promise<TerminalDetail> {
    return this.#read(`terminals/${terminalId}`, TerminalDetail);
  }

  commands(terminalId: string): Promise<readonly CommandRow[]> {
    return this.#read(`terminals/${terminalId}/commands`, z.array(CommandRow));
  }

  async openAlerts(): Promise<readonly Alert[]> {
    return (await this.#read('alerts?state=open', AlertPage)).rows;
  }

  /** What a story that failed may have left: works, words to a terminal, a terminal out of service. */
  async clear(terminalId: string): Promise<void> {
    for (const kind of ['unlock', 'back-in-service'])
      await this.#read(`terminals/${terminalId}/commands`, z.unknown(), 'POST', { act: { kind } });
    for (const { windowId } of await this.#read('maintenance', z.array(MaintenanceWindow)))
      await this.#read(`maintenance/${windowId}`, z.unknown(), 'DELETE');
    await this.forgetSettings(terminalId);
  }

  /** The terminal's own layer says nothing any more. */
  async forgetSettings(terminalId: string): Promise<void> {
    const path = `settings/terminal/${terminalId}`;
    const { version, document } = await this.#read(path, SettingsLayer);
    if (Object.keys(document).length === 0) return;
    const body = { baseVersion: version, document: {}, note: 'as it was' };
    await this.#read(path, SettingsLayer, 'PUT', body);
  }
}
