export * from './citizens.ts';
export * from './console.ts';
export * from './payments.ts';
export * from './problem.ts';
export * from './routes.ts';
export * from './services.ts';
export * from './signing.ts';
export * from './terminals.ts';
