export { type CommandIo, runSecretsCommand } from './command.ts';
