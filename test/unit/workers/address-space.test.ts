/** Goal: a VMA list says of every page what a map from page to permissions says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  findVma,
  storeVmas,
  type Vma,
  vmaAt,
  vmasOf,
  withoutRange,
  withVma,
} from '../../../src/workers/address-space.ts';
import { smallMemory } from './memory.ts';

const PAGES = 40;

const changes = fc.array(
  fc.record({
    maps: fc.boolean(),
    first: fc.integer({ min: 0, max: PAGES - 1 }),
    pages: fc.integer({ min: 1, max: 12 }),
    bits: fc.constantFrom(1, 3, 5),
  }),
  { maxLength: 40 },
);

const bitsByPage = (vmas: readonly Vma[]): Map<number, number> => {
  const pages = new Map<number, number>();
  for (const { first, end, bits } of vmas) {
    for (let pfn = first; pfn < end; pfn += 1) {
      expect(pages.has(pfn), `page ${pfn} is in two VMAs`).toBe(false);
      pages.set(pfn, bits);
    }
  }
  return pages;
};

const entries = (pages: Map<number, number>) => [...pages].sort(([left], [right]) => left - right);

describe('a VMA list', () => {
  it('maps and unmaps as a map of pages does, ascending, without overlap, merged where alike', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const model = new Map<number, number>();
        let vmas: Vma[] = [];
        for (const { maps, first, pages, bits } of list) {
          const end = first + pages;
          for (let pfn = first; pfn < end; pfn += 1) {
            if (maps) model.set(pfn, bits);
            else model.delete(pfn);
          }
          vmas = maps ? withVma(vmas, { first, end, bits }) : withoutRange(vmas, first, end);
          expect(entries(bitsByPage(vmas))).toEqual(entries(model));
          for (const [index, vma] of vmas.entries()) {
            expect(vma.first).toBeLessThan(vma.end);
            const next = vmas[index + 1];
            if (next === undefined) continue;
            expect(vma.end).toBeLessThanOrEqual(next.first);
          }
          if (!maps) continue;
          const alike = vmas.some(
            (vma, index) =>
              vmas[index + 1]?.first === vma.end && vmas[index + 1]?.bits === vma.bits,
          );
          expect(alike, 'neighbours of equal permissions are one').toBe(false);
        }
      }),
    );
  });

  it('stored in shared memory is found page by page', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const memory = smallMemory();
        const vmas = list.reduce<readonly Vma[]>(
          (before, { first, pages, bits }) => withVma(before, { first, end: first + pages, bits }),
          [],
        );
        storeVmas(memory, 1, vmas);
        expect(vmasOf(memory, 1)).toEqual(vmas);
        expect(vmasOf(memory, 0)).toEqual([]);
        const pages = bitsByPage(vmas);
        for (let pfn = 0; pfn < PAGES + 12; pfn += 1) {
          const index = findVma(memory, 1, pfn);
          expect(index < 0 ? undefined : vmaAt(memory, 1, index).bits).toBe(pages.get(pfn));
        }
      }),
    );
  });
});
