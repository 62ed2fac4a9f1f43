import type { Reported, ReportedMessage } from '@jolly/contracts/fleet-link';
import { type Json, mergePatchBetween } from '@jolly/contracts/twin';
import type { Clock } from '@jolly/contracts/values';

/** Changes of a device that come together are one word; whoever unplugs something sees it at once. */
const SETTLE_MS = 250;
/** Anything else at most so often (updates.md 3). */
const EVERY_MS = 10_000;
/** Measures alone are no news: they go with the next news, or so often. */
const MEASURES_MS = 60_000;
/** A few entries always wait; more are a backlog. */
const MANY = 20;

/**
 * Tells the reported half of the twin: whole at first and when asked, then what changed. What goes while the link breaks is told whole by
 * the next one.
 */
export class ReportedTeller {
  readonly #clock: Clock;
  readonly #send: (message: ReportedMessage) => boolean;
  #source: (() => Reported) | undefined;
  #told: Reported | undefined;
  #seq = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #open = false;
  #dueAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(settings: {
    readonly clock: Clock;
    readonly send: (message: ReportedMessage) => boolean;
  }) {
    this.#clock = settings.clock;
    this.#send = settings.send;
  }

  set source(source: () => Reported) {
    this.#source = source;
    if (this.#open) this.whole();
  }

  open(): void {
    this.#open = true;
    this.whole();
  }

  shut(): void {
    this.#open = false;
    this.#told = undefined;
    this.#stop();
  }

  close(): void {
    this.shut();
    this.#source = undefined;
  }

  /** Everything again. */
  whole(): void {
    if (!this.#open || !this.#source) return;
    const reported = this.#source();
    this.#sent(reported, { form: 'whole', seq: this.#seq, reported });
  }

  /** Something may have changed: looks, and tells in its time if it has. */
  changed(): void {
    if (!this.#open || !this.#source || !this.#told) return;
    const now = this.#source();
    if (differ(urgent, this.#told, now)) this.#in(SETTLE_MS);
    else if (differ(news, this.#told, now)) {
      this.#in(Math.max(SETTLE_MS, this.#toldAt + EVERY_MS - this.#clock.monotonic()));
    }
  }

  #in(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (at >= this.#dueAt) return;
    this.#stop();
    this.#dueAt = at;
    this.#cancel = this.#clock.after(ms, () => this.#tell());
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #tell(): void {
    this.#stop();
    if (!this.#open || !this.#source || !this.#told) return;
    const reported = this.#source();
    const patch = mergePatchBetween(this.#told as Json, reported as Json);
    if (patch === undefined) this.#in(MEASURES_MS);
    else this.#sent(reported, { form: 'patch', seq: this.#seq, patch: patch as Record<string, unknown> });
  }

  #sent(reported: Reported, message: ReportedMessage): void {
    this.#stop();
    if (!this.#send(message)) return;
    this.#seq++;
    this.#told = reported;
    this.#toldAt = this.#clock.monotonic();
    this.#in(MEASURES_MS);
  }
}

/** What staff want to see at once: devices and what follows from them, and whether citizens are served. */
const urgent = ({ devices, limitations, mode, message, settings }: Reported): unknown => ({
  devices: devices.map(({ role, uri, state, reasons }) => ({ role, uri, state, reasons })),
  limitations,
  mode,
  message,
  settings,
});

/** All but measures, which never stand still. */
const news = ({
  host: _,
  network: __,
  clockSkewMs: ___,
  consumables: ____,
  devices,
  backlog,
  ...rest
}: Reported): unknown => ({
  ...rest,
  backlog: { ...backlog, entries: backlog.entries > MANY },
  devices: devices.map(({ counters: _____, ...device }) => device),
});

const differ = (view: (reported: Reported) => unknown, one: Reported, other: Reported): boolean =>
  JSON.stringify(view(one)) !== JSON.stringify(view(other));
