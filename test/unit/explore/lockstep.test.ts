/**
 * Tables and automaton against live XState actors with the same wiring, on random walks: the same choices are open,
 * the same effects come in the same order, the same states follow.
 */
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { driverWith } from '../../../src/actors/drivers.ts';
import { unorderedWorld } from '../../../src/explore/orders/unordered-world.ts';
import type { World } from '../../../src/explore/world.ts';
import { AMD_SCENARIOS } from '../../../src/scenarios/explore/amd/scenarios.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { driversOfUnit } from '../../../src/scenarios/explore/explore-scenario.ts';
import { GROUP_SCENARIOS } from '../../../src/scenarios/explore/groups/scenarios.ts';
import { IOMMUFD_SCENARIOS } from '../../../src/scenarios/explore/iommufd/scenarios.ts';
import { LIFETIME_SCENARIOS } from '../../../src/scenarios/explore/lifetime/scenarios.ts';
import { TAG_SCENARIOS } from '../../../src/scenarios/explore/tags/scenarios.ts';
import { UNIT_SCENARIOS } from '../../../src/scenarios/explore/unit/scenario-list.ts';
import { VMID_SCENARIOS } from '../../../src/scenarios/explore/vmids/scenarios.ts';
import { experimentsIn } from '../scenarios/races/experiments-in.ts';
import { walkTogether } from './lockstep.ts';
import { relayWorld } from './relay-world.ts';
import { worldOf } from './unit-worlds.ts';

const STEPS_OF_SCENARIO = 1_300;
const STEPS_OF_OTHER_WORLD = 200;

/** Only a live iommufd has it; and one that goes by the name of the list whose steps it is told. */
const NOT_BY_ID = ['event-queue', 'unordered-operation'];

const named = (name: string) => {
  const found = driverWith(name, []);
  if (!found.ok) throw new Error(found.error.code);
  return found.value;
};

/** Worlds of lifetimes, tags, other units and iommufd, with their defects and without. */
const OTHER_WORLDS: readonly { readonly name: string; readonly world: World }[] = [
  ...LIFETIME_SCENARIOS.map(({ name, world }) => ({ name, world: world(named('vtd')) })),
  ...[
    ...TAG_SCENARIOS,
    ...GROUP_SCENARIOS,
    ...AMD_SCENARIOS,
    ...VMID_SCENARIOS,
    ...IOMMUFD_SCENARIOS,
  ].map(({ name, world }) => ({
    name,
    world: world(named('vtd')),
  })),
  ...experimentsIn([...TAG_SCENARIOS, ...IOMMUFD_SCENARIOS]).map(({ name, world }) => ({
    name,
    world: world(true),
  })),
  {
    name: 'an unbind that is told its steps',
    world: unorderedWorld(
      worldOf('unbind-underway', 'vtd'),
      'unbind-sva',
      named('vtd').operations['unbind-sva'],
    ),
  },
];

/** Every scenario of a unit with every driver it has; fewer steps where the lists are not VT-d's. */
const WALKED = UNIT_SCENARIOS.flatMap(({ name, units = ['vtd'] }, at) =>
  units.flatMap((unit) =>
    driversOfUnit(unit).map((driver, release) => ({
      scenario: name,
      driver,
      steps: unit === 'vtd' ? STEPS_OF_SCENARIO : STEPS_OF_OTHER_WORLD,
      seed: 100 * (release + 1) + at,
    })),
  ),
);

describe('tables and live actors', () => {
  it.each([
    { drain: 'none', seed: 11 },
    { drain: 'correct', seed: 12 },
    { drain: 'workers-only', seed: 13 },
    { drain: 'wrong-order', seed: 14 },
  ] as const)(
    'agree on the bench protocol, drain $drain',
    ({ drain, seed }) => {
      const world = benchWorld({ groups: 4, pasids: 2, ringSlots: 3, workers: 2 }, drain);
      const walked = walkTogether(world, { seed, steps: 4_000, stepsOfWalkMax: 60 });
      expect(walked.steps).toBeGreaterThanOrEqual(4_000);
      expect(walked.violations > 0).toBe(drain !== 'correct');
    },
    30_000,
  );

  it.each(WALKED)(
    'agree on $scenario by $driver',
    ({ scenario, driver, steps, seed }) => {
      const walked = walkTogether(worldOf(scenario, driver), { seed, steps, stepsOfWalkMax: 150 });
      expect(walked.steps).toBeGreaterThanOrEqual(steps);
    },
    60_000,
  );

  it.each(OTHER_WORLDS)(
    'agree on $name',
    ({ world }) => {
      const steps = STEPS_OF_OTHER_WORLD;
      const walked = walkTogether(world, { seed: 7, steps, stepsOfWalkMax: 100 });
      expect(walked.steps).toBeGreaterThanOrEqual(steps);
    },
    60_000,
  );

  it('agree where the order of calls, entries, raised events and answers shows', () => {
    const walked = walkTogether(relayWorld(), { seed: 31, steps: 3_000, stepsOfWalkMax: 40 });
    expect(walked.steps).toBeGreaterThanOrEqual(3_000);
  }, 30_000);
});

describe('the walked worlds', () => {
  it('take 100,000 steps in all', () => {
    const steps = WALKED.reduce((sum, walked) => sum + walked.steps, 0);
    expect(steps).toBeGreaterThanOrEqual(100_000);
  });

  it('have every machine there is', () => {
    const worlds = WALKED.map(({ scenario, driver }) => worldOf(scenario, driver)).concat(
      OTHER_WORLDS.map(({ world }) => world),
    );
    const ids = worlds
      .flatMap(({ parts }) => parts.map(({ kind }) => kind.machine.id))
      .concat(NOT_BY_ID);
    const lists = UNIT_SCENARIOS.flatMap(
      ({ threads }) =>
        threads.flatMap(({ operations }) => operations.map(({ kind }) => kind as string)), // any word will do
    );
    const walked = (id: string): boolean =>
      id === 'operation' ? lists.includes('unbind-sva') : ids.includes(id);
    expect(machineIds().filter((id) => !walked(id))).toEqual([]);
  });
});

/** Files of `src/machines` that make a machine, by the name they share with it. */
function machineIds(): readonly string[] {
  const folder = new URL('../../../src/machines/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('.createMachine('))
    .map((file) => file.replace('.ts', ''));
}
