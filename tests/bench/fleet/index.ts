export { benchFleet, FLEET_SIZES, type FleetFigures, type FleetSizes } from './run.ts';
