export * from './wire-recorder.ts';
