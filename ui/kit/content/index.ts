export { AmountCard, type AmountRow } from './amount-card.tsx';
export { Countdown, LiveProgress, type ProgressLine, Stepper } from './progress.tsx';
export { QrCode } from './qr-code.tsx';
export { Chip, DeviceHint, MoneyCard, Note, StatusLine, SupportCode, type Tone } from './signs.tsx';
export { ProgressBar, WaitingSheet } from './waiting-sheet.tsx';
