import type {
  Down,
  Entry,
  EntryKind,
  Hello,
  LinkAddress,
  Presence,
  Reported,
  Up,
} from '@jolly/contracts/fleet-link';
import type { Tables, Transaction } from '../store/index.ts';

/** One connection, told from the others by being itself. Only the embedded broker knows of them. */
export type Connection = object;

/** A broker as the link needs it: the embedded one, or another's over MQTT. Nothing in it knows what messages mean. */
export interface Broker {
  start(events: BrokerEvents): Promise<void>;
  /** QoS 1. Resolves when the broker has it. */
  publish(topic: string, payload: string): Promise<void>;
  /**
   * Ends the connection of this user, or only the one that is given where another may have taken its place. It stays away as long as its
   * credentials do not hold. Only where the broker is ours.
   */
  disconnect(user: string, connection?: Connection): Promise<void>;
  /** Whether this user is connected; undefined where only the broker knows. */
  has(user: string): boolean | undefined;
  /** Retained presences are told again: terminals came to this server from another. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface BrokerEvents {
  /** Of `jolly/1/+/+/up/#`; `retained` ones too when the server comes. */
  message(topic: string, payload: Uint8Array, connection?: Connection): void;
  /** The way to an external broker is there, or not. */
  connected(connected: boolean): void;
}

/** Who may connect to the embedded broker. Throws a refusal of ours. */
export interface LinkGate {
  /** By the signed password (contracts/fleet-link/proof.ts). */
  byPassword(user: string, clientId: string, password: Uint8Array): Promise<LinkAddress>;
  /** By the client certificate of a TLS connection (DER), that the tenant's CA has signed. */
  byCertificate(user: string, clientId: string, certificate: Uint8Array): Promise<LinkAddress>;
}

/** `late`: a word of an older connection, to be passed over. Every other refusal ends the connection. */
export type Greeting = { readonly lease: string } | { readonly refused: string };

/**
 * Who holds the leases by which a copied key is noticed (contracts/fleet-link/presence.ts). Runs inside the transaction that also
 * stores what else came. The same hello twice (another replica heard it too) is no copy of a key.
 */
export interface Leases {
  /**
   * `saidAt`: the instant in the hello's envelope, by which one that was long on its way is known; undefined where the broker is ours and
   * the order is certain. Nobody's clock but ours has a say then.
   */
  greet(tx: Transaction, from: LinkAddress, hello: Hello, saidAt: number | undefined): Promise<Greeting>;
  /** The connection of the last hello that was welcomed. */
  welcomedBoot(tables: Tables, from: LinkAddress): Promise<string | undefined>;
  /** The terminal has stored this lease. */
  confirm(tx: Transaction, from: LinkAddress, lease: string): Promise<void>;
}

/** Whether a terminal may be heard at all: enrolled here, not revoked. Asked anew every half minute. */
export type Admits = (from: LinkAddress) => Promise<boolean>;

/**
 * What capabilities hear from the link. `tx` handlers run inside the one transaction that also stores the entries: what they do is
 * committed with them, before the terminal hears that it may forget. They may run again with the same entries, never half.
 */
export interface LinkListeners {
  /** New entries only (an id that was stored before is not told again), in the order in which they came. */
  onEntries(
    kind: EntryKind,
    listener: (tx: Transaction, from: LinkAddress, entries: readonly Entry[]) => Promise<void>,
  ): void;
  onReported(
    listener: (
      tx: Transaction,
      from: LinkAddress,
      now: Reported,
      before: Reported | undefined,
    ) => Promise<void>,
  ): void;
  onPresence(listener: (tx: Transaction, from: LinkAddress, presence: Presence) => Promise<void>): void;
  /** A terminal is there and welcome: what waits for it is sent by who has it. */
  onHello(listener: (from: LinkAddress, hello: Hello) => Promise<void>): void;
  /** Any other kind (`signal`). */
  onUp(kind: Up, listener: (from: LinkAddress, body: unknown) => void): void;
}

/** Sends to a terminal, signed; nobody listens where it is away, and whoever sends tries again at its next hello. */
export interface LinkSender {
  send(
    to: LinkAddress,
    kind: Down,
    body: unknown,
    more?: { readonly corr?: string; readonly exp?: number },
  ): Promise<void>;
}

export type FleetLink = LinkListeners & LinkSender;
