export { type Changes, createChanges, type Topic } from './changes.ts';
