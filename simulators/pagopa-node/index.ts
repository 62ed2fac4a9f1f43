export { type FaultOrder, SERVICE_PATH } from './app.ts';
export { otherPsp, type Psp, psps } from './configuration.ts';
export { defaultSettings, type NodeSettings } from './node.ts';
export { type Notice, qrOf, type Scenario, scenarios } from './notices.ts';
export { type NodeSimulator, type NodeSimulatorOptions, startNodeSimulator } from './simulator.ts';
