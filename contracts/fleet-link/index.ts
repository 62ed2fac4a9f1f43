export { describeLink } from './asyncapi.ts';
export * from './commands.ts';
export * from './entries.ts';
export * from './envelope.ts';
export * from './presence.ts';
export * from './proof.ts';
export * from './reported.ts';
export * from './settings.ts';
export * from './topics.ts';
