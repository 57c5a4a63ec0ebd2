/**
 * Goal:   a storm whose threads can't run ends at once, in an error that says why.
 * Method: the entry point of one kind of thread is replaced by a program that throws.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';

import type { ThreadEntry } from '../../src/actors/thread-entry.ts';
import { planWith, storm } from './storms.ts';

const BROKEN = join(tmpdir(), `stormdrain-broken-thread-${process.pid}.mjs`);
const broken = vi.hoisted(() => ({ thread: '' }));

vi.mock('../../src/actors/thread-entry.ts', async (original) => {
  const { threadEntry } = await original<typeof import('../../src/actors/thread-entry.ts')>();
  return {
    threadEntry: (name: ThreadEntry) =>
      name === broken.thread ? pathToFileURL(BROKEN) : threadEntry(name),
  };
});

beforeEach(() => writeFileSync(BROKEN, "throw new Error('this thread is broken');\n"));
afterAll(() => rmSync(BROKEN, { force: true }));

it.each([
  { thread: 'unit-thread', workers: 0 },
  { thread: 'unit-thread', workers: 2 },
  { thread: 'resolver-thread', workers: 2 },
])(
  'ends in the error of a $thread that does not start, with $workers workers',
  async ({ thread, workers }) => {
    broken.thread = thread;
    const ended = storm(planWith({ groups: 1000, workers }));
    await expect(ended).rejects.toMatchObject({
      cause: { message: expect.stringContaining('this thread is broken') },
    });
  },
);
