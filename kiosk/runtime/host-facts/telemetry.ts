import type { EntryData, Reported } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';

export interface TelemetrySources {
  readonly clock: Clock;
  /** Seconds between two; asked anew each time. */
  readonly everySeconds: () => number;
  readonly reported: () => Reported;
  readonly add: (entry: EntryData) => void;
}

/** Measures of the terminal at regular times, under the names of docs/terminal-link.md. */
export class Telemetry {
  readonly #sources: TelemetrySources;
  #cancel: () => void = () => undefined;

  constructor(sources: TelemetrySources) {
    this.#sources = sources;
    this.#next();
  }

  close(): void {
    this.#cancel();
  }

  #next(): void {
    const { clock, everySeconds, reported, add } = this.#sources;
    this.#cancel = clock.after(everySeconds() * 1000, () => {
      add({ kind: 'telemetry', metrics: metricsOf(reported()) });
      this.#next();
    });
  }
}

function metricsOf({
  host,
  network,
  clockSkewMs,
  backlog,
  inSession,
  consumables,
}: Reported): Record<string, number> {
  const measures: Record<string, number | undefined> = {
    'disk-free-mb': host.diskFreeMb,
    'memory-free-mb': host.memoryFreeMb,
    'temperature-c': host.temperatureC,
    load: host.load,
    'app-memory-mb': Math.round(process.memoryUsage.rss() / (1024 * 1024)),
    'rtt-ms': network.rttMs,
    reconnects: network.reconnects,
    'clock-skew-ms': clockSkewMs,
    'letters-waiting': backlog.letters,
    'entries-waiting': backlog.entries,
    'in-session': inSession ? 1 : 0,
  };
  for (const { role, name, left, used } of consumables) {
    measures[`${role}-${name}-left`] = left;
    measures[`${role}-${name}-used`] = used;
  }
  return Object.fromEntries(
    Object.entries(measures).filter((pair): pair is [string, number] => Number.isFinite(pair[1])),
  );
}
