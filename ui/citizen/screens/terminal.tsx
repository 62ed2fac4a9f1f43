import type { Screen, Snapshot } from '@jolly/contracts/terminal-channel';
import { MoreAids, PlinthCell, ThresholdAid } from '@jolly/ui-kit/controls';
import { Cornice, LoweredCity } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import { AidsSheet } from './aids-sheet.tsx';
import { CardScreen } from './card.tsx';
import { CityNewsScreen } from './city-news.tsx';
import { CoveredOverlay } from './covered.tsx';
import { ActivatingScreen, ChangedScreen, CheckScreen, NoPaperScreen } from './decide.tsx';
import { DoneScreen, RatingReasonScreen } from './done.tsx';
import { EnrolmentScreen } from './enrolment.tsx';
import { ScanScreen, TypeScreen, VerifyingScreen } from './find-notice.tsx';
import { guideOf } from './guide.ts';
import { HomeScreen } from './home.tsx';
import { LoginCardScreen, LoginWorkingScreen } from './login-card.tsx';
import { LoginLastTryScreen, LoginOtherWaysScreen, LoginProblemScreen } from './login-news.tsx';
import { LoginSecretScreen } from './login-secret.tsx';
import { IdleOverlay, LanguageSheet, Told } from './overlays.tsx';
import { PhoneScreen } from './phone.tsx';
import { PreferencesCodeScreen } from './preferences-code.tsx';
import { ProblemScreen } from './problem.tsx';
import { ComingSoonScreen, GoodbyeScreen, HelpScreen, OutOfServiceScreen } from './quiet.tsx';
import { ServiceFieldScreen, ServiceListScreen, ServiceReviewScreen } from './services.tsx';
import { CardLeftScreen, PinDoneScreen, SignedInScreen } from './signed-in.tsx';
import { StatementScreen } from './statement.tsx';
import { SummaryScreen } from './summary.tsx';
import { givenNameOf, personOf, type View } from './view.ts';

/** The whole picture: a function of the snapshot. */
export function Terminal({ view }: { readonly view: View }) {
  const { snapshot } = view;
  const { screen } = snapshot;
  const ownFrame = screen.name === 'home' || screen.name === 'goodbye';
  const sheet = sheetOf(snapshot);
  return (
    <>
      <div
        className="frame"
        inert={snapshot.covered && !snapshot.idle}
        data-idle={snapshot.idle || snapshot.covered ? true : undefined}
      >
        {/* the idle warning hides what is personal; plinth and aids stay in reach */}
        <div className="behind" inert={snapshot.idle !== undefined || sheet !== undefined}>
          {!ownFrame && <Head view={view} />}
          <ScreenOf key={screen.name} view={view} screen={screen} />
        </div>
        {!ownFrame && (
          <div className="behind" inert={sheet !== undefined}>
            <Plinth view={view} />
          </div>
        )}
        {/* a sheet ends over the threshold: the aids stay one touch away */}
        {sheet === 'languages' && <LanguageSheet view={view} />}
        {sheet === 'aids' && <AidsSheet view={view} />}
        <Leaving view={view} />
        <Told view={view} />
        <Guide view={view} />
        <Threshold view={view} />
      </div>
      {snapshot.idle ? (
        <IdleOverlay view={view} idle={snapshot.idle} />
      ) : (
        snapshot.covered && <CoveredOverlay view={view} />
      )}
    </>
  );
}

/** The sheet over the page; under the warning none is seen. */
function sheetOf({ idle, languageSheet, aidsSheet }: Snapshot): 'languages' | 'aids' | undefined {
  if (idle) return undefined;
  if (languageSheet) return 'languages';
  return aidsSheet ? 'aids' : undefined;
}

function Head({ view }: { readonly view: View }) {
  const { place, preferences } = view.snapshot;
  const cornice = (
    <Cornice
      city={place.city}
      site={place.site}
      now={view.now}
      demo={place.demo}
      person={personOf(view.snapshot)}
    />
  );
  if (!preferences.lowered) return cornice;
  return (
    <>
      <div className="only-lowered">
        <LoweredCity city={place.city} site={place.site} now={view.now} demo={place.demo} />
      </div>
      <div className="never-lowered">{cornice}</div>
    </>
  );
}

function ScreenOf({ view, screen }: { readonly view: View; readonly screen: Screen }) {
  switch (screen.name) {
    case 'home':
      return <HomeScreen view={view} screen={screen} />;
    case 'out-of-service':
      return <OutOfServiceScreen view={view} screen={screen} />;
    case 'enrolment':
      return <EnrolmentScreen view={view} screen={screen} />;
    case 'help':
      return <HelpScreen view={view} screen={screen} />;
    case 'coming-soon':
      return <ComingSoonScreen view={view} screen={screen} />;
    case 'pay-scan':
      return <ScanScreen view={view} screen={screen} />;
    case 'pay-type':
      return <TypeScreen view={view} screen={screen} />;
    case 'pay-verifying':
      return <VerifyingScreen />;
    case 'pay-check':
      return <CheckScreen view={view} screen={screen} />;
    case 'pay-changed':
      return <ChangedScreen view={view} screen={screen} />;
    case 'pay-no-paper':
      return <NoPaperScreen view={view} screen={screen} />;
    case 'pay-activating':
      return <ActivatingScreen view={view} screen={screen} />;
    case 'pay-card':
      return <CardScreen view={view} screen={screen} />;
    case 'pay-done':
      return <DoneScreen view={view} screen={screen} />;
    case 'rating-reason':
      return <RatingReasonScreen view={view} screen={screen} />;
    case 'problem':
      return <ProblemScreen view={view} screen={screen} />;
    case 'login-card':
      return <LoginCardScreen view={view} screen={screen} />;
    case 'login-secret':
      // another field is another question: its title takes the focus
      return <LoginSecretScreen key={screen.field} view={view} screen={screen} />;
    case 'login-last-try':
      return <LoginLastTryScreen view={view} screen={screen} />;
    case 'login-working':
      return <LoginWorkingScreen view={view} screen={screen} />;
    case 'login-problem':
      return <LoginProblemScreen view={view} screen={screen} />;
    case 'login-other-ways':
      return <LoginOtherWaysScreen view={view} screen={screen} />;
    case 'signed-in':
      return <SignedInScreen view={view} screen={screen} />;
    case 'pin-done':
      return <PinDoneScreen view={view} screen={screen} />;
    case 'card-left':
      return <CardLeftScreen view={view} screen={screen} />;
    case 'preferences-code':
      return <PreferencesCodeScreen view={view} screen={screen} />;
    case 'statement':
      return <StatementScreen view={view} screen={screen} />;
    case 'city-news':
      return <CityNewsScreen view={view} screen={screen} />;
    case 'goodbye':
      return <GoodbyeScreen view={view} screen={screen} />;
    case 'pay-summary':
      return <SummaryScreen view={view} screen={screen} />;
    case 'pay-on-phone':
      return <PhoneScreen view={view} screen={screen} />;
    case 'service-list':
      return <ServiceListScreen view={view} screen={screen} />;
    case 'service-field':
      // another field is another question: its title takes the focus
      return <ServiceFieldScreen key={screen.field.id} view={view} screen={screen} />;
    case 'service-review':
      return <ServiceReviewScreen view={view} screen={screen} />;
  }
}

/** Back, help, language, leave: always here. What cannot be done now stays in its place, greyed. */
function Plinth({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { session, screen, citizen, idle, covered } = view.snapshot;
  return (
    <nav className="plinth" aria-label={t('frame.nav')}>
      <PlinthCell
        testId="back"
        icon="arrow-left"
        label={t('frame.back')}
        disabled={!session?.canGoBack}
        onPress={() => view.send({ type: 'back' })}
      />
      <PlinthCell
        testId="help"
        icon="help-circle"
        label={t('frame.help')}
        disabled={screen.name === 'help' || screen.name === 'enrolment'}
        onPress={() => view.send({ type: 'help' })}
      />
      <PlinthCell
        testId="open-languages"
        icon="globe"
        label={t('frame.language')}
        onPress={() => view.send({ type: 'open-languages' })}
      />
      <PlinthCell
        testId="leave"
        icon="logout"
        label={t('frame.leave')}
        whom={idle || covered || !citizen ? undefined : givenNameOf(citizen)}
        strong={citizen !== undefined}
        disabled={!session?.canLeave}
        busy={session?.leaving ? t('frame.leaving') : undefined}
        onPress={() => view.send({ type: 'leave' })}
      />
    </nav>
  );
}

/** "Leave" was pressed and waits for the card: said once, when it begins. */
function Leaving({ view }: { readonly view: View }) {
  const { t } = useWords();
  return (
    <p className="unseen" role="status" data-news="">
      {view.snapshot.session?.leaving ? t('frame.leaving') : ''}
    </p>
  );
}

/** Where the hands must go, in words: seen by nobody, told with the page and whenever it changes. */
function Guide({ view }: { readonly view: View }) {
  const { t } = useWords();
  return (
    <p className="unseen" role="status" data-news="">
      {guideOf(view.snapshot, t)}
    </p>
  );
}

/** The aids, one touch away on every screen. */
function Threshold({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { aidsSheet, idle, preferences } = view.snapshot;
  const { textScale, theme, lowered, listen } = preferences;
  return (
    <nav className="threshold" aria-label={t('frame.aids')} data-told="seldom">
      <ThresholdAid
        testId="toggle-text-size"
        icon="text-size"
        label={textScale === 1 ? t('aid.text') : t('aid.text-now', { scale: textScale })}
        on={textScale !== 1}
        onPress={() => view.send({ type: 'toggle-text-size' })}
      />
      <ThresholdAid
        testId="toggle-contrast"
        icon="contrast"
        label={t('aid.contrast')}
        on={theme.startsWith('contrast')}
        onPress={() => view.send({ type: 'toggle-contrast' })}
      />
      <ThresholdAid
        testId="toggle-lowered"
        icon={lowered ? 'raise' : 'lower'}
        label={t(lowered ? 'aid.raise' : 'aid.lower')}
        on={lowered}
        onPress={() => view.send({ type: 'toggle-lowered' })}
      />
      <ThresholdAid
        testId="toggle-listen"
        icon="headphones"
        label={t('aid.listen')}
        on={listen}
        onPress={() => view.send({ type: 'toggle-listen' })}
      />
      <MoreAids
        testId="open-aids"
        label={t('aid.more')}
        what={t('aid.more-what')}
        open={aidsSheet && idle === undefined}
        onPress={() => view.send({ type: aidsSheet && !idle ? 'close-aids' : 'open-aids' })}
      />
    </nav>
  );
}
