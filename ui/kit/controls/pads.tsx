import { Icon, type IconName } from '../icons/index.ts';
import { useWords } from '../messages/index.ts';
import { usePress } from './press.ts';

function Key({
  testId,
  label,
  mark = false,
  onPress,
}: {
  readonly testId: string;
  readonly label: string;
  readonly mark?: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button type="button" className="key" data-testid={testId} {...usePress({ onPress, guardMs: 0 })}>
      <span className={label.length > 1 ? 'press key__word' : 'press'}>{label}</span>
      {mark && <span className="key__five" aria-hidden="true" />}
    </button>
  );
}

/** Three columns of four rows; lowered or in landscape six of two. Always left to right. */
export function NumericPad({
  onDigit,
  onErase,
  onClear,
}: {
  readonly onDigit: (digit: string) => void;
  readonly onErase: () => void;
  readonly onClear: () => void;
}) {
  const { t } = useWords();
  const digit = (value: string) => (
    <Key
      key={value}
      testId={`key-${value}`}
      label={value}
      mark={value === '5'}
      onPress={() => onDigit(value)}
    />
  );
  return (
    <fieldset className="pad" dir="ltr">
      <legend className="unseen">{t('pad.label')}</legend>
      {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(digit)}
      <Key testId="key-clear" label={t('pad.clear')} onPress={onClear} />
      {digit('0')}
      <Key testId="key-erase" label={t('pad.erase')} onPress={onErase} />
    </fieldset>
  );
}

/** Five stars with their numbers; touching one fills up to it. */
export function Rating({
  question,
  value,
  onRate,
}: {
  readonly question: string;
  readonly value?: number | undefined;
  readonly onRate: (stars: number) => void;
}) {
  const { t } = useWords();
  return (
    <section className="sheet rating" aria-label={question}>
      <h2 className="rating__question">{question}</h2>
      <div className="rating__keys">
        {[1, 2, 3, 4, 5].map((stars) => (
          <Star key={stars} stars={stars} filled={stars <= (value ?? 0)} onPress={() => onRate(stars)} />
        ))}
      </div>
      <div className="rating__ends" aria-hidden="true">
        <span>{t('done.hard')}</span>
        <span>{t('done.easy')}</span>
      </div>
    </section>
  );
}

function Star({ stars, filled, onPress }: { stars: number; filled: boolean; onPress: () => void }) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="star"
      data-testid={`rate-${stars}`}
      data-filled={filled ? true : undefined}
      aria-label={t('done.stars', { stars })}
      aria-pressed={filled}
      {...usePress({ onPress })}
    >
      <span className="press">
        <Icon name={filled ? 'star-full' : 'star-outline'} size={58} />
        <span>{stars}</span>
      </span>
    </button>
  );
}

/** A cell of the plinth: sign over word, the same place on every screen. */
export function PlinthCell({
  testId,
  icon,
  label,
  whom,
  disabled = false,
  strong = false,
  busy,
  onPress,
}: {
  readonly testId: string;
  readonly icon: IconName;
  readonly label: string;
  /** Whom the act concerns, under the label. */
  readonly whom?: string | undefined;
  readonly disabled?: boolean;
  /** An act of weight, such as signing in and out: blue border. */
  readonly strong?: boolean;
  /** What it waits for, shown instead of sign and label, and said when it begins. */
  readonly busy?: string | undefined;
  readonly onPress: () => void;
}) {
  const look = `cell${strong ? ' cell--strong' : ''}${whom === undefined ? '' : ' cell--whom'}`;
  const press = usePress({ onPress, disabled: disabled || busy !== undefined });
  if (busy !== undefined) {
    return (
      <button type="button" className={`${look} cell--busy`} data-testid={testId} data-busy {...press}>
        <span className="press">
          <span className="ring" aria-hidden="true" />
          <span className="cell__words">{busy}</span>
        </span>
      </button>
    );
  }
  return (
    <button type="button" className={look} data-testid={testId} {...press}>
      <span className="press">
        <Icon name={icon} size={42} />
        <span className="cell__words">
          <span>{label}</span>
          {whom !== undefined && (
            <bdi className="cell__whom" data-aloud="">
              {whom}
            </bdi>
          )}
        </span>
      </span>
    </button>
  );
}

/** An aid of the threshold: on, it is a white cell with night text. */
export function ThresholdAid({
  testId,
  icon,
  label,
  on,
  onPress,
}: {
  readonly testId: string;
  readonly icon: IconName;
  readonly label: string;
  readonly on: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="aid"
      data-testid={testId}
      aria-pressed={on}
      {...usePress({ onPress, guardMs: 0 })}
    >
      <span className="press">
        <Icon name={icon} size={44} />
        <span>{label}</span>
      </span>
    </button>
  );
}

/** The fifth, narrow cell: opens the sheet that holds all aids. */
export function MoreAids({
  testId,
  label,
  what,
  open,
  onPress,
}: {
  readonly testId: string;
  readonly label: string;
  /** What is there, said after the label. */
  readonly what: string;
  readonly open: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="aid aid--more"
      data-testid={testId}
      aria-expanded={open}
      {...usePress({ onPress, guardMs: 0 })}
    >
      <span className="press">
        <Icon name="sliders" size={40} />
        <span>
          {label}
          <span className="unseen">: {what}</span>
        </span>
      </span>
    </button>
  );
}

/** A language by its own name, never a flag. */
export function LanguageKey({
  testId,
  language,
  name,
  chosen,
  onPress,
}: {
  readonly testId: string;
  readonly language: string;
  readonly name: string;
  readonly chosen: boolean;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="language"
      data-testid={testId}
      lang={language}
      aria-pressed={chosen}
      {...usePress({ onPress, guardMs: 0 })}
    >
      <span className="press">{name}</span>
    </button>
  );
}

/** The languages that do not stand on the page. */
export function OtherLanguages({
  testId,
  label,
  onPress,
}: {
  readonly testId: string;
  readonly label: string;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="language language--others"
      data-testid={testId}
      {...usePress({ onPress })}
    >
      <span className="press">
        <Icon name="globe" size={32} />
        <span>{label}</span>
      </span>
    </button>
  );
}

/** Words with a chevron that lead to a page: in the home's plinth. */
export function LinkRow({ testId, label, onPress }: { testId: string; label: string; onPress: () => void }) {
  return (
    <button type="button" className="link-row" data-testid={testId} {...usePress({ onPress })}>
      <span className="press">
        {label}
        <Icon name="chevron-right" size={36} />
      </span>
    </button>
  );
}
