import {
  CONSOLE_API,
  CONSOLE_SESSION_ROUTE,
  ConsoleMe,
  CSRF_HEADER,
  DayMatch,
  OperatorItem,
  Overview,
  PaymentPage,
  type PaymentRow,
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
  ): Promise<z.output<Schema>> {
    const response = await fetch(`${this.#origin}${CONSOLE_API}/${path}`, {
      method,
      headers: { cookie: this.#cookie, [CSRF_HEADER]: this.#csrf },
    });
    if (!response.ok) throw new Error(`console ${path}: ${response.status} ${await response.text()}`);
    return schema.parse(await response.json());
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
}
