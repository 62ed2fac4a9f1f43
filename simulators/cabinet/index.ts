export { CabinetAction, type CabinetState, SimulatedCabinet, UPS_NAME } from './cabinet.ts';

export interface CabinetReady {
  readonly ready: true;
  readonly name: string;
  /** `tcp://127.0.0.1:PORT` or `serial:///dev/…` of the board, and of upsd. */
  readonly board: string;
  readonly upsd: string;
  readonly control: string;
  readonly pid: number;
}
