/** What staff ask of a terminal from afar: sent, followed to its end, kept with who asked. */
export { type Commands, type CommandsParts, openCommands } from './commands.ts';
export { commandKindsOf } from './kinds.ts';
export { commandConsoleRoutes, commandTerminalRoutes } from './routes.ts';
export { type CommandTables, commandMigrations } from './tables.ts';
