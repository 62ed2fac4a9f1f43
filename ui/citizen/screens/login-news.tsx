import type { LoginProblemKind } from '@jolly/contracts/terminal-channel';
import { MoneyCard, SupportCode, type Tone } from '@jolly/ui-kit/content';
import { Button, ChoiceRow } from '@jolly/ui-kit/controls';
import { CodePlace, Skyline } from '@jolly/ui-kit/drawings';
import { Facade } from '@jolly/ui-kit/frame';
import { Icon, type IconName } from '@jolly/ui-kit/icons';
import { type MessageKey, useWords } from '@jolly/ui-kit/messages';
import { whyNoPayments } from './home.tsx';
import { whatOf } from './login-secret.tsx';
import { splitWays, useLoginSteps, WayButtons, WayDoor, WayRows } from './login-ways.tsx';
import type { ScreenProps } from './view.ts';

type Fact = 'as-before' | 'try-perhaps' | 'still-valid' | 'can-again' | 'ask-office';

const SIGN: Readonly<Record<Fact, readonly [Tone, IconName]>> = {
  'as-before': ['ok', 'shield'],
  'try-perhaps': ['warn', 'warning-circle'],
  'still-valid': ['info', 'card'],
  'can-again': ['ok', 'shield'],
  'ask-office': ['info', 'user'],
};

/** What became of card, PIN and data: the largest words after the title. */
const FACTS: Readonly<Record<LoginProblemKind, Fact>> = {
  'card-removed': 'as-before',
  'card-two': 'as-before',
  'card-unreadable': 'as-before',
  'card-unknown': 'as-before',
  'card-other': 'as-before',
  'card-slow': 'as-before',
  'card-not-genuine': 'ask-office',
  'reader-unavailable': 'as-before',
  'pin-blocked': 'still-valid',
  'puk-blocked': 'still-valid',
  'pin-uncertain': 'try-perhaps',
  'can-wrong': 'can-again',
  'card-expired': 'ask-office',
  'card-revoked': 'ask-office',
  'card-not-verified': 'ask-office',
  'method-not-accepted': 'as-before',
  'server-unreachable': 'as-before',
};

/** At which of the three steps a kind of bad news comes. */
const stepOf = (kind: LoginProblemKind): number =>
  /^(pin|puk|can)-|expired|revoked|verified/.test(kind) ? 1 : 0;

/** What happened · what became of the card · the next act · other ways · support code (screens.md 10). */
export function LoginProblemScreen({ view, screen }: ScreenProps<'login-problem'>) {
  const { t } = useWords();
  const { door, help, rows } = splitWays(screen.actions);
  const fact = FACTS[screen.kind];
  const [tone, icon] = SIGN[fact];
  const card = screen.card ?? 'cie';
  // what lies there now is read afresh, whichever card it is
  const goesOn = screen.kind === 'card-other' && door === 'try-again';
  // the citizen has a card, which does not serve: the way is the same, the words are not
  const without = door === 'no-card';
  return (
    <Facade
      screen="login-problem"
      steps={useLoginSteps(screen.purpose, stepOf(screen.kind))}
      title={t(`login-problem.${screen.kind}`, { card })}
      lead={t(`login-problem.${screen.kind}-lead`, { card })}
      second={help && <WayButtons view={view} actions={['help']} />}
      door={
        door && (
          <WayDoor
            view={view}
            action={door}
            label={
              goesOn
                ? t('login-problem.card-other-door')
                : without
                  ? t('login-problem.without-door')
                  : undefined
            }
          />
        )
      }
    >
      <MoneyCard
        tone={tone}
        icon={icon}
        title={t(`login-fact.${fact}`, { card })}
        line={t(`login-fact.${fact}-how`, { card })}
      />
      <WayRows view={view} actions={rows} />
      <div className="push" />
      <SupportCode label={t('frame.support-code')} code={screen.supportCode} />
    </Facade>
  );
}

/** One try left: nothing is sent before the citizen says so. */
export function LoginLastTryScreen({ view, screen }: ScreenProps<'login-last-try'>) {
  const { t } = useWords();
  const { door, help, rows } = splitWays(screen.actions);
  const what = whatOf(screen.field);
  return (
    <Facade
      screen="login-last-try"
      steps={useLoginSteps(screen.purpose, 1)}
      title={t('last.title')}
      lead={t('last.lead')}
      second={help && <WayButtons view={view} actions={['help']} />}
      door={door && <WayDoor view={view} action={door} />}
    >
      <MoneyCard
        tone="warn"
        icon="locked"
        title={t('last.fact', { what })}
        line={t('last.fact-how', { what: what === 'pin' && screen.card === 'cns' ? 'cns' : what })}
      />
      <WayRows view={view} actions={rows} />
    </Facade>
  );
}

const TOPICS = {
  'no-card': ['bill', 'user', 'card'],
  'forgot-pin': ['bill', 'file', 'card'],
} as const satisfies Readonly<Record<string, readonly IconName[]>>;

/** Without the card, or without the PIN: what is possible, each with its line, and the ways on. */
export function LoginOtherWaysScreen({ view, screen }: ScreenProps<'login-other-ways'>) {
  const { t } = useWords();
  const { about, actions } = screen;
  const shown = actions.filter((action) => action !== 'help');
  const pays = about === 'no-card' && !whyNoPayments(view.snapshot.limitations);
  return (
    <Facade
      screen="login-other-ways"
      title={t(`ways.${about}`)}
      lead={t(`ways.${about}-lead`)}
      second={shown.length > 0 && <WayButtons view={view} actions={shown} />}
      door={<Button testId="back-door" label={t('ways.door')} onPress={() => view.send({ type: 'back' })} />}
    >
      {TOPICS[about].map((icon, index) =>
        index === 0 && pays ? null : (
          <section className="sheet topic" key={icon}>
            <span className="tile">
              <Icon name={icon} size={48} />
            </span>
            <div>
              <h2>{t(`ways.${about}-${index + 1}` as MessageKey)}</h2>
              <p>{t(`ways.${about}-${index + 1}-how` as MessageKey)}</p>
            </div>
          </section>
        ),
      )}
      {about === 'forgot-pin' ? (
        <div className="papers illustration">
          <CodePlace code="puk" />
        </div>
      ) : (
        <>
          <div className="push" />
          <div className="city-picture illustration night-sky">
            <Skyline />
          </div>
          {/* what can be touched stands low on the page */}
          {pays && (
            <ChoiceRow
              testId="start-payment"
              icon="bill"
              title={t('ways.no-card-1')}
              line={t('ways.no-card-1-how')}
              onPress={() => view.send({ type: 'start-payment' })}
            />
          )}
        </>
      )}
    </Facade>
  );
}
