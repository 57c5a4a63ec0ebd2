/**
 * Section 1D of the race catalogue: each defect of iommufd's own code reproduces in a bounded world, and the whole of
 * that world is clean without it.
 */
import { describe, expect, it } from 'vitest';

import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import { explore } from '../../../src/explore/search.ts';
import type { World } from '../../../src/explore/world.ts';
import { IOMMUFD_7_3, IOMMUFD_REPAIRED } from '../../../src/machines/iommufd-rules.ts';
import { IOMMUFD_DEFECTS, withDefect } from '../../../src/scenarios/explore/iommufd/defects.ts';
import { faultWorld } from '../../../src/scenarios/explore/iommufd/fault-world.ts';
import { walkTogether } from '../explore/lockstep.ts';

function outcomeOf(world: World, bounds: Bounds = {}): Outcome {
  const explored = explore(world, bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  return explored.value;
}

describe.each(IOMMUFD_DEFECTS)('$race, $id', (defect) => {
  it(`breaks ${defect.property}`, () => {
    const outcome = outcomeOf(defect.world(withDefect(defect)), { properties: [defect.property] });
    expect(outcome).toMatchObject({ kind: 'violated', violation: { property: defect.property } });
  });

  it('is not there without, in the whole space', () => {
    expect(outcomeOf(defect.world(IOMMUFD_REPAIRED))).toMatchObject({ kind: 'complete' });
  });
});

describe('the world of the fault file', () => {
  const world = faultWorld(IOMMUFD_REPAIRED);

  it.each(world.sightings ?? [])('meets: $sentence', ({ id, sentence, reads }) => {
    const seen = { ...world, properties: [{ id, sentence, never: reads }] };
    expect(outcomeOf(seen)).toMatchObject({ kind: 'violated', violation: { property: id } });
  });

  it('goes as live actors go', () => {
    const walked = walkTogether(world, { seed: 41, steps: 3_000, stepsOfWalkMax: 150 });
    expect(walked).toMatchObject({ violations: 0 });
  }, 60_000);

  it('shows of Linux 7.3 that a cookie may reach another group, and nothing else', () => {
    const others = ['S6', 'S7', 'S8', 'L2', 'L5', 'S17'];
    expect(outcomeOf(faultWorld(IOMMUFD_7_3))).toMatchObject({ violation: { property: 'S3' } });
    expect(outcomeOf(faultWorld(IOMMUFD_7_3), { properties: others })).toMatchObject({
      kind: 'complete',
    });
  });
});
