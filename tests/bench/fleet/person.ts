import {
  CONSOLE_API,
  CONSOLE_SESSION_ROUTE,
  CommandRow,
  ConsoleMe,
  CSRF_HEADER,
  FleetPage,
} from '@jolly/contracts/fleet-api';
import { COMMAND_ENDS } from '@jolly/contracts/fleet-link';

/** Somebody at the console, without a browser. */
export class Person {
  readonly #url: string;
  readonly #cookie: string;
  readonly #csrf: string;

  private constructor(url: string, cookie: string, csrf: string) {
    this.#url = url;
    this.#cookie = cookie;
    this.#csrf = csrf;
  }

  static async signIn(url: string): Promise<Person> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}${CONSOLE_SESSION_ROUTE}`, { method: 'POST', headers, body: '{}' });
    if (!answer.ok) throw new Error(`not signed in: HTTP ${answer.status}`);
    const me = ConsoleMe.parse(await answer.json());
    const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
    return new Person(url, cookie.join('; '), me.csrf);
  }

  /** Name and value of the session's cookie, for a browser. */
  get cookies(): readonly { readonly name: string; readonly value: string }[] {
    return this.#cookie.split('; ').map((each) => {
      const [name = '', ...value] = each.split('=');
      return { name, value: value.join('=') };
    });
  }

  async fleet(query = 'limit=1'): Promise<FleetPage> {
    return FleetPage.parse(await this.#call('GET', `fleet?${query}`));
  }

  /** Sends a command that interrupts nobody, and waits until it is known to be done: ms from the press to the answer's being there. */
  async command(terminalId: string, ended: () => Promise<void>): Promise<number> {
    const began = performance.now();
    let row = CommandRow.parse(
      await this.#call('POST', `terminals/${terminalId}/commands`, { act: { kind: 'back-in-service' } }),
    );
    while (!COMMAND_ENDS.has(row.state)) {
      await ended();
      row = CommandRow.parse(await this.#call('GET', `commands/${row.commandId}`));
    }
    if (row.state !== 'done') throw new Error(`a command ended ${row.state}: ${row.reason ?? ''}`);
    return performance.now() - began;
  }

  async #call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.#url}${CONSOLE_API}/${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        [CSRF_HEADER]: this.#csrf,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
