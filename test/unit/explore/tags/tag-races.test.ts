/**
 * Goal:   what makes each race of caches, tags, default domains and emulated units possible happens also where nothing
 *         is wrong; that it is found with its defect, and only then, is a test of the catalogue.
 * Method: every interleaving of a bounded world; the length of the shortest way to each violation is written down.
 */
import { describe, expect, it } from 'vitest';

import type { Outcome } from '../../../../src/explore/outcome.ts';
import { explore } from '../../../../src/explore/search.ts';
import type { World } from '../../../../src/explore/world.ts';
import { completionWorld } from '../../../../src/scenarios/explore/tags/completions.ts';
import { lateAtsWorld } from '../../../../src/scenarios/explore/tags/device-tlbs.ts';
import { TAG_SCENARIOS } from '../../../../src/scenarios/explore/tags/scenarios.ts';
import { experimentsIn } from '../../scenarios/races/experiments-in.ts';

type Bounds = NonNullable<Parameters<typeof explore>[1]>;

function outcomeOf(world: World, bounds: Bounds = {}): Outcome {
  const explored = explore(world, bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  return explored.value;
}

const told = (outcome: Outcome): string[] =>
  outcome.kind === 'violated'
    ? outcome.trace.map(({ actor, changes }) =>
        [actor, ...changes.map(({ slot, to }) => `${slot}=${JSON.stringify(to)}`)].join(' '),
      )
    : [];

const EXPERIMENTS = experimentsIn(TAG_SCENARIOS);

describe.each(EXPERIMENTS)('$name', ({ world }) => {
  it('is not clean because nothing happens', () => {
    const { sightings = [], ...rest } = world(false);
    expect(sightings).not.toEqual([]);
    for (const { sentence, reads } of sightings) {
      const seen = { id: 'seen', sentence, never: reads };
      const outcome = outcomeOf({ ...rest, properties: [seen] }, { properties: ['seen'] });
      expect(outcome, sentence).toMatchObject({ kind: 'violated' });
    }
  });
});

it('takes as many steps to each violation as its order needs', () => {
  const steps = EXPERIMENTS.map(({ name, property, world }) => {
    const outcome = outcomeOf(world(true), { properties: [property] });
    return `${name}: ${told(outcome).length} steps, ${outcomeOf(world(false)).states} states clean`;
  });
  expect(steps).toMatchInlineSnapshot(`
    [
      "devtlb-tag-missed-late-ats: 6 steps, 14 states clean",
      "ats-invalidate-into-reset: 2 steps, 17 states clean",
      "amd-completion-wait-early: 7 steps, 217 states clean",
      "amd-sequence-out-of-order: 17 steps, 4930 states clean",
      "amd-wait-under-lock: 4 steps, 217 states clean",
      "ats-disable-races-invalidate: 3 steps, 7 states clean",
      "did-reuse-before-flush: 9 steps, 86 states clean",
      "did-reserved-counted: 2 steps, 8 states clean",
      "did-count-underflow: 2 steps, 4 states clean",
      "context-entry-torn-clear: 3 steps, 8 states clean",
      "qemu-remap-window: 2 steps, 3 states clean",
      "vmid-lifetime, its translations outlive the number: 3 steps, 25 states clean",
      "vmid-lifetime, a stream is programmed with the number: 2 steps, 25 states clean",
      "default-domain-under-live-dma: 3 steps, 5 states clean",
      "identity-switch-keeps-mappings: 3 steps, 8 states clean",
      "qemu-viommu-reset-first: 2 steps, 6 states clean",
    ]
  `);
});

describe('completions', () => {
  it('out of order also leave a submitter waiting for ever', () => {
    const outcome = outcomeOf(completionWorld({ numbersUnderLock: false }, 3), { properties: [] });
    expect(outcome).toMatchObject({ kind: 'deadlocked', waiting: [expect.stringMatching(/^cpu/)] });
  });

  it('of two CPUs may be numbered out of order and nothing is freed too early', () => {
    expect(outcomeOf(completionWorld({ numbersUnderLock: false }))).toMatchObject({
      kind: 'complete',
    });
  });

  it('tell the way to a page freed too early', () => {
    expect(told(outcomeOf(completionWorld({ testsUnderLock: false })))).toMatchInlineSnapshot(`
      [
        "cpu[0] cpu[0]="testing"",
        "cpu[0] cpu[0]="numbering"",
        "cpu[0] cpu[0]="queueing"",
        "cpu[1] cpu[1]="testing"",
        "cpu[0] cpu[0]="waiting"",
        "cpu[1] cpu[1]="returning"",
        "cpu[1] cpu[1]="done"",
      ]
    `);
  });

  it.each([
    { testsUnderLock: false, numbersUnderLock: true, waitsUnlocked: true, property: 'S10' },
    { testsUnderLock: true, numbersUnderLock: false, waitsUnlocked: false, property: 'L9' },
    { testsUnderLock: true, numbersUnderLock: true, waitsUnlocked: false, property: 'L9' },
  ])(
    'tested $testsUnderLock, numbered $numbersUnderLock, unlocked $waitsUnlocked: $property',
    (row) => {
      const { property, ...rules } = row;
      expect(outcomeOf(completionWorld(rules))).toMatchObject({ violation: { property } });
    },
  );

  it('out of order mislead also while the wait is under the lock', () => {
    const rules = { numbersUnderLock: false, waitsUnlocked: false };
    expect(outcomeOf(completionWorld(rules, 3), { properties: ['S10'] })).toMatchObject({
      kind: 'violated',
    });
  });
});

it('a device TLB without a tag is a violation of S15 before anything is freed', () => {
  expect(outcomeOf(lateAtsWorld(true))).toMatchObject({ violation: { property: 'S15' } });
});
