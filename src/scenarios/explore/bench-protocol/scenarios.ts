/** Bench scenarios: the protocol that other checkers were measured on, with its correct drain and its wrong ones. */
import type { ExploreScenario } from '../explore-scenario.ts';
import type { BenchSizes, Drain } from './sizes.ts';
import { benchWorld } from './world.ts';

const SIZES: BenchSizes = { groups: 4, pasids: 2, ringSlots: 3, workers: 2 };

const DRAINS: Readonly<Record<Drain, string>> = {
  correct: 'with a correct drain',
  none: 'without a drain',
  'workers-only': 'with a drain that waits for the workers only',
  'wrong-order': 'with a drain that waits for the workers before the ring',
};

const benchOf = (drain: Drain, sizes: BenchSizes): ExploreScenario => ({
  name: [
    'bench-protocol',
    ...(drain === 'correct' ? [] : [drain]),
    ...(sizes === SIZES ? [] : [`${sizes.groups}-${sizes.workers}`]),
  ].join('-'),
  title: `The bench protocol, drain ${drain}`,
  sentence: `${sizes.groups} groups of two pages, a detach and an exit, ${DRAINS[drain]}`,
  drivers: [],
  world: () => benchWorld(sizes, drain),
  smaller: () =>
    [
      { groups: 1, workers: 1 },
      { groups: 2, workers: 1 },
      { groups: 3, workers: 1 },
      { groups: 3, workers: 2 },
    ]
      .filter(({ groups, workers }) => groups < sizes.groups && workers <= sizes.workers)
      .map((fewer) => benchOf(drain, { ...sizes, ...fewer })),
});

export const benchScenarios: readonly ExploreScenario[] = (
  ['correct', 'none', 'workers-only', 'wrong-order'] as const
).map((drain) => benchOf(drain, SIZES));
