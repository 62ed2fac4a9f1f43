export { Button, type ButtonProps } from './button.tsx';
export { ChoiceCard, type ChoiceProps, ChoiceRow, MainChoice } from './choice.tsx';
export { fiscalCodeTakes, Keyboard, type KeyboardProps } from './keyboard/index.ts';
export {
  LanguageKey,
  LinkRow,
  MoreAids,
  NumericPad,
  OtherLanguages,
  PlinthCell,
  Rating,
  ThresholdAid,
} from './pads.tsx';
export { type PressOptions, usePress } from './press.ts';
export { SecretBoxes, SecretPad, type SecretPadKey } from './secret-pad.tsx';
export { OptionKeys, SettingKey, StepKeys } from './settings.tsx';
