import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinkAddress } from '@jolly/contracts/fleet-link';
import { systemClock } from '@jolly/contracts/values';
import type { LinkTables } from '../link/index.ts';
import { allMigrations } from '../schema.ts';
import { openStore, type Store, type StoreSettings } from '../store/index.ts';
import type { TerminalTables } from '../terminals/index.ts';
import { LinkTerminal, openTestLink, type TestLink } from './link.ts';
import { testStore } from './test-store.ts';

export const TOTEM: LinkAddress = { tenantId: 'prova', terminalId: 'TOTEM-01' };

/** A store of a test file's own, emptied by each rig on it. */
export async function openLinkStore(): Promise<{
  readonly store: Store;
  /** Where it is, for who opens it beside. */
  readonly place: { readonly dataDir: string; readonly store: StoreSettings };
  close(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'jolly-link-'));
  const database = await testStore();
  const store = await openStore({ dataDir: folder, store: database.settings }, allMigrations);
  return {
    store,
    place: { dataDir: folder, store: database.settings },
    async close() {
      await store.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A link with its embedded broker on a real store, and terminals that the gate knows. */
export class LinkRig {
  readonly store: Store;
  readonly open: TestLink;
  /** `ws://127.0.0.1:…` */
  readonly url: string;
  readonly #server: Server;
  readonly #terminals: LinkTerminal[] = [];

  private constructor(store: Store, server: Server, open: TestLink) {
    this.store = store;
    this.#server = server;
    this.open = open;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(store: Store, over: Partial<Parameters<typeof openTestLink>[0]> = {}): Promise<LinkRig> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const open = openTestLink({ store, clock: systemClock, server, ...over });
    await open.link.start();
    return new LinkRig(store, server, open);
  }

  /** A terminal that may connect. */
  terminal(address: LinkAddress = TOTEM): LinkTerminal {
    const made = new LinkTerminal(address, systemClock, this.open.serverKey);
    this.open.gate.keys.set(made.user, made.key.publicKey);
    this.#terminals.push(made);
    return made;
  }

  /** How often that was refused. */
  refused(reason: keyof ReturnType<TestLink['refusals']['counts']>): number {
    return this.open.refusals.counts()[reason];
  }

  /** Ends everything and leaves the store empty. */
  async close(): Promise<void> {
    for (const each of this.#terminals) await each.end();
    await this.open.link.close();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.store.of<LinkTables>().deleteFrom('link_entry').execute();
    await this.store.of<TerminalTables>().deleteFrom('terminal_state').execute();
    await this.store.of<TerminalTables>().deleteFrom('terminal_change').execute();
  }
}
