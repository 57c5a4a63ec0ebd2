/** What domains are composed of: one flag for SVA in 7.3, two in the series that proposed it. */
import { expect, it, test } from 'vitest';

import {
  DOMAIN_FLAGS,
  DOMAIN_FLAGS_2022,
  DOMAIN_TYPES,
  hasMappings,
  SVA_TYPE_2022,
} from '../../../src/core/domain-type.ts';
import { outcomeOf } from '../explore/outcome-of.ts';
import { worldOf } from '../explore/unit-worlds.ts';

test('SVA is bit 4 alone in 7.3, and was to be bits 4 and 5', () => {
  expect(DOMAIN_TYPES.sva).toBe(1 << 4);
  expect(SVA_TYPE_2022).toBe((1 << 4) | (1 << 5));
  expect(SVA_TYPE_2022 & DOMAIN_FLAGS_2022.sharedTable).not.toBe(0);
});

test('bit 5 means another thing today', () => {
  expect(DOMAIN_FLAGS.platform).toBe(DOMAIN_FLAGS_2022.cpuAddresses);
  expect(DOMAIN_FLAGS.nested).toBe(1 << 6);
});

it('has mappings where it has page tables of its own', () => {
  const mapped = Object.entries(DOMAIN_TYPES).filter(([, type]) => hasMappings(type));
  expect(mapped.map(([name]) => name)).toEqual(['unmanaged', 'dma', 'dma-fq']);
});

it('no two types are one number', () => {
  expect(new Set(Object.values(DOMAIN_TYPES)).size).toBe(Object.keys(DOMAIN_TYPES).length);
});

it('a bind on a PASID that holds a domain of another type is refused, and leaves it', () => {
  expect(outcomeOf(worldOf('bind-over-domain', 'vtd'))).toMatchObject({
    kind: 'complete',
    unseen: [],
  });
});
