import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icons/index.ts';
import { usePress } from './press.ts';

export interface ChoiceProps {
  readonly testId: string;
  readonly title: string;
  readonly line?: string | undefined;
  readonly icon?: IconName | undefined;
  /** A word about the choice, such as "coming soon". */
  readonly mark?: string | undefined;
  readonly chosen?: boolean;
  /** Language of the title, where it is not the page's. */
  readonly lang?: string | undefined;
  readonly lineLang?: string | undefined;
  readonly onPress: () => void;
}

/** One of the home's six equal cards. */
export function ChoiceCard({ testId, title, line, icon, mark, onPress }: ChoiceProps) {
  return (
    <button type="button" className="choice choice--card" data-testid={testId} {...usePress({ onPress })}>
      <span className="press">
        {icon && (
          <span className="tile">
            <Icon name={icon} size={48} />
          </span>
        )}
        <span className="choice__words">
          <span className="choice__title">{title}</span>
          {line && <span className="choice__line">{line}</span>}
          {mark && <span className="choice__mark">{mark}</span>}
        </span>
      </span>
    </button>
  );
}

/** One of two to five alternatives, the full width. */
export function ChoiceRow({ testId, title, line, icon, chosen, lang, lineLang, onPress }: ChoiceProps) {
  return (
    <button
      type="button"
      className="choice choice--row"
      data-testid={testId}
      aria-pressed={chosen}
      {...usePress({ onPress })}
    >
      <span className="press">
        {icon && (
          <span className="tile">
            <Icon name={icon} size={48} />
          </span>
        )}
        <span className="choice__words">
          <span className="choice__title" lang={lang}>
            {title}
          </span>
          {line && (
            <span className="choice__line" lang={lineLang}>
              {line}
            </span>
          )}
        </span>
        <Icon name={chosen ? 'check' : 'chevron-right'} size={44} className="choice__go" />
      </span>
    </button>
  );
}

/** The full-width blue card of the most used service; with a reason it is disabled and says why. */
export function MainChoice({
  testId,
  title,
  line,
  icon,
  reason,
  drawing,
  onPress,
}: ChoiceProps & { readonly reason?: string | undefined; readonly drawing: ReactNode }) {
  return (
    <button
      type="button"
      className="main-choice"
      data-testid={testId}
      {...usePress({ onPress, disabled: reason !== undefined })}
    >
      <span className="press">
        {icon && <Icon name={icon} size={96} />}
        <span className="choice__words">
          <span className="main-choice__title">{title}</span>
          <span className="main-choice__line">{reason ?? line}</span>
        </span>
      </span>
      {reason === undefined && <span className="main-choice__drawing">{drawing}</span>}
    </button>
  );
}
