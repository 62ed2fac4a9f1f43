import type { BarcodeAction } from '@jolly/simulators/barcode';
import type { CabinetAction, CabinetState } from '@jolly/simulators/cabinet';
import type { CardAction } from '@jolly/simulators/card';
import type { KeypadAction } from '@jolly/simulators/keypad';
import type { PosAction } from '@jolly/simulators/pos';
import { z } from 'zod';
import { until } from './until.ts';

export type DeviceName = 'pos' | 'printer' | 'barcode';
type Simulated = DeviceName | 'card' | 'node' | 'keypad' | 'cabinet';

const PosState = z.object({
  device: z.object({
    phase: z.string(),
    connected: z.boolean(),
    ledger: z.array(
      z.object({ stan: z.string(), amountCents: z.int(), kind: z.enum(['charge', 'reversal']) }),
    ),
  }),
});
export type PosLedger = z.infer<typeof PosState>['device']['ledger'];

const PrinterState = z.object({
  device: z.object({ slips: z.array(z.object({ id: z.string(), text: z.string() })) }),
});
export type Slip = z.infer<typeof PrinterState>['device']['slips'][number];

const BarcodeState = z.object({ device: z.object({ clients: z.int(), trigger: z.string() }) });

const KeypadState = z.object({ device: z.object({ level: z.number().optional() }) });

const CardsState = z.object({
  device: z.object({
    citizens: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        pin: z.string(),
        puk: z.string(),
        can: z.string().optional(),
        pinTries: z.int(),
        pukTries: z.int(),
      }),
    ),
    readers: z.array(
      z.object({ address: z.string(), connected: z.boolean(), held: z.string().optional(), apdus: z.int() }),
    ),
  }),
});
type CardsState = z.infer<typeof CardsState>['device'];
/** A citizen and their card, with what they carry in their head. */
export type CardHolder = CardsState['citizens'][number];

const Notice = z.object({
  noticeNumber: z.string(),
  creditorTaxCode: z.string(),
  description: z.string(),
  qr: z.string(),
  label: z.string(),
  amountCents: z.int(),
});
export type Notice = z.infer<typeof Notice>;

const DebtPosition = z.object({
  noticeNumber: z.string(),
  creditorTaxCode: z.string(),
  description: z.string(),
  amountCents: z.int(),
});

const NodeLedger = z.object({
  paid: z.array(
    z.object({
      noticeNumber: z.string(),
      timesAcquired: z.int(),
      acquisitions: z.array(z.object({ psp: z.string(), amountCents: z.int(), late: z.boolean() })),
    }),
  ),
  tokens: z.array(
    z.object({ token: z.string(), noticeNumber: z.string(), psp: z.string(), status: z.string() }),
  ),
});
export type NodeLedger = z.infer<typeof NodeLedger>;

/** What the bank's terminal is told in these tests; the rest has its default. */
type PosOrder = z.input<typeof PosAction>;
type BarcodeOrder = z.input<typeof BarcodeAction>;
type CardOrder = z.input<typeof CardAction>;
type KeypadOrder = z.input<typeof KeypadAction>;
type PrinterOrder = { readonly action: string; readonly lines?: number };

/** The other end of every wire, as the panel commands it. */
export class Simulators {
  readonly #controls: Readonly<Record<Simulated, string>>;

  constructor(controls: Readonly<Record<Simulated, string>>) {
    this.#controls = controls;
  }

  async #call(name: Simulated, path: string, body?: unknown): Promise<unknown> {
    const base = this.#controls[name].replace(/\/(control\/?)?$/, '');
    const response = await fetch(`${base}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(`${name} ${path}: ${response.status} ${JSON.stringify(answer).slice(0, 300)}`);
    return answer;
  }

  pos(order: PosOrder): Promise<unknown> {
    return this.#call('pos', 'act', order);
  }

  printer(order: PrinterOrder): Promise<unknown> {
    return this.#call('printer', 'act', order);
  }

  /** The citizens' pocket: lays cards, takes them, spoils them. */
  card(order: CardOrder): Promise<unknown> {
    return this.#call('card', 'act', order);
  }

  /** The tactile keypad and its headset. */
  keypad(order: KeypadOrder): Promise<unknown> {
    return this.#call('keypad', 'act', order);
  }

  /** The cabinet: who stands there, its door, its power. */
  cabinet(order: CabinetAction): Promise<unknown> {
    return this.#call('cabinet', 'act', order);
  }

  async lights(): Promise<CabinetState['lights']> {
    const { device } = (await this.#call('cabinet', 'state')) as { readonly device: CabinetState };
    return device.lights;
  }

  async cards(): Promise<CardsState> {
    return CardsState.parse(await this.#call('card', 'state')).device;
  }

  async holder(id: string): Promise<CardHolder> {
    const found = (await this.cards()).citizens.find((citizen) => citizen.id === id);
    if (!found) throw new Error(`no citizen «${id}»`);
    return found;
  }

  /** `false` pulls the cable. */
  plug(name: DeviceName, inserted: boolean): Promise<unknown> {
    return this.#call(name, 'plug', { inserted });
  }

  /** Shows a code to the reader, once the reader is listening. */
  async scan(text: string): Promise<void> {
    await until('the barcode reader listens', async () => {
      const { device } = BarcodeState.parse(await this.#call('barcode', 'state'));
      return device.clients > 0 && device.trigger !== 'off';
    });
    await this.#call('barcode', 'act', { action: 'scan', text } satisfies BarcodeOrder);
  }

  /** How loud the terminal has set the amplifier. */
  async loudness(): Promise<number | undefined> {
    return KeypadState.parse(await this.#call('keypad', 'state')).device.level;
  }

  async posState(): Promise<z.infer<typeof PosState>['device']> {
    return PosState.parse(await this.#call('pos', 'state')).device;
  }

  async slips(): Promise<readonly Slip[]> {
    return PrinterState.parse(await this.#call('printer', 'state')).device.slips;
  }

  /** A notice of its own for this test. */
  /** The citizen's fee that MIL names from now on, cents. */
  async milFee(cents: number): Promise<void> {
    await this.#call('node', 'control/mil', { fees: { PAYMENT_CARD: cents } });
  }

  async notice(order: {
    readonly amountCents: number;
    readonly description?: string;
    readonly scenario?: string;
    readonly finalCents?: number;
  }): Promise<Notice> {
    return Notice.parse(await this.#call('node', 'control/notices', order));
  }

  /** One of the node's own notices, by what it is good for. */
  async seeded(label: string): Promise<Notice> {
    const all = z.array(Notice).parse(await this.#call('node', 'control/notices'));
    const found = all.find((notice) => notice.label.startsWith(label));
    if (!found) throw new Error(`the node has no notice «${label}»`);
    return found;
  }

  /** What the archive of debt positions was asked to make, oldest first. */
  async debtPositions(): Promise<readonly z.infer<typeof DebtPosition>[]> {
    return z.array(DebtPosition).parse(await this.#call('node', 'control/debt-positions'));
  }

  /** A fault on the way to the archive of debt positions and to checkout. */
  platform(order: { readonly mode: string; readonly count?: number }): Promise<unknown> {
    return this.#call('node', 'control/platform-faults', order);
  }

  async ledger(): Promise<NodeLedger> {
    return NodeLedger.parse(await this.#call('node', 'control/ledger'));
  }

  node(
    order: 'faults' | 'clock' | 'settings' | 'expire-job' | 'pay-elsewhere',
    body: object,
  ): Promise<unknown> {
    return this.#call('node', `control/${order}`, body);
  }

  /** Everything plugged in and in order, cards in their pockets as they were made; ledgers stay. */
  async reset(): Promise<void> {
    await Promise.all([
      this.card({ action: 'reset' }),
      this.cabinet({ action: 'reset' }),
      this.pos({ action: 'reset' }),
      this.keypad({ action: 'reset' }),
      this.printer({ action: 'reset' }).then(() => this.printer({ action: 'load-paper' })),
      this.platform({ mode: 'none' }),
      this.node('faults', { mode: 'none' }).then(() => this.node('clock', { offsetMs: 0 })),
      ...(['pos', 'printer', 'barcode'] as const).map((name) => this.plug(name, true)),
    ]);
  }
}
