/** Stand-ins for tests: sessions, desks and devices with nothing real behind them. */
export * from './citizens.ts';
export { type Came, FleetEnd } from './fleet-end.ts';
export * from './login-bench.ts';
export * from './sessions.ts';
