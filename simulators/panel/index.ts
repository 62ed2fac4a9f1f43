export { PanelDevices } from './devices.ts';
export { panelServer } from './server.ts';
