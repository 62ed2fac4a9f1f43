import type { PublicStatus, Site } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';

/** A terminal as the public page knows it. */
export interface PublicTerminal {
  readonly site: Pick<Site, 'name' | 'address' | 'lat' | 'lon'>;
  readonly online: boolean;
  readonly maintenance: boolean;
  readonly reported: Reported | undefined;
}

/** What citizens miss, in the words of the page: nothing about the inside of a terminal, nothing that helps a thief. */
const LIMITS: Readonly<Record<string, string>> = {
  'payments-offline': 'payments',
  'pos-unavailable': 'payments',
  'printer-paper-out': 'paper-receipts',
  'printer-unavailable': 'paper-receipts',
  'card-unavailable': 'card-login',
};

/** The state of a municipality's terminals for everybody. Ids, addresses of devices and reasons stay inside. */
export function publicStatus(name: string, terminals: readonly PublicTerminal[], at: number): PublicStatus {
  return {
    at,
    name,
    terminals: terminals.map(publicTerminal).toSorted((a, b) => a.site.localeCompare(b.site, 'it')),
  };
}

function publicTerminal({
  site,
  online,
  maintenance,
  reported,
}: PublicTerminal): PublicStatus['terminals'][number] {
  const serves = online && !maintenance && reported?.mode === 'in-service';
  const limits = serves
    ? [...new Set(reported.limitations.flatMap((word) => (LIMITS[word] ? [LIMITS[word]] : [])))]
    : [];
  return {
    site: site.name,
    address: site.address,
    ...(site.lat === undefined ? {} : { lat: site.lat }),
    ...(site.lon === undefined ? {} : { lon: site.lon }),
    state: serves ? (limits.length > 0 ? 'partly' : 'in-service') : 'out-of-service',
    limits,
  };
}
