import { type Clock, systemClock } from '@jolly/contracts/values';
import { z } from 'zod';
import { ActionRefused } from '../process/index.ts';
import type { EmulatedCard } from './card.ts';
import { type Cards, createCards } from './cards.ts';
import { Fault, FaultList } from './faults.ts';
import { LaidCard } from './laid.ts';
import { ReaderLink } from './reader-link.ts';

const citizen = z.string().max(40);
const reader = z.int().min(0).max(1);

/** What the device panel and the tests may ask of the simulated cards. */
export const CardAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('hold'), citizen, reader: reader.default(0) }),
  z.strictObject({ action: z.literal('take'), reader: reader.optional() }),
  z.strictObject({ action: z.literal('fault'), fault: Fault, reader: reader.optional() }),
  z.strictObject({ action: z.literal('clear-faults') }),
  z.strictObject({
    action: z.literal('set-tries'),
    citizen,
    pin: z.int().min(0).max(3).optional(),
    puk: z.int().min(0).max(10).optional(),
  }),
  z.strictObject({ action: z.literal('ca'), reachable: z.boolean() }),
  z.strictObject({ action: z.literal('reset') }),
]);
export type CardAction = z.output<typeof CardAction>;

export interface CitizenState {
  readonly id: string;
  readonly name: string;
  readonly card: 'cie' | 'cns';
  readonly pin: string;
  readonly puk: string;
  readonly can?: string;
  readonly documentNumber?: string;
  readonly pinTries: number;
  readonly pukTries: number;
  readonly expired: boolean;
  readonly revoked: boolean;
}

export interface ReaderState {
  readonly index: number;
  readonly address: string;
  readonly connected: boolean;
  readonly held?: string;
  /** Since the card was laid. */
  readonly apdus: number;
}

export interface CardSimulatorState {
  readonly citizens: readonly CitizenState[];
  readonly readers: readonly ReaderState[];
  readonly faults: readonly { readonly fault: Fault; readonly reader?: number }[];
  readonly ca: { readonly reachable: boolean };
}

/** The process' first line. */
export interface CardsReady {
  readonly ready: true;
  readonly name: 'card';
  readonly control: string;
  readonly pid: number;
  /** Paths of the roots in PEM. */
  readonly anchors: { readonly csca: string; readonly citizenCa: string; readonly cnsCa: string };
}

export interface CardSimulatorOptions {
  readonly data: string;
  /** `host:port` of each reader. */
  readonly readers: readonly string[];
  readonly caAddress: () => string;
  readonly clock?: Clock;
}

/** The cards of all citizens and the hand that lays them on the readers. */
export class CardSimulator {
  readonly cards: Cards;
  readonly #clock: Clock;
  readonly #addresses: readonly string[];
  readonly #links: readonly ReaderLink[];
  readonly #held: (string | undefined)[];
  readonly #faults = new FaultList();
  readonly #made: ReadonlyMap<string, EmulatedCard>;
  #reachable = true;

  private constructor(
    cards: Cards,
    made: ReadonlyMap<string, EmulatedCard>,
    addresses: readonly string[],
    clock: Clock,
  ) {
    this.cards = cards;
    this.#made = made;
    this.#clock = clock;
    this.#addresses = addresses;
    this.#held = addresses.map(() => undefined);
    this.#links = addresses.map(
      (address, index) =>
        new ReaderLink(address, clock, () => {
          this.#held[index] = undefined;
        }),
    );
  }

  /** Makes the CA and every card; a second or two when the folder is new. */
  static async start(options: CardSimulatorOptions): Promise<CardSimulator> {
    const { data, caAddress, readers, clock = systemClock } = options;
    const cards = await createCards({ data, caAddress, now: () => clock.now() });
    const made = await Promise.all(cards.citizens.map(async ({ id }) => [id, await cards.card(id)] as const));
    return new CardSimulator(cards, new Map(made), readers, clock);
  }

  get caReachable(): boolean {
    return this.#reachable;
  }

  state(): CardSimulatorState {
    const now = this.#clock.now();
    return {
      citizens: this.cards.citizens.map((citizen) => {
        const card = this.#card(citizen.id);
        return {
          id: citizen.id,
          name: `${citizen.givenNames} ${citizen.surname}`,
          card: citizen.card,
          pin: card.pin.digits,
          puk: card.puk.digits,
          ...(citizen.card === 'cie' ? { can: citizen.can, documentNumber: citizen.documentNumber } : {}),
          pinTries: card.pin.left,
          pukTries: card.puk.left,
          expired: Date.parse(`${citizen.expires}T23:59:59Z`) < now,
          revoked: citizen.revoked !== undefined,
        };
      }),
      readers: this.#links.map((link, index) => {
        const held = this.#held[index];
        return {
          index,
          address: this.#addresses[index] ?? '',
          connected: link.connected,
          ...(held === undefined ? {} : { held }),
          apdus: link.apdus,
        };
      }),
      faults: this.#faults.all.map((one) => ({
        fault: one.fault,
        ...(one.reader === undefined ? {} : { reader: one.reader }),
      })),
      ca: { reachable: this.#reachable },
    };
  }

  act(action: CardAction): void {
    switch (action.action) {
      case 'hold':
        this.#hold(action.citizen, action.reader);
        break;
      case 'take':
        this.#take(action.reader);
        break;
      case 'fault':
        this.#faults.add(action.fault, action.reader);
        break;
      case 'clear-faults':
        this.#faults.clear();
        break;
      case 'set-tries': {
        const card = this.#card(action.citizen);
        if (action.pin !== undefined) card.pin.refill(action.pin);
        if (action.puk !== undefined) card.puk.refill(action.puk);
        break;
      }
      case 'ca':
        this.#reachable = action.reachable;
        break;
      case 'reset':
        this.#take(undefined);
        this.#faults.clear();
        this.#reachable = true;
        for (const card of this.#made.values()) {
          card.pin.restore();
          card.puk.restore();
        }
        break;
    }
  }

  close(): void {
    this.#take(undefined);
  }

  #card(id: string): EmulatedCard {
    const card = this.#made.get(id);
    if (!card) throw new ActionRefused(`no such citizen: ${id}`);
    return card;
  }

  /** A card lies in one place: held on another reader it is taken from there. */
  #hold(id: string, index: number): void {
    const card = this.#card(id);
    const link = this.#links[index];
    if (!link) throw new ActionRefused(`there is no reader ${index}`);
    const elsewhere = this.#held.indexOf(id);
    if (elsewhere >= 0) this.#take(elsewhere);
    this.#held[index] = id;
    link.hold(new LaidCard(card, this.#faults.of(index)));
  }

  #take(index: number | undefined): void {
    for (const [at, link] of this.#links.entries()) {
      if (index !== undefined && index !== at) continue;
      link.take();
      this.#held[at] = undefined;
    }
  }
}
