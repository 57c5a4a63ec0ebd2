import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const path = (file: string): string => join(import.meta.dirname, file);

export default defineConfig({
  test: {
    // One processor is left idle unless asked for, which on two is half of them.
    maxWorkers: '100%',
    projects: [
      {
        // What examples import by the package's name.
        resolve: {
          alias: [
            { find: /^stormdrain$/, replacement: path('src/library/stormdrain.ts') },
            { find: /^stormdrain\/testing$/, replacement: path('src/library/testing.ts') },
          ],
        },
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        test: {
          name: 'campaign',
          include: ['test/campaign/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          globalSetup: ['test/storm/build.ts'],
        },
      },
      // Longer than CI has time for; `npm run races`.
      { test: { name: 'races', include: ['test/races/**/*.test.ts'], testTimeout: 600_000 } },
      {
        test: {
          name: 'storm',
          include: ['test/storm/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          globalSetup: ['test/storm/build.ts'],
        },
      },
      // The package as it is published, installed into a project of its own.
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          globalSetup: ['test/package/setup.ts'],
        },
      },
      // Its set-up installs a Chromium where there is none; without one it fails.
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          globalSetup: ['test/browser/build.ts'],
        },
      },
    ],
  },
});
