import type { Language, Limitation } from '@jolly/contracts/terminal-channel';
import { StatusLine } from '@jolly/ui-kit/content';
import {
  ChoiceCard,
  ChoiceRow,
  LanguageKey,
  LinkRow,
  MainChoice,
  OtherLanguages,
  PlinthCell,
} from '@jolly/ui-kit/controls';
import { SampleQr, Skyline } from '@jolly/ui-kit/drawings';
import { Cornice, Pages, useFocusOn } from '@jolly/ui-kit/frame';
import type { IconName } from '@jolly/ui-kit/icons';
import { LANGUAGE_NAMES, type MessageKey, useWords } from '@jolly/ui-kit/messages';
import { NewsBanner } from './city-news.tsx';
import { isEvening } from './signed-in.tsx';
import { givenNameOf, offeredIn, personOf, type ScreenProps, type View } from './view.ts';

/** Services still to come: honest about it before anyone touches them. */
const SERVICES = [
  ['certificates', 'file'],
  ['applications', 'pencil'],
  ['cases', 'folder'],
  ['talk', 'video'],
  ['book', 'calendar'],
  ['report', 'horn'],
] as const satisfies readonly (readonly [string, IconName])[];

export type ServiceId = (typeof SERVICES)[number][0];

export function isService(id: string): id is ServiceId {
  return SERVICES.some(([service]) => service === id);
}

const STOPS_PAYMENTS: readonly Limitation[] = [
  'payments-offline',
  'pos-unavailable',
  'clock-wrong',
  'journal-unwritable',
  'power-failing',
  'door-open',
];

/** The limitation that makes payments impossible, if any. */
export function whyNoPayments(limitations: readonly Limitation[]): Limitation | undefined {
  return limitations.find((limitation) => STOPS_PAYMENTS.includes(limitation));
}

export function HomeScreen({ view }: ScreenProps<'home'>) {
  const words = useWords();
  const { t } = words;
  const { snapshot, send } = view;
  const heading = useFocusOn('home');
  const blocked = whyNoPayments(snapshot.limitations);
  const evening = isEvening(words.hour(view.now));
  const question = t(evening ? 'home.evening' : 'home.morning');
  const { citizen, preferences } = snapshot;
  const offered = offeredIn(snapshot.place);
  const limits = snapshot.limitations
    .filter((limit) => limit !== blocked)
    .map((limit) => ({
      what: t(`limit.${limit}`),
      instead: t(`limit.${limit}-instead`),
    }));
  return (
    <>
      <div className="hero night-sky">
        <Cornice
          city={snapshot.place.city}
          site={snapshot.place.site}
          now={view.now}
          demo={snapshot.place.demo}
          person={preferences.lowered ? undefined : personOf(snapshot)}
          night
        />
        <Skyline />
      </div>
      <main className="home" data-screen="home">
        <h1
          className="home__question"
          ref={heading}
          tabIndex={-1}
          data-testid="title"
          data-aloud={citizen && `${t('speech.signed-in')}. ${question}`}
        >
          {citizen
            ? t(evening ? 'home.hello-evening' : 'home.hello-morning', { name: givenNameOf(citizen) })
            : question}
        </h1>
        <Pages>
          <NewsBanner view={view} />
          {offered.payments && (
            <MainChoice
              testId="start-payment"
              title={t(blocked ? 'home.pay-not' : 'home.pay')}
              line={t(
                snapshot.limitations.includes('barcode-unavailable') ? 'home.pay-type' : 'home.pay-how',
              )}
              icon="bill"
              reason={blocked ? `${t(`limit.${blocked}`)} ${t(`limit.${blocked}-instead`)}` : undefined}
              drawing={<SampleQr />}
              onPress={() => send({ type: 'start-payment' })}
            />
          )}
          {offered.spontaneous && (
            <div className="home__other">
              <ChoiceRow
                testId="open-services"
                title={t('home.services')}
                line={
                  blocked
                    ? `${t(`limit.${blocked}`)} ${t(`limit.${blocked}-instead`)}`
                    : t('home.services-what')
                }
                icon="pencil"
                onPress={() => send({ type: 'open-services' })}
              />
            </div>
          )}
          <div className="home__services">
            {SERVICES.filter(([service]) => service !== 'talk' || offered.assistance).map(
              ([service, icon]) => (
                <ChoiceCard
                  key={service}
                  testId={`service-${service}`}
                  title={t(`service.${service}`)}
                  line={t(`service.${service}-what` as MessageKey)}
                  mark={t('home.soon')}
                  icon={icon}
                  onPress={() => send({ type: 'open-service', service })}
                />
              ),
            )}
          </div>
        </Pages>
        <StatusLine items={blocked ? [] : limits} />
      </main>
      <HomePlinth view={view} />
    </>
  );
}

/** Help and the accessibility statement above the languages. */
function HomePlinth({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { place, preferences } = view.snapshot;
  const shown = firstLanguages(place.languages, preferences.language);
  const others = place.languages.length - shown.length;
  return (
    <nav className="home-plinth" aria-label={t('frame.nav')}>
      <div className="home-plinth__row">
        <LinkRow
          testId="help"
          label={t(place.statementUrl ? 'frame.help' : 'home.more')}
          onPress={() => view.send({ type: 'help' })}
        />
        {place.statementUrl && (
          <LinkRow
            testId="show-statement"
            label={t('statement.link')}
            onPress={() => view.send({ type: 'show-statement' })}
          />
        )}
        <PersonCell view={view} />
      </div>
      <fieldset className="home-plinth__languages">
        <legend className="unseen">{t('language.choose')}</legend>
        <LanguageKeys view={view} languages={shown} />
        {others > 0 && (
          <OtherLanguages
            testId="open-languages"
            label={t('language.others', { count: others })}
            onPress={() => view.send({ type: 'open-languages' })}
          />
        )}
      </fieldset>
    </nav>
  );
}

/** So many languages stand on the home page. */
const FIRST = 5;

/** The most used here; the one that is spoken just now is always among them. */
export function firstLanguages(offered: readonly Language[], spoken: Language): readonly Language[] {
  // one more stands where "one more" would stand
  if (offered.length <= FIRST + 1) return offered;
  const first = offered.slice(0, FIRST);
  return first.includes(spoken) ? first : [...first.slice(0, FIRST - 1), spoken];
}

/** Who is here: the way in, and for who is in what the card can do and the way out. */
function PersonCell({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { citizen, idle, limitations, place, session } = view.snapshot;
  if (citizen) {
    return (
      <>
        <PlinthCell
          testId="my-card"
          icon="card"
          label={t('home.my-card')}
          onPress={() => view.send({ type: 'sign-in' })}
        />
        <PlinthCell
          testId="leave"
          icon="logout"
          label={t('frame.leave')}
          whom={idle ? undefined : givenNameOf(citizen)}
          strong
          busy={session?.leaving ? t('frame.leaving') : undefined}
          onPress={() => view.send({ type: 'leave' })}
        />
      </>
    );
  }
  if (!place.signIn) return null;
  const stopped = limitations.includes('card-unavailable') || limitations.includes('power-failing');
  return (
    <PlinthCell
      testId="sign-in"
      icon="user"
      label={t(stopped ? 'home.sign-in-not' : 'home.sign-in')}
      disabled={stopped}
      strong
      onPress={() => view.send({ type: 'sign-in' })}
    />
  );
}

export function LanguageKeys({ view, languages }: { view: View; languages: readonly Language[] }) {
  return languages.map((language) => (
    <LanguageKey
      key={language}
      testId={`language-${language}`}
      language={language}
      name={LANGUAGE_NAMES[language]}
      chosen={language === view.snapshot.preferences.language}
      onPress={() => view.send({ type: 'set-language', language })}
    />
  ));
}
