/**
 * Goal:   a resolver that dies with groups in hand takes none of them with it and answers none twice.
 * Method: each resolver throws or exits once, after a number of groups around the size of a batch (64).
 */
import { Piscina } from 'piscina';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { expectClean, planWith, storm } from './storms.ts';

/** One line of a queue holds four pages, the largest group takes several. */
const GROUP_PAGES = [1, 4, 32];
const AFTER_GROUPS = [1, 63, 64, 65, 1000];
const WORKERS = [1, 2];
const GROUPS = 4000;

/** Resolvers started in place of dead ones. */
let successors = 0;

beforeEach(() => {
  successors = 0;
  const run = Piscina.prototype.run;
  vi.spyOn(Piscina.prototype, 'run').mockImplementation(function (this: Piscina, task, options) {
    if (task.resumes === true) successors += 1;
    return run.call(this, task, options);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** However it dies, the same is left behind: one way goes with every size. */
const WAYS = [
  ...GROUP_PAGES.map((pages) => ({ how: 'exit' as const, pages })),
  { how: 'throw' as const, pages: 4 },
];

const cases = WAYS.flatMap(({ how, pages }) =>
  WORKERS.flatMap((workers) =>
    AFTER_GROUPS.map((afterGroups) => ({ how, workers, pages, afterGroups })),
  ),
);

describe('a storm goes on', () => {
  it.each(cases)(
    'after $how of each of $workers resolvers behind $afterGroups groups of $pages pages',
    async ({ how, workers, pages, afterGroups }) => {
      const run = await storm(
        planWith({
          groups: GROUPS,
          workers,
          groupPagesMin: pages,
          groupPagesMax: pages,
          windowPages: 256,
          unmap: 'racing',
        }),
        { resolverFault: { afterGroups, how } },
      );
      expectClean(run);
      expect(run.result.groups, run.replay).toBe(GROUPS);
      // Of two resolvers, one may be handed too few groups to die of them.
      expect(successors, `nobody died; ${run.replay}`).toBeGreaterThanOrEqual(1);
      expect(successors, run.replay).toBeLessThanOrEqual(workers);
    },
  );

  it('after deaths while PASIDs are detached and processes exit', async () => {
    const run = await storm(
      planWith({
        durationSeconds: 1.5,
        workers: 2,
        rate: 20_000,
        unmap: 'racing',
        attachDetachPerSecond: 300,
        exitsPerSecond: 30,
      }),
      { resolverFault: { afterGroups: 500, how: 'exit' } },
    );
    expectClean(run);
    expect(successors, `nobody died; ${run.replay}`).toBeGreaterThanOrEqual(1);
  });
});
