/**
 * Goal:   a storm whose device and PRQ threads can't run ends at once, in an error that says why.
 * Method: their entry point is replaced by a program that throws; resolvers are as ever.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import type { ThreadEntry } from '../../src/actors/thread-entry.ts';
import { planWith, storm } from './storms.ts';

const BROKEN = join(tmpdir(), `stormdrain-broken-thread-${process.pid}.mjs`);

vi.mock('../../src/actors/thread-entry.ts', async (original) => {
  const { threadEntry } = await original<typeof import('../../src/actors/thread-entry.ts')>();
  return {
    threadEntry: (name: ThreadEntry) =>
      name === 'unit-thread' ? pathToFileURL(BROKEN) : threadEntry(name),
  };
});

beforeAll(() => writeFileSync(BROKEN, "throw new Error('this thread is broken');\n"));
afterAll(() => rmSync(BROKEN, { force: true }));

it.each([0, 2])('ends in the error of its thread, with %i workers', async (workers) => {
  await expect(storm(planWith({ groups: 1000, workers }))).rejects.toMatchObject({
    cause: { message: expect.stringContaining('this thread is broken') },
  });
});
