export {
  BarcodeAction,
  type BarcodeSimulatorState,
  type SimulatedScan,
  simulatedReader,
} from './reader.ts';
