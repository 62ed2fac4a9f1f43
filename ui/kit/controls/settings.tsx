import { Icon, type IconName } from '../icons/index.ts';
import { usePress } from './press.ts';

/** One of a few values, each a key of its own: what is chosen is seen, and told as pressed. */
export function OptionKeys<Value extends string | number>({
  label,
  options,
  chosen,
  inPlace = false,
  onChoose,
}: {
  readonly label: string;
  /** The options are places: left stays at the left, whichever way the language runs. */
  readonly inPlace?: boolean;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly testId: string }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <fieldset className="setting">
      <legend className="setting__label">{label}</legend>
      <div className="setting__keys" dir={inPlace ? 'ltr' : undefined}>
        {options.map((option) => (
          <SettingKey
            key={option.value}
            testId={option.testId}
            label={option.label}
            pressed={option.value === chosen}
            onPress={() => onChoose(option.value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** A value that goes up and down by steps, with the value in words between its two keys. */
export function StepKeys({
  label,
  value,
  down,
  up,
}: {
  readonly label: string;
  readonly value: string;
  readonly down: { readonly label: string; readonly testId: string; readonly onPress: () => void };
  readonly up: { readonly label: string; readonly testId: string; readonly onPress: () => void };
}) {
  return (
    <fieldset className="setting">
      <legend className="setting__label">{label}</legend>
      <div className="setting__keys">
        <SettingKey icon="minus" {...down} />
        <p className="setting__value" aria-live="polite">
          {value}
        </p>
        <SettingKey icon="plus" {...up} />
      </div>
    </fieldset>
  );
}

/** A key of a setting: on or off, one of several, or a step. */
export function SettingKey({
  testId,
  label,
  icon,
  pressed,
  onPress,
}: {
  readonly testId: string;
  readonly label: string;
  readonly icon?: IconName | undefined;
  readonly pressed?: boolean | undefined;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="setting-key"
      data-testid={testId}
      aria-pressed={pressed}
      {...usePress({ onPress, guardMs: 0 })}
    >
      <span className="press">
        {pressed ? <Icon name="check" size={32} /> : icon && <Icon name={icon} size={36} />}
        <span>{label}</span>
      </span>
    </button>
  );
}
