import { Icon, type IconName } from '../icons/index.ts';
import { usePress } from './press.ts';

export interface ButtonProps {
  readonly testId: string;
  readonly label: string;
  readonly onPress?: (() => void) | undefined;
  /** primary: the door. second: blue border. quiet: grey border. amber: the door on night. */
  readonly look?: 'primary' | 'second' | 'quiet' | 'amber';
  readonly icon?: IconName | undefined;
  /** Present while nothing can be done: shown instead of the label, which stays the accessible name's end. */
  readonly reason?: string | undefined;
  /** Label while the act runs: a ring turns, touches are ignored, the width stays. */
  readonly busy?: string | undefined;
}

export function Button({ testId, label, onPress, look = 'primary', icon, reason, busy }: ButtonProps) {
  const press = usePress({ onPress, disabled: reason !== undefined || busy !== undefined });
  const shown = busy ?? reason ?? label;
  return (
    <button
      type="button"
      data-testid={testId}
      className={`button button--${look}`}
      data-busy={busy === undefined ? undefined : true}
      {...press}
    >
      <span className="press">
        {busy !== undefined && <span className="ring" aria-hidden="true" />}
        {busy === undefined && reason === undefined && icon && <Icon name={icon} size={44} />}
        <span className={shown.length > 28 ? 'button__label button__label--long' : 'button__label'}>
          {shown}
        </span>
      </span>
    </button>
  );
}
