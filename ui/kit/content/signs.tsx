import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icons/index.ts';

export type Tone = 'info' | 'ok' | 'warn' | 'bad';

/** A fact about the value beside it. */
export function Chip({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return (
    <span className={`chip chip--${tone}`}>
      <Icon name={icon} size={30} />
      <span>{children}</span>
    </span>
  );
}

/** One sentence, one a screen. */
export function Note({
  tone = 'info',
  icon = 'info-circle',
  testId,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly testId?: string;
  readonly children: ReactNode;
}) {
  return (
    <p className={`note note--${tone}`} data-testid={testId}>
      <Icon name={icon} size={44} />
      <span>{children}</span>
    </p>
  );
}

/** The home's line over the plinth: what is missing today and what happens instead. */
export function StatusLine({
  items,
}: {
  items: readonly { readonly what: string; readonly instead: string }[];
}) {
  if (items.length === 0) return null;
  return (
    <div className="status-line" role="status" data-testid="status-line">
      {items.slice(0, 2).map((item) => (
        <p className="note note--warn" key={item.what}>
          <Icon name="warning-circle" size={36} />
          <span>
            {items.length === 1 && `${item.what} `}
            <b>{item.instead}</b>
          </span>
        </p>
      ))}
    </div>
  );
}

/** The first card of a bad-news page: where the money is, in the largest words after the title. */
export function MoneyCard({
  tone,
  icon,
  title,
  line,
  aloud,
}: {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  /** Said instead of the title where others hear it. */
  readonly aloud?: string;
  readonly line: string;
}) {
  return (
    <section className="sheet money" data-testid="money">
      <span className={`money__sign money__sign--${tone}`}>
        <Icon name={icon} size={76} />
      </span>
      <div>
        <h2 className="money__title" data-aloud={aloud}>
          {title}
        </h2>
        <p className="money__line">{line}</p>
      </div>
    </section>
  );
}

/** What to quote on the telephone: the only technical code a citizen sees. */
export function SupportCode({ label, code }: { label: string; code: string }) {
  return (
    <p className="support" data-testid="support-code">
      <span>{label}</span>
      <bdi className="mono">{code}</bdi>
    </p>
  );
}

/** In the place of the door when the act is physical: where the device is and an arrow that points to it. */
export function DeviceHint({
  icon,
  where,
  help,
  angle,
}: {
  readonly icon: IconName;
  readonly where: string;
  readonly help: string;
  /** Degrees: 0 points down, 90 to the right. */
  readonly angle: number;
}) {
  return (
    <div className="hint" role="status" data-testid="device-hint">
      <Icon name={icon} size={60} />
      <div>
        <p className="hint__where">{where}</p>
        <p className="hint__help">{help}</p>
      </div>
      <span className="hint__arrow" style={{ rotate: `${-angle}deg` }} dir="ltr">
        <Icon name="arrow-device" size={60} />
      </span>
    </div>
  );
}
