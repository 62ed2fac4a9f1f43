export * from './debounce.ts';
export * from './port.ts';
export * from './sensor.ts';
