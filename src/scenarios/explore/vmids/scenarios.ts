/**
 * VMID scenarios: who holds the VMIDs of a second stage that several share, each layout by name, and all side by side.
 */
import { CONVERTED_TOLD_AS_DONE } from '../../../actors/part-quirks.ts';
import { driversOfUnit, type ExploreScenario } from '../explore-scenario.ts';
import { figuresOf } from './figures.ts';
import { guestInvalidationWorld } from './guest-invalidation.ts';
import { LAYOUTS, type Layout } from './layout.ts';
import { vmidLayoutWorld } from './world.ts';

const named = (layout: Layout): ExploreScenario => ({
  name: layout.name,
  title: 'VMIDs of a shared second stage',
  sentence: layout.sentence,
  drivers: [],
  world: () => vmidLayoutWorld(layout),
  figures: () => figuresOf([layout]),
});

const [LINUX] = LAYOUTS;

export const VMID_SCENARIOS: readonly ExploreScenario[] = [
  {
    name: 'guest-invalidation',
    title: "A guest's list of invalidations",
    sentence:
      'a guest asks for three invalidations and one that is not its own, and frees what it is told is done',
    drivers: driversOfUnit('smmuv3'),
    world: ({ defects }) => guestInvalidationWorld(defects.includes(CONVERTED_TOLD_AS_DONE.id)),
  },
  ...LAYOUTS.map(named),
  ...(LINUX === undefined
    ? []
    : [
        {
          ...named(LINUX),
          name: 'vmid-layouts',
          sentence: 'the layout of Linux 7.3, and a table of it beside those that were proposed',
          figures: () => figuresOf(LAYOUTS),
        },
      ]),
];
