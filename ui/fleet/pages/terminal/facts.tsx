import type { TerminalDetail } from '@jolly/contracts/fleet-api';
import { lasting, number, share } from '../../format.ts';
import { t } from '../../messages/index.ts';

interface Fact {
  readonly label: string;
  readonly value: string;
  /** Beyond what is healthy: said by a word, not by colour alone. */
  readonly poor?: boolean;
}

const LEAST_FREE = 0.1;
const WARM_C = 60;
const SKEW_MS = 5_000;

/** How the machine is, short: version, network, warmth, since when it runs, what waits. */
export function factsOf({ reported, row }: TerminalDetail, now: number): Fact[] {
  const facts: Fact[] = [];
  const add = (label: string, value: string | undefined, poor = false) => {
    if (value !== undefined) facts.push({ label, value, poor });
  };
  add(t('facts.version'), row.software);
  if (!reported) return facts;
  const { host, network, backlog, clockSkewMs } = reported;
  add(t('facts.network'), network.rttMs === undefined ? undefined : `${number(network.rttMs)} ms`);
  add(
    t('facts.inside'),
    host.temperatureC === undefined ? undefined : `${number(host.temperatureC)} °C`,
    (host.temperatureC ?? 0) > WARM_C,
  );
  add(t('facts.up'), host.upSince === undefined ? undefined : lasting(now - host.upSince));
  add(t('facts.program'), lasting(now - reported.startedAt));
  const memory = host.memoryFreeMb / Math.max(1, host.memoryTotalMb);
  add(t('facts.memory'), share(memory), memory < LEAST_FREE);
  if (host.diskFreeMb !== undefined && host.diskTotalMb !== undefined) {
    const disk = host.diskFreeMb / Math.max(1, host.diskTotalMb);
    add(t('facts.disk'), share(disk), disk < LEAST_FREE);
  }
  add(
    t('facts.clock'),
    clockSkewMs === undefined ? undefined : `${number(Math.round(clockSkewMs / 100) / 10 + 0)} s`,
    Math.abs(clockSkewMs ?? 0) > SKEW_MS,
  );
  add(t('facts.letters'), String(backlog.letters), backlog.letters > 0);
  add(t('facts.entries'), String(backlog.entries));
  if (backlog.dropped > 0) add(t('facts.dropped'), number(backlog.dropped), true);
  if (network.reconnects > 0) add(t('facts.reconnects'), number(network.reconnects));
  return facts;
}

export function Facts({ detail, now }: { detail: TerminalDetail; now: number }) {
  return (
    <dl className="fact-list">
      {factsOf(detail, now).map(({ label, value, poor }) => (
        <div key={label} className={poor ? 'poor' : undefined}>
          <dt>{label}</dt>
          <dd>
            {value}
            {poor ? <span className="unseen"> {t('facts.poor')}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
