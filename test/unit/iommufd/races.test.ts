/**
 * The worlds of iommufd's own code: what they show of Linux 7.3, and that they go as live actors go. Their races are
 * those of the catalogue.
 */
import { describe, expect, it } from 'vitest';

import { driverWith, quirkIds } from '../../../src/actors/drivers.ts';
import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import { explore } from '../../../src/explore/search.ts';
import type { World } from '../../../src/explore/world.ts';
import {
  IOMMUFD_7_3,
  IOMMUFD_REPAIRED,
  type IommufdRules,
} from '../../../src/machines/iommufd-rules.ts';
import { iommufdRulesOf } from '../../../src/scenarios/explore/iommufd/defects.ts';
import { faultWorld } from '../../../src/scenarios/explore/iommufd/fault-world.ts';
import { walkTogether } from '../explore/lockstep.ts';

function outcomeOf(world: World, bounds: Bounds = {}): Outcome {
  const explored = explore(world, bounds);
  if (!explored.ok) throw new Error(JSON.stringify(explored.error));
  return explored.value;
}

describe('the rules of iommufd', () => {
  const found = (name: string) => {
    const built = driverWith(name, []);
    if (!built.ok) throw new Error(built.error.code);
    return iommufdRulesOf(built.value);
  };

  it.each(['vtd', 'amd', 'smmuv3'])(
    'are repaired with %s, and those of 7.3 with its 7.3',
    (name) => {
      expect(found(name)).toEqual(IOMMUFD_REPAIRED);
      expect(found(`${name}@7.3`)).toEqual(IOMMUFD_7_3);
    },
  );

  it('are each changed by a quirk', () => {
    const changed = quirkIds.flatMap((id) =>
      Object.entries(iommufdRulesOf({ defects: [id] })).flatMap(
        ([rule, value]) => (IOMMUFD_REPAIRED[rule as keyof IommufdRules] === value ? [] : [rule]), // keys of those rules
      ),
    );
    expect([...new Set(changed)].sort()).toEqual(Object.keys(IOMMUFD_REPAIRED).sort());
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
