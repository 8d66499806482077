import { defineConfig } from 'vitest/config';

const CODE = '{shared,services,cli,client,local,analytics,infrastructure,packaging,examples,bench}';

/** Tests that talk to the local cloud share one, and take turns where they deploy to it. */
const localCloud = { globalSetup: 'test/support/local-cloud-setup.ts', testTimeout: 60_000, hookTimeout: 240_000 };

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '.local/**'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${CODE}/**/*.test.ts`, 'test/*.test.ts', 'test/formats/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 300_000,
          // As `npm run simulate` has it: a zone with daylight saving.
          env: { TZ: 'Europe/Berlin' },
        },
      },
      {
        extends: true,
        test: {
          name: 'cloud',
          include: ['test/{contract,e2e}/**/*.test.ts'],
          fileParallelism: false,
          ...localCloud,
        },
      },
    ],
  },
});
