import { type LinkAddress, linkUser, type Presence } from '@jolly/contracts/fleet-link';
import type { Store } from '../store/index.ts';
import { loadStates } from '../terminals/index.ts';
import type { Connection, Leases } from './port.ts';

/**
 * Who was welcomed, and so may say more than that it is there: a copied key whose user never says hello, or says one that is not
 * believed, is not heard. On our own broker it is the connection that was welcomed. On another's nobody knows of connections: there it is
 * the terminal, as long as what its presence names is the boot of the last hello that was welcomed. Both are in the store, so that
 * another server, or this one after a restart, goes on where it was; what is dropped in between is not acknowledged and comes again.
 */
export class Welcomed {
  readonly #store: Store;
  readonly #leases: Pick<Leases, 'welcomedBoot'>;
  readonly #connections = new WeakSet<Connection>();
  readonly #boots = new Map<string, string>();

  constructor(store: Store, leases: Pick<Leases, 'welcomedBoot'>) {
    this.#store = store;
    this.#leases = leases;
  }

  add(from: LinkAddress, boot: string, connection: Connection | undefined): void {
    if (connection) this.#connections.add(connection);
    else this.#boots.set(linkUser(from), boot);
  }

  /** A presence: of the connection that was welcomed, of one that is over, or of another. Whether it is known to be welcome after it. */
  heed(from: LinkAddress, { online, boot }: Presence): boolean {
    const who = linkUser(from);
    const isOfWelcomed = this.#boots.get(who) === boot;
    // a will of an older connection changes nothing
    if (online !== isOfWelcomed) this.#boots.delete(who);
    return this.#boots.has(who);
  }

  /** It may be another server's now, or be shut out. */
  forget(who: string): void {
    this.#boots.delete(who);
  }

  async has(from: LinkAddress, connection: Connection | undefined): Promise<boolean> {
    if (connection) return this.#connections.has(connection);
    const who = linkUser(from);
    if (this.#boots.has(who)) return true;
    const state = (await loadStates(this.#store, [from])).get(who);
    const isThere = state?.online === true || state?.why === 'silent';
    if (!isThere || state.boot === undefined) return false;
    if ((await this.#leases.welcomedBoot(this.#store, from)) !== state.boot) return false;
    this.#boots.set(who, state.boot);
    return true;
  }
}
