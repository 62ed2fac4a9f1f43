import { hashOf } from '../route.ts';

export interface Tab {
  readonly label: string;
  readonly to: readonly string[];
  readonly count?: number | undefined;
}

/** Parts of one page, each with an address of its own. */
export function Tabs({ label, tabs, now }: { label: string; tabs: readonly Tab[]; now: number }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab, at) => (
        <a key={tab.label} href={hashOf(...tab.to)} aria-current={at === now ? 'page' : undefined}>
          {tab.label}
          {tab.count === undefined ? null : <span className="count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}
