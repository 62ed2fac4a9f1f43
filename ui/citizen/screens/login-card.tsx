import type { CardKind } from '@jolly/contracts/terminal-channel';
import {
  DeviceHint,
  LiveProgress,
  Note,
  ProgressBar,
  type ProgressLine,
  WaitingSheet,
} from '@jolly/ui-kit/content';
import { CardScene } from '@jolly/ui-kit/drawings';
import { Facade } from '@jolly/ui-kit/frame';
import { type MessageKey, useWords } from '@jolly/ui-kit/messages';
import { useLoginSteps, WayButtons } from './login-ways.tsx';
import type { ScreenOf, ScreenProps } from './view.ts';

type Stage = ScreenOf<'login-card'>['stage'];

/** "Hold your card here": where each card goes, what the reader does, why it is asked, the other ways. */
export function LoginCardScreen({ view, screen }: ScreenProps<'login-card'>) {
  const { t } = useWords();
  const { stage, purpose } = screen;
  const cards: readonly CardKind[] = screen.cards ?? ['cie'];
  const { angle, side } = view.snapshot.place.hints.card;
  const say = wordsOf(stage, cards);
  const reading = stage === 'reading';
  const known = screen.card ?? (cards.length === 1 ? cards[0] : undefined);
  const card = known ?? 'any';
  return (
    <Facade
      screen="login-card"
      steps={useLoginSteps(purpose, 0)}
      title={t(say, { card })}
      lead={t(`${say}-lead` as MessageKey, { card })}
      second={screen.actions.length > 0 && <WayButtons view={view} actions={screen.actions} />}
      door={
        <DeviceHint
          icon="card"
          where={reading ? t('login.keep', { card }) : t('login.reader', { side })}
          help={reading ? t('login.keep-how', { late: isLate(screen.progress) }) : t('login.light')}
          angle={angle}
        />
      }
    >
      <div className="card-scene card-scene--login">
        <div className="card-scene__drawing illustration illustration--where">
          <Scene
            cards={known ? [known] : reading ? [] : cards}
            slot={cards.includes('cns')}
            state={reading ? 'laid' : stage === 'take-off' ? 'lifted' : 'near'}
          />
        </div>
        <Waiting screen={screen} cards={cards} />
        <Note icon="shield">
          {t(purpose === 'change-pin' || purpose === 'unblock-pin' ? 'login.why-pin' : 'login.why')}
        </Note>
      </div>
    </Facade>
  );
}

/** "Nearly there" is said of the last third only. */
const isLate = (progress: { done: number; of: number } | undefined) =>
  progress !== undefined && progress.done * 3 >= progress.of * 2 ? 'yes' : 'no';

function wordsOf(stage: Stage, cards: readonly CardKind[]) {
  if (stage !== 'waiting') return `login.${stage}` as const;
  return cards.length > 1 ? 'login.both' : cards[0] === 'cns' ? 'login.cns' : 'login.cie';
}

/** The cards that are drawn: none while nobody knows which one lies there. */
export function Scene({
  cards,
  state,
  slot = cards.includes('cns'),
}: {
  readonly cards: readonly CardKind[];
  readonly state: 'near' | 'laid' | 'lifted';
  readonly slot?: boolean;
}) {
  const { t } = useWords();
  return (
    <CardScene
      words={{
        republic: t('drawing.republic'),
        idCard: t('drawing.id-card'),
        healthCard: t('drawing.health-card'),
      }}
      cie={cards.includes('cie')}
      cns={cards.includes('cns')}
      slot={slot}
      state={state}
    />
  );
}

function Waiting({
  screen: { stage, progress },
  cards,
}: {
  readonly screen: ScreenOf<'login-card'>;
  readonly cards: readonly CardKind[];
}) {
  const { t } = useWords();
  if (stage === 'reading') {
    const seconds = progress?.secondsLeft;
    return (
      <WaitingSheet
        what={t('login.reading-now')}
        left={seconds === undefined ? undefined : t('login.left', { seconds })}
      >
        <ProgressBar label={t('login.reading-now')} done={progress?.done ?? 0} of={progress?.of ?? 1} />
      </WaitingSheet>
    );
  }
  return (
    <WaitingSheet what={t(stage === 'take-off' ? 'login.take-off-now' : 'login.waiting-now')}>
      {stage === 'waiting' && cards.length > 1 && (
        <ul className="places">
          {cards.map((card) => (
            <li key={card}>
              <b>{t(`login.place-${card}`)}</b> {t(`login.place-${card}-how`)}
            </li>
          ))}
        </ul>
      )}
    </WaitingSheet>
  );
}

/** The card works: what it does now, in the few steps a person follows. */
export function LoginWorkingScreen({ view, screen }: ScreenProps<'login-working'>) {
  const { t } = useWords();
  const { angle } = view.snapshot.place.hints.card;
  const { card } = screen;
  const atServer = screen.step === 'server';
  return (
    <Facade
      screen="login-working"
      steps={useLoginSteps(screen.purpose, atServer ? 2 : 1, screen.step === 'secret')}
      title={t(atServer ? 'working.title-server' : 'working.title', { card })}
      lead={t(atServer ? 'working.lead-server' : 'working.lead', { card })}
      door={
        atServer ? undefined : (
          <DeviceHint
            icon="card"
            where={t('login.keep', { card })}
            help={t('login.keep-how', { late: isLate(screen.progress) })}
            angle={angle}
          />
        )
      }
    >
      <div className="card-scene card-scene--login">
        <div className="card-scene__drawing illustration">
          <Scene cards={[card]} state="laid" />
        </div>
        <LiveProgress lines={useWorkingLines(screen)} />
      </div>
    </Facade>
  );
}

function useWorkingLines({ purpose, step, card }: ScreenOf<'login-working'>): ProgressLine[] {
  const { t } = useWords();
  const who = {
    certificate: t('working.who-certificate', { card }),
    signature: t('working.who-signature', { card }),
    document: t('working.who-document', { card }),
  };
  const signingIn = purpose === 'sign-in' || purpose === 'sign-in-without-pin';
  const secret = {
    'sign-in': 'working.pin',
    'sign-in-without-pin': 'working.digits',
    'change-pin': 'working.change',
    'unblock-pin': 'working.unblock',
  } as const;
  const lines = [
    { id: 'talk', steps: ['channel'], label: t('working.talk', { card }), detail: undefined },
    { id: 'secret', steps: ['secret'], label: t(secret[purpose], { card }), detail: undefined },
    ...(signingIn
      ? [
          {
            id: 'who',
            steps: ['certificate', 'signature', 'document'],
            label: t('working.who'),
            detail: step in who ? who[step as keyof typeof who] : undefined,
          },
          { id: 'server', steps: ['server'], label: t('working.server'), detail: undefined },
        ]
      : []),
  ];
  const at = lines.findIndex(({ steps }) => steps.includes(step));
  return lines.map(({ id, label, detail }, index) => ({
    id,
    label,
    detail,
    state: index < at ? 'done' : index === at ? 'now' : 'next',
  }));
}
