import type { CardKind } from '@jolly/contracts/terminal-channel';
import { Countdown, DeviceHint, MoneyCard } from '@jolly/ui-kit/content';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import { Scene } from './login-card.tsx';
import { splitWays, useLoginSteps, WayButtons, WayDoor, WayRows } from './login-ways.tsx';
import { givenNameOf, personOf, type ScreenProps, type View } from './view.ts';

const Done = () => (
  <span className="sign-ok">
    <Icon name="check" size={56} />
  </span>
);

/** The greeting: who was recognised, by what, and the way out. */
export function SignedInScreen({ view, screen }: ScreenProps<'signed-in'>) {
  const words = useWords();
  const { t } = words;
  const { citizen } = view.snapshot;
  const { door, help, rows } = splitWays(screen.actions);
  const greeting = isEvening(words.hour(view.now)) ? 'home.hello-evening' : 'home.hello-morning';
  return (
    <Facade
      screen="signed-in"
      steps={useLoginSteps(citizen?.level === 'card' ? 'sign-in-without-pin' : 'sign-in', 2)}
      sign={<Done />}
      title={t(greeting, { name: citizen ? givenNameOf(citizen) : '' })}
      aloud={t('speech.signed-in')}
      lead={t('signed-in.lead', { card: screen.card, pin: citizen?.level === 'card' ? 'no' : 'yes' })}
      second={help && <WayButtons view={view} actions={['help']} />}
      door={door && <WayDoor view={view} action={door} />}
    >
      {screen.takeCard && <TakeCard view={view} card={screen.card} />}
      <MoneyCard
        tone="info"
        icon="user"
        title={personOf(view.snapshot) ?? ''}
        aloud=""
        line={t('signed-in.how')}
      />
      <WayRows view={view} actions={rows} />
    </Facade>
  );
}

/** The hour of the day in the place, 0–23. */
export function isEvening(hour: number): boolean {
  return hour >= 17 || hour < 5;
}

export function PinDoneScreen({ view, screen }: ScreenProps<'pin-done'>) {
  const { t } = useWords();
  const { door, help, rows } = splitWays(screen.actions);
  const goesOn = view.snapshot.citizen === undefined && (door === 'continue' || door === 'try-again');
  return (
    <Facade
      screen="pin-done"
      steps={useLoginSteps(screen.what === 'changed' ? 'change-pin' : 'unblock-pin', 2, true)}
      sign={<Done />}
      title={t(`pin-done.${screen.what}`)}
      lead={t('pin-done.lead')}
      second={help && <WayButtons view={view} actions={['help']} />}
      door={door && <WayDoor view={view} action={door} label={goesOn ? t('pin-done.sign-in') : undefined} />}
    >
      {screen.takeCard && (goesOn ? <LeaveCard view={view} /> : <TakeCard view={view} card="cie" />)}
      <MoneyCard tone="ok" icon="locked" title={t('pin-done.fact')} line={t('pin-done.fact-how')} />
      <WayRows view={view} actions={rows} />
    </Facade>
  );
}

function TakeCard({ view, card }: { readonly view: View; readonly card: CardKind }) {
  const { t } = useWords();
  const { angle, side } = view.snapshot.place.hints.card;
  return (
    <DeviceHint
      icon="card"
      where={t('login.take', { side, card })}
      help={t('login.take-how')}
      angle={angle}
    />
  );
}

/** Nobody is signed in yet: the card that lies there is the one to sign in with. */
function LeaveCard({ view }: { readonly view: View }) {
  const { t } = useWords();
  const { angle } = view.snapshot.place.hints.card;
  return <DeviceHint icon="card" where={t('pin-done.stay')} help={t('pin-done.stay-how')} angle={angle} />;
}

/** The session is over and nothing personal is left here but the card itself: seen, heard, counted. */
export function CardLeftScreen({ view, screen }: ScreenProps<'card-left'>) {
  const { t } = useWords();
  const { angle, side } = view.snapshot.place.hints.card;
  const card = screen.card ?? 'any';
  const left = Math.max(0, screen.secondsLeft - Math.floor((view.now - view.snapshot.at) / 1000));
  return (
    <Facade
      screen="card-left"
      title={t('card-left.title', { card })}
      lead={t('card-left.lead', { card })}
      door={
        <DeviceHint
          icon="card"
          where={t('card-left.reader', { side, card })}
          help={t('card-left.how')}
          angle={angle}
        />
      }
    >
      <div className="card-scene card-scene--login">
        <div className="card-scene__drawing illustration illustration--where">
          <Scene cards={[screen.card ?? 'cie']} state="lifted" />
        </div>
        <section className="sheet card-left">
          <Countdown left={left} total={screen.secondsTotal} unit={t('idle.seconds', { seconds: left })} />
          <p className="unseen" role="timer" aria-live="assertive">
            {left % 10 === 0 || left === screen.secondsTotal
              ? `${t('card-left.title', { card })}. ${t('idle.left', { seconds: left })}`
              : ''}
          </p>
        </section>
      </div>
    </Facade>
  );
}
