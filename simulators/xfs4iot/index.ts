export { ServiceName, XfsAction } from './actions.ts';
export { XfsSimulator, type XfsSimulatorOptions, type XfsSimulatorState } from './simulator.ts';

export interface XfsReady {
  readonly ready: true;
  readonly name: 'xfs4iot';
  /** The publisher. */
  readonly address: string;
  /** `host:port` where an emulated card connects. */
  readonly chip: string;
  readonly control: string;
  readonly pid: number;
}
