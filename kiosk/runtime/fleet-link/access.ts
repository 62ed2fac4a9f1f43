import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LinkAccess } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { Log } from '../devices/index.ts';
import { writeDurably } from '../durable-file/index.ts';

export const ACCESS_FILE = 'link-access.json';

/** How the link is reached: asked of the server, and kept so that a terminal that starts while HTTP is down still links. */
export class KeptAccess {
  readonly #file: string;
  readonly #ask: () => Promise<LinkAccess>;
  readonly #log: Log;
  #access: LinkAccess | undefined;

  constructor(settings: {
    readonly dataDir: string;
    readonly ask: () => Promise<LinkAccess>;
    readonly log: Log;
  }) {
    this.#file = join(settings.dataDir, ACCESS_FILE);
    this.#ask = settings.ask;
    this.#log = settings.log;
    this.#access = this.#read();
  }

  get known(): LinkAccess | undefined {
    return this.#access;
  }

  /** The server's answer, or what is known from the last one when there is none. */
  async fresh(): Promise<LinkAccess | undefined> {
    try {
      const access = await this.#ask();
      if (JSON.stringify(access) !== JSON.stringify(this.#access)) this.#keep(access);
      this.#access = access;
    } catch (error) {
      if (!isJollyError(error)) throw error;
      this.#log('link-access-not-read', { code: String(error.detail.code ?? error.code) });
    }
    return this.#access;
  }

  #keep(access: LinkAccess): void {
    try {
      writeDurably(this.#file, JSON.stringify(access));
    } catch (error) {
      this.#log('link-access-not-kept', { why: error instanceof Error ? error.name : 'unknown' });
    }
  }

  #read(): LinkAccess | undefined {
    if (!existsSync(this.#file)) return undefined;
    try {
      return LinkAccess.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (error) {
      this.#log('link-access-unreadable', { why: error instanceof Error ? error.name : 'unknown' });
      return undefined;
    }
  }
}
