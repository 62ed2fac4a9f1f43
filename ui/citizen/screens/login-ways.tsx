import type { LoginAction, LoginPurpose } from '@jolly/contracts/terminal-channel';
import { Button, ChoiceRow } from '@jolly/ui-kit/controls';
import type { IconName } from '@jolly/ui-kit/icons';
import { useWords } from '@jolly/ui-kit/messages';
import type { View } from './view.ts';

const ICONS: Readonly<Record<LoginAction, IconName>> = {
  'try-again': 'refresh',
  'no-card': 'user',
  'forgot-pin': 'help-circle',
  'unblock-pin': 'locked',
  'change-pin': 'pencil',
  'without-pin': 'card',
  'confirm-last-try': 'locked',
  continue: 'check',
  finish: 'logout',
  help: 'help-circle',
};

/** The steps at the top of a login: card, what is typed, done; `now` counts from 0. After the PUK the new PIN is typed. */
export function useLoginSteps(purpose: LoginPurpose, now: number, pukTyped = false) {
  const { t } = useWords();
  const second =
    purpose === 'sign-in-without-pin'
      ? 'step.digits'
      : purpose === 'unblock-pin' && !pukTyped
        ? 'step.puk'
        : 'step.pin';
  return { names: [t('step.card'), t(second), t('step.finished')], now };
}

/** Two other ways at most, as buttons over the door; "finish" among them is quiet. */
export function WayButtons({
  view,
  actions,
  quiet = false,
}: {
  readonly view: View;
  readonly actions: readonly LoginAction[];
  /** None of them may outshine what the page asks for. */
  readonly quiet?: boolean;
}) {
  const { t } = useWords();
  return actions
    .slice(0, 2)
    .map((action) => (
      <Button
        key={action}
        testId={`action-${action}`}
        look={quiet || action === 'forgot-pin' || action === 'finish' ? 'quiet' : 'second'}
        icon={action === 'help' ? 'help-circle' : undefined}
        label={t(`login-action.${action}`)}
        onPress={() => view.send({ type: 'login', action })}
      />
    ));
}

/** The same ways as rows with a line each, under "you can also". */
export function WayRows({ view, actions }: { view: View; actions: readonly LoginAction[] }) {
  const { t } = useWords();
  if (actions.length === 0) return null;
  return (
    <>
      <h2 className="also" data-say="">
        {t('frame.also')}
      </h2>
      <div className="rows">
        {actions.slice(0, 3).map((action) => (
          <ChoiceRow
            key={action}
            testId={`action-${action}`}
            icon={ICONS[action]}
            title={t(`login-action.${action}`)}
            line={t(`login-action.${action}-how`)}
            onPress={() => view.send({ type: 'login', action })}
          />
        ))}
      </div>
    </>
  );
}

/** The door is the first way; help goes over it; the rest are rows. */
export function splitWays(actions: readonly LoginAction[]) {
  const [door, ...others] = actions;
  return { door, help: others.includes('help'), rows: others.filter((action) => action !== 'help') };
}

export function WayDoor({
  view,
  action,
  label,
}: {
  readonly view: View;
  readonly action: LoginAction;
  /** Where the way's usual words would not say what it does here. */
  readonly label?: string | undefined;
}) {
  const { t } = useWords();
  return (
    <Button
      testId={`action-${action}`}
      label={label ?? t(`login-action.${action}`)}
      onPress={() => view.send({ type: 'login', action })}
    />
  );
}
