import { defineConfig } from 'vitest/config';

/**
 * unit: one behaviour, no I/O, beside the source. integration: files, sockets, databases, real processes
 * (`*.integration.test.ts`). What drives a browser or pulls the plug lives in tests/ and has its own command.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.integration.test.ts'],
          environment: 'node',
          // properties over whole screens take seconds where another job has the processor
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          environment: 'node',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
          // sockets and processes of a machine out of breath; vitest names what needed it
          retry: 1,
        },
      },
    ],
  },
});
