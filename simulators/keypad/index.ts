export { KeypadAction, type KeypadSimulatorState, simulatedKeypad } from './keypad.ts';
