export * from './codec-recording.ts';
export * from './errors.ts';
export * from './factory.ts';
export {
  type Connection,
  type ConnectionEvents,
  type Connector,
  Link,
  type LinkContext,
  type LinkOptions,
} from './link.ts';
export * from './memory.ts';
export { outcomesOnly } from './outcomes.ts';
export * from './port.ts';
export { Backoff, type Random } from './reconnect.ts';
export * from './recording.ts';
export * from './replay.ts';
