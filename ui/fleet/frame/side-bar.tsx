import type { Permission } from '@jolly/contracts/fleet-api';
import { useEffect, useState } from 'react';
import crest from '../../kit/assets/crest.svg';
import { useMay } from '../me.ts';
import { type MessageKey, t } from '../messages/index.ts';
import { type ConsoleIcon, Icon } from '../parts/icon.tsx';
import { hashOf } from '../route.ts';
import { PersonMenu } from './person-menu.tsx';

interface Place {
  readonly page: string;
  readonly icon: ConsoleIcon;
  readonly label: MessageKey;
  readonly needs: Permission;
  /** Other first words of an address that belong here. */
  readonly also?: readonly string[];
}

const places: readonly Place[] = [
  { page: 'fleet', icon: 'map-marker', label: 'nav.fleet', needs: 'fleet.read', also: ['terminal', 'add'] },
  { page: 'alerts', icon: 'horn', label: 'nav.alerts', needs: 'fleet.read' },
  { page: 'settings', icon: 'settings', label: 'nav.settings', needs: 'settings.write' },
  { page: 'sites', icon: 'pa', label: 'nav.sites', needs: 'enrolment.write' },
  { page: 'payments', icon: 'card', label: 'nav.payments', needs: 'payments.read' },
  { page: 'items', icon: 'inbox', label: 'nav.items', needs: 'payments.read' },
  { page: 'match', icon: 'scale', label: 'nav.match', needs: 'payments.read' },
  { page: 'audit', icon: 'list', label: 'nav.audit', needs: 'audit.read' },
  { page: 'people', icon: 'user', label: 'nav.people', needs: 'people.write' },
];

export function SideBar({
  now,
  alerts,
  items,
  left,
}: {
  readonly now: string;
  readonly alerts: number;
  readonly items: number;
  readonly left: () => void;
}) {
  const may = useMay();
  const [open, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setOpen(false), [now]);
  const counts: Readonly<Record<string, number>> = { alerts, items };
  return (
    <nav aria-label={t('nav.label')} className={open ? 'side-bar side-open' : 'side-bar'}>
      <p className="brand">
        <img src={crest} alt="" />
        Jolly
      </p>
      <button
        type="button"
        className="side-toggle"
        aria-expanded={open}
        aria-controls="side-places"
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'close' : 'burger'} />
        {t('nav.menu')}
      </button>
      <div className="side-fold" id="side-places">
        <div className="places">
          {places
            .filter(({ needs }) => may(needs))
            .map(({ page, icon, label, also }) => {
              const count = counts[page] ?? 0;
              return (
                <a
                  key={page}
                  href={hashOf(page)}
                  aria-current={page === now || also?.includes(now) ? 'page' : undefined}
                >
                  <Icon name={icon} />
                  {t(label)}
                  {count > 0 ? (
                    <span className="badge">
                      {count}
                      <span className="unseen"> {t('nav.open', { n: count })}</span>
                    </span>
                  ) : null}
                </a>
              );
            })}
        </div>
        <PersonMenu left={left} />
      </div>
    </nav>
  );
}
