import { type ReactNode, useEffect, useRef } from 'react';
import { Stepper } from '../content/index.ts';
import { Crest, Skyline } from '../drawings/index.ts';
import { Icon } from '../icons/index.ts';
import { useWords } from '../messages/index.ts';
import { Pages } from './pages.tsx';

/** Who is speaking: the city. On night (home, idle, lowered) the day is written out. */
export function Cornice({
  city,
  site,
  now,
  night = false,
  demo = false,
  person,
}: {
  readonly city: string;
  readonly site: string;
  /** Epoch ms. */
  readonly now: number;
  readonly night?: boolean;
  readonly demo?: boolean;
  /** Who is signed in: never given in the lowered layout, whose upper half names nobody. */
  readonly person?: string | undefined;
}) {
  const words = useWords();
  return (
    <header className={night ? 'cornice cornice--night' : 'cornice'} data-person={person && true}>
      <Crest height={night ? 118 : 80} onNight={night} />
      <div className="cornice__who">
        <p className="cornice__city" lang="it">
          {city}
        </p>
        <p className="cornice__site" lang="it">
          {site}
        </p>
      </div>
      <div className="cornice__when">
        <p className="cornice__clock">{words.time(now)}</p>
        <p className="cornice__day">{night ? words.longDay(now) : words.shortDay(now)}</p>
      </div>
      {demo && (
        <p className="cornice__demo">{words.t(person && !night ? 'frame.demo-short' : 'frame.demo')}</p>
      )}
      {person && (
        <p className="cornice__person" data-testid="person" data-aloud="">
          <Icon name="user" size={30} />
          <span className="unseen">{words.t('frame.signed-in')}</span>
          <bdi>{person}</bdi>
        </p>
      )}
    </header>
  );
}

export interface FacadeProps {
  /** Changes with the screen: the focus moves to the title and the content comes in. */
  readonly screen: string;
  readonly title: string;
  /** Language of the title, where it is not the page's. */
  readonly titleLang?: string | undefined;
  /** Said instead of the title where others hear it. */
  readonly aloud?: string | undefined;
  readonly lead?: string | undefined;
  /** Language of the lead, where it is not the page's. */
  readonly leadLang?: string | undefined;
  /** A green sign before the title: the result is good. */
  readonly sign?: ReactNode;
  readonly steps?: { readonly names: readonly string[]; readonly now: number } | undefined;
  readonly children: ReactNode;
  /** Part of the façade that is always in reach and never paged, at its end: a pad. */
  readonly fixed?: ReactNode;
  /** Zero to two buttons over the door. */
  readonly second?: ReactNode;
  readonly door?: ReactNode;
}

/** One question: steps, title, lead, content; then second actions and the door, always in the same place. */
export function Facade({
  screen,
  title,
  titleLang,
  aloud,
  lead,
  leadLang,
  sign,
  steps,
  children,
  fixed,
  second,
  door,
}: FacadeProps) {
  const heading = useFocusOn(screen);
  return (
    <main className="facade" data-screen={screen} data-steps={steps ? true : undefined}>
      {steps && <Stepper names={steps.names} now={steps.now} />}
      <div className="facade__body" key={screen}>
        <div className={sign ? 'facade__title facade__title--sign' : 'facade__title'}>
          {sign}
          <h1 ref={heading} tabIndex={-1} data-testid="title" lang={titleLang} data-aloud={aloud}>
            {title}
          </h1>
        </div>
        {lead && (
          <p className="facade__lead" lang={leadLang}>
            {lead}
          </p>
        )}
        <Pages>{children}</Pages>
        {fixed}
      </div>
      {(second || door) && (
        <div className="actions">
          {second && <div className="actions__second">{second}</div>}
          {door && <div className="actions__door">{door}</div>}
        </div>
      )}
    </main>
  );
}

/** Moves the focus to the element whenever the screen changes, so that it is read out. */
export function useFocusOn(screen: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (screen) heading.current?.focus({ preventScroll: true });
  }, [screen]);
  return heading;
}

/** The upper half of the lowered layout: the city and one sentence, never personal data. */
export function LoweredCity({
  city,
  site,
  now,
  demo,
}: {
  readonly city: string;
  readonly site: string;
  /** Epoch ms. */
  readonly now: number;
  readonly demo: boolean;
}) {
  const { t } = useWords();
  return (
    <div className="lowered-city night-sky">
      <Cornice city={city} site={site} now={now} demo={demo} night />
      <div className="lowered-city__words">
        <Icon name="lower" size={96} />
        <p>{t('lowered.all-below')}</p>
        <p className="lowered-city__undo">{t('lowered.undo')}</p>
      </div>
      <Skyline />
    </div>
  );
}
