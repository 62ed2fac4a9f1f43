import type { Money, ProblemAction, ProblemKind } from '@jolly/contracts/terminal-channel';
import { MoneyCard, Note, SupportCode, type Tone } from '@jolly/ui-kit/content';
import { Button, ChoiceRow } from '@jolly/ui-kit/controls';
import { Facade } from '@jolly/ui-kit/frame';
import type { IconName } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import { PhoneCard } from './done.tsx';
import { usePaymentSteps } from './payment-steps.ts';
import type { ScreenOf, ScreenProps } from './view.ts';

type Action = (typeof ProblemAction.options)[number];

const MONEY_SIGN: Readonly<Record<Money, readonly [Tone, IconName]>> = {
  'nothing-charged': ['ok', 'shield'],
  returned: ['ok', 'refresh'],
  'charged-registered': ['ok', 'check-circle'],
  'charged-registering': ['info', 'clock'],
  unknown: ['warn', 'warning-circle'],
  'refund-by-office': ['info', 'user'],
};

const ACTION_ICONS: Readonly<Record<Action, IconName>> = {
  'retry-card': 'card',
  retry: 'refresh',
  'another-notice': 'qr',
  'type-notice': 'pencil',
  finish: 'logout',
  help: 'help-circle',
};

/** At which of the four steps a kind of bad news comes. */
function stepOf(kind: ProblemKind): number {
  if (/^(card|pos|token|duplicate)/.test(kind)) return 2;
  return kind.startsWith('outcome') ? 2 : 0;
}

/** Kinds after which the notice is still to be paid, so that its amount may be named. */
function stillDue(kind: ProblemKind): boolean {
  return /^(card-|pos-unavailable|network|token|service|creditor|unexpected)/.test(kind);
}

/** What happened · the money · the next act · other ways · support code (screens.md 10). */
export function ProblemScreen({ view, screen }: ScreenProps<'problem'>) {
  const { t } = useWords();
  const [door, ...others] = screen.actions;
  const help = others.includes('help');
  const rows = others.filter((action) => action !== 'help').slice(0, screen.receiptUrl ? 1 : 3);
  const refusedByBank = screen.kind === 'card-declined';
  const act = (action: Action) => view.send({ type: 'choose', action });
  return (
    <Facade
      screen="problem"
      steps={usePaymentSteps(stepOf(screen.kind))}
      title={t(`problem.${screen.kind}`)}
      lead={t(`problem.${screen.kind}-lead`)}
      second={
        help && (
          <Button
            testId="action-help"
            look="second"
            icon="help-circle"
            label={t('action.help')}
            onPress={() => act('help')}
          />
        )
      }
      door={
        door && (
          <Button
            testId={`action-${door}`}
            label={t(door === 'retry-card' && !refusedByBank ? 'action.retry-same-card' : `action.${door}`)}
            onPress={() => act(door)}
          />
        )
      }
    >
      <MoneyOf screen={screen} />
      {screen.paper === 'printed' && <Note icon="print">{t('problem.paper-printed')}</Note>}
      {screen.receiptUrl && (
        <PhoneCard title={t('problem.phone')} url={screen.receiptUrl} until={undefined} now={view.now} />
      )}
      {rows.length > 0 && (
        <>
          <h2 className="also">{t('frame.also')}</h2>
          <div className="rows">
            {rows.map((action) => (
              <ChoiceRow
                key={action}
                testId={`action-${action}`}
                icon={ACTION_ICONS[action]}
                title={t(`action.${action}`)}
                line={t(`action.${action}-how`)}
                onPress={() => act(action)}
              />
            ))}
          </div>
        </>
      )}
      <div className="push" />
      {screen.bankText && <p className="bank-text">{t('problem.bank', { text: screen.bankText })}</p>}
      <SupportCode label={t('frame.support-code')} code={screen.supportCode} />
    </Facade>
  );
}

function MoneyOf({ screen }: { readonly screen: ScreenOf<'problem'> }) {
  const words = useWords();
  const { t } = words;
  const [tone, icon] = MONEY_SIGN[screen.money];
  const due = screen.money === 'nothing-charged' && screen.notice && stillDue(screen.kind);
  const line =
    due && screen.notice
      ? t('money.nothing-charged-due', { amount: words.money(screen.notice.totalCents) })
      : t(`money.${screen.money}-how`);
  return <MoneyCard tone={tone} icon={icon} title={t(`money.${screen.money}`)} line={line} />;
}
