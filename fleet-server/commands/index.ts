/** What staff ask of a terminal from afar: sent, followed to its end, kept with who asked. */
export { type Commands, type CommandsParts, openCommands } from './commands.ts';
export { commandConsoleRoutes, commandTerminalRoutes } from './routes.ts';
export { commandKinds } from './rows.ts';
export { type CommandTables, commandMigrations } from './tables.ts';
