import type { CatalogueResponse } from '@jolly/contracts/fleet-api';
import { type SummaryPlace, summarySlip } from '@jolly/contracts/receipt';
import type { CatalogueEntry } from '@jolly/contracts/service-catalogue';
import { type Clock, isJollyError, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import { OpenForm } from './citizen-form.ts';
import { openForm } from './form.ts';
import type { CitizenForm, KnownCitizen, ServiceCard, ServiceDesk, ServicesClient } from './port.ts';

/** How often a catalogue is looked for again; sooner while there is none. */
const REFRESH_MS = 600_000;
const ABSENT_MS = 10_000;

export interface ServiceDeskOptions {
  readonly client: ServicesClient;
  readonly printer: Pick<ReceiptPrinter, 'print'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly place: {
    readonly terminalId: string;
    readonly city: string;
    readonly site: string;
    readonly timeZone: string;
  };
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}

class Desk implements ServiceDesk {
  readonly #options: ServiceDeskOptions;
  readonly #listeners = new Set<() => void>();
  #catalogue: CatalogueResponse = { revision: '', entries: [] };
  #services: readonly ServiceCard[] = [];
  #asking = false;
  #printing = 0;
  /** Asked for while a call was under way, which may have gone out too early to be answered. */
  #again = false;
  #closed = false;
  #cancel: (() => void) | undefined;

  constructor(options: ServiceDeskOptions) {
    this.#options = options;
    this.refresh();
  }

  get services(): readonly ServiceCard[] {
    return this.#services;
  }

  get printing(): boolean {
    return this.#printing > 0;
  }

  open(service: string, citizen: KnownCitizen | undefined): CitizenForm | undefined {
    const entry = this.#catalogue.entries.find(({ id }) => id === service);
    const { client, clock, random, log } = this.#options;
    if (!entry || !isOpenToAll(entry)) return undefined;
    return new OpenForm(openForm(entry, citizen), { client, newId: () => uuidv7(clock.now(), random), log });
  }

  cart: ServiceDesk['cart'] = async (notice) => {
    const { noticeNumber, creditorTaxCode, creditorName, amountCents } = notice;
    try {
      const answer = await this.#options.client.cart({
        notices: [
          {
            notice: { noticeNumber, creditorTaxCode },
            amountCents,
            description: notice.description.slice(0, 140),
            creditorName,
          },
        ],
      });
      if (answer.result === 'made') return answer.url;
      this.#options.log('cart-refused', { problem: answer.problem.class });
    } catch (error) {
      if (!isJollyError(error)) throw error;
      this.#options.log('cart-not-made', { code: error.code });
    }
    return undefined;
  };

  printSummary: ServiceDesk['printSummary'] = async (paid, language) => {
    const { printer, clock, place, log } = this.#options;
    const where: SummaryPlace = {
      at: clock.now(),
      timeZone: place.timeZone,
      city: place.city,
      site: place.site,
      kioskId: place.terminalId,
    };
    const lines = paid.map(({ notice, money }) => ({
      description: notice.description,
      creditorName: notice.creditorName,
      noticeNumber: notice.noticeNumber,
      totalCents: notice.totalCents,
      registered: money === 'charged-registered',
    }));
    this.#printing++;
    try {
      const { result } = await printer.print(summarySlip(where, lines, { language }));
      if (result === 'printed') return 'printed';
      log('summary-not-printed', { result });
    } catch (error) {
      if (!isJollyError(error)) throw error;
      log('summary-not-printed', { result: error.code });
    } finally {
      this.#printing--;
    }
    return 'failed';
  };

  refresh(): void {
    if (this.#closed) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    this.#again = false;
    this.#cancel?.();
    this.#options.client
      .catalogue()
      .then(
        (catalogue) => this.#take(catalogue),
        (error: unknown) => {
          if (!isJollyError(error)) throw error;
          this.#options.log('catalogue-not-read', { code: error.code });
        },
      )
      .finally(() => {
        this.#asking = false;
        if (this.#closed) return;
        if (this.#again) {
          this.refresh();
          return;
        }
        const wait = this.#services.length === 0 ? ABSENT_MS : REFRESH_MS;
        this.#cancel = this.#options.clock.after(wait, () => this.refresh());
      });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#listeners.clear();
  }

  #take(catalogue: CatalogueResponse): void {
    if (this.#closed || catalogue.revision === this.#catalogue.revision) return;
    this.#catalogue = catalogue;
    this.#services = catalogue.entries.filter(isOpenToAll).map(({ id, title, summary }) => ({
      id,
      title,
      ...(summary === undefined ? {} : { summary }),
    }));
    this.#options.log('catalogue', { revision: catalogue.revision, services: this.#services.length });
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Services that ask who it is come with their own way in. */
const isOpenToAll = ({ auth, status }: CatalogueEntry): boolean =>
  auth.minLoA === 'none' && status === 'active';

/** Makes the desk and asks for the catalogue at once. */
export function openServiceDesk(options: ServiceDeskOptions): ServiceDesk {
  return new Desk(options);
}
