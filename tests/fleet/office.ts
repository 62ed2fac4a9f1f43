import {
  CONSOLE_API,
  CONSOLE_SESSION_ROUTE,
  CommandRow,
  ConsoleMe,
  CSRF_HEADER,
  SettingsLayer,
} from '@jolly/contracts/fleet-api';
import type { CommandAct } from '@jolly/contracts/fleet-link';
import type { Layer, TerminalSettings } from '@jolly/contracts/twin';
import { z } from 'zod';

const WAIT_MS = 4_000;

/** Somebody at the console of one server, over HTTP. What does not get through is told as `undefined`: servers die here. */
export class Office {
  readonly #address: () => string | undefined;
  #session: { readonly cookie: string; readonly csrf: string } | undefined;

  constructor(address: () => string | undefined) {
    this.#address = address;
  }

  async sites(): Promise<readonly { readonly siteId: string; readonly name: string }[]> {
    const answer = await this.#call('GET', '/sites');
    return z.array(z.object({ siteId: z.string(), name: z.string() })).parse(answer?.body);
  }

  /** True: the server says that it is stored. */
  async setSettings(layer: Layer, id: string, change: TerminalSettings): Promise<boolean> {
    const now = await this.#call('GET', `/settings/${layer}/${id}`);
    if (now?.status !== 200) return false;
    const { version, document } = SettingsLayer.parse(now.body);
    const body = { baseVersion: version, document: { ...document, ...change }, note: 'prova dei guasti' };
    return (await this.#call('PUT', `/settings/${layer}/${id}`, body))?.status === 200;
  }

  /** Its id, where the server took it. */
  async command(terminalId: string, act: CommandAct, expiresInSeconds = 600): Promise<string | undefined> {
    const answer = await this.#call('POST', `/terminals/${terminalId}/commands`, { act, expiresInSeconds });
    if (!answer || answer.status >= 300) return undefined;
    return CommandRow.parse(answer.body).commandId;
  }

  /** Follows the console's live stream until `signal`; each event is told with its instant. */
  async watch(heard: (event: string) => void, signal: AbortSignal): Promise<void> {
    await this.#signIn();
    const answer = await fetch(`${this.#address()}${CONSOLE_API}/events`, {
      headers: { cookie: this.#session?.cookie ?? '' },
      signal,
    });
    if (!answer.body) throw new Error(`no stream: ${answer.status}`);
    const reader = answer.body.pipeThrough(new TextDecoderStream());
    try {
      for await (const text of reader) heard(text);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #signIn(): Promise<void> {
    const answer = await fetch(`${this.#address()}${CONSOLE_SESSION_ROUTE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'demo' }),
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const { csrf } = ConsoleMe.parse(await answer.json());
    this.#session = { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '', csrf };
  }

  async #call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
    if (this.#address() === undefined) return undefined;
    try {
      if (!this.#session) await this.#signIn();
      const answer = await fetch(`${this.#address()}${CONSOLE_API}${path}`, {
        method,
        headers: {
          cookie: this.#session?.cookie ?? '',
          [CSRF_HEADER]: this.#session?.csrf ?? '',
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(WAIT_MS),
      });
      if (answer.status === 401) this.#session = undefined;
      return { status: answer.status, body: await answer.json() };
    } catch (error) {
      // killed under our hands, or not there yet
      if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError'))
        return undefined;
      throw error;
    }
  }
}
