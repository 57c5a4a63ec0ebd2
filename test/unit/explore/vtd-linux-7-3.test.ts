/**
 * What a real Linux 7.3.4 did, found again by `vtd@7.3` on its own, in the fewest steps; and what its trial fixes did.
 *
 * Letters are those of the observations: a drain missing after an exit, b drains that find nothing to do, c the next
 * owner of a PASID, d two PASIDs on one index, f a drain asleep for ever, g the trial fixes.
 */
import { describe, expect, it } from 'vitest';

import type { Outcome } from '../../../src/explore/outcome.ts';
import { slotKind } from '../../../src/explore/slot-kind.ts';
import { where } from '../../../src/explore/wiring.ts';
import type { World } from '../../../src/explore/world.ts';
import { pasidEntryHolds, pasidEntryMachine } from '../../../src/machines/pasid-entry.ts';
import { outcomeOf, stepsOf } from './outcome-of.ts';
import { quirksOf73Without, worldOf } from './unit-worlds.ts';

type Row = {
  readonly item: string;
  readonly scenario: string;
  readonly property: string;
  readonly steps: number;
};

const ROWS: readonly Row[] = [
  { item: 'a', scenario: 'exit-unbind', property: 'S6', steps: 31 },
  { item: 'a, use after free of the group', scenario: 'exit-unbind', property: 'S8', steps: 34 },
  { item: 'a, freed a second time', scenario: 'exit-unbind', property: 'S7', steps: 39 },
  { item: 'b, blocked function', scenario: 'rid-detach', property: 'S8', steps: 12 },
  { item: 'b, blocked function', scenario: 'rid-detach', property: 'S6', steps: 20 },
  { item: 'b, replace to a plain domain', scenario: 'pasid-replace', property: 'S8', steps: 17 },
  { item: 'b, replace to a plain domain', scenario: 'pasid-replace', property: 'S6', steps: 25 },
  { item: 'c, from the ring', scenario: 'exit-rebind', property: 'S5', steps: 52 },
  { item: 'c, from the partial list', scenario: 'cut-rebind', property: 'S5', steps: 57 },
  { item: 'd', scenario: 'two-pasids-one-index', property: 'S4', steps: 23 },
  {
    item: 'd, a valid group is INVALID',
    scenario: 'two-pasids-one-index',
    property: 'S24',
    steps: 30,
  },
  { item: 'd, SUCCESS for nothing', scenario: 'two-pasids-one-index', property: 'S3', steps: 37 },
  { item: 'f', scenario: 'two-devices-drain', property: 'L2', steps: 32 },
  { item: 'partials without handler', scenario: 'no-handler', property: 'S2', steps: 9 },
];

describe('vtd@7.3', () => {
  it.each(ROWS)(
    '$item: breaks $property in $scenario after $steps steps',
    ({ scenario, property, steps }) => {
      const bounds = { properties: [property], mayDeadlock: true };
      const outcome = outcomeOf(worldOf(scenario, 'vtd@7.3'), bounds);
      expect(outcome).toMatchObject({ kind: 'violated', violation: { property } });
      expect(stepsOf(outcome)).toBe(steps);
    },
    60_000,
  );

  it('f: nobody is left to take a step, and one drain sleeps', () => {
    expect(outcomeOf(worldOf('two-devices-drain', 'vtd@7.3'))).toMatchObject({
      kind: 'deadlocked',
      waiting: ['detach-pasid-nr-2'],
    });
  }, 60_000);

  it.each([
    'unbind-live',
    'pasid-detach',
    'stop-marker',
    'overflow',
    'unmap-vs-fault',
    'bind-race',
  ])(
    "b': %s is clean, as seen",
    (scenario) => {
      expect(outcomeOf(worldOf(scenario, 'vtd@7.3'))).toMatchObject({ kind: 'complete' });
    },
    60_000,
  );
});

describe("a': the mark that a drain is owed", () => {
  it.each([
    { driver: 'vtd@7.3', kind: 'complete' },
    { driver: 'vtd', kind: 'violated' },
  ])('$driver: $kind when it must never be there', ({ driver, kind }) => {
    const outcome = outcomeOf(neverMarked(worldOf('exit-unbind', driver)), {
      properties: ['mark'],
    });
    expect(outcome).toMatchObject({ kind });
  });
});

describe('g: trial fixes of 7.3', () => {
  const marked = quirksOf73Without('fault-disable-not-marked');

  it('with the mark written, an unbind races a release that a fault worker runs', () => {
    const world = worldOf('exit-unbind', 'vtd', ...marked);
    const outcome = outcomeOf(world, { properties: ['S6', 'S7', 'S8'] });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property: 'S8' } });
    expect(lastPutBy(outcome)).toBe('fault-worker');
  });

  it('and only that one: where the process puts its users last, the drain is back', () => {
    const idle = withoutWorkers(worldOf('exit-unbind', 'vtd', ...marked));
    expect(outcomeOf(idle, { mayDeadlock: true })).toMatchObject({ kind: 'complete' });
    const unmarked = withoutWorkers(worldOf('exit-unbind', 'vtd@7.3'));
    expect(outcomeOf(unmarked, { mayDeadlock: true })).toMatchObject({ kind: 'violated' });
  });

  it('with the drain before the count, a blocked function is clean', () => {
    const fixed = quirksOf73Without('reporting-dropped-first');
    expect(outcomeOf(worldOf('rid-detach', 'vtd', ...fixed))).toMatchObject({ kind: 'complete' });
  });
});

/** Groups are queued and never taken, so that nobody but the process ever has users of its own. */
function withoutWorkers(world: World): World {
  const isWorker = (name: string): boolean => name === 'fault-worker';
  return {
    ...world,
    parts: world.parts.filter(({ kind }) => !isWorker(kind.name)),
    properties:
      world.properties?.filter(({ never }) => !never.some(([kind]) => isWorker(kind))) ?? [],
    goals: [],
  };
}

function neverMarked(world: World): World {
  const entry = slotKind('pasid-entry', pasidEntryMachine, pasidEntryHolds, [{ entry: 0 }]);
  const isMarked = where(entry, 0, (of) => of.hasTag('owes-drain'));
  const mark = { id: 'mark', sentence: 'an entry is marked', never: [isMarked] };
  return { ...world, properties: [mark], goals: [] };
}

/** Who took the step in which the address space lost its last user. */
const lastPutBy = (outcome: Outcome): string | undefined =>
  'trace' in outcome
    ? outcome.trace.find(({ effects }) => effects.some(({ type }) => type === 'releaseNotifiers'))
        ?.actor
    : undefined;
