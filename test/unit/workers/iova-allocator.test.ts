/**
 * Goal:   no page is ever given out twice, whoever frees it; magazines, depot and tree pass pages on as the kernel does.
 * Method: random allocations and frees of three CPUs against a set; how often a lock was taken says how far they went.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DEPOT_MAGAZINES,
  IovaAllocator,
  iovaMemory,
  MAGAZINE_PAGES,
} from '../../../src/workers/iova/iova-allocator.ts';

const PAGES = 8192;
const made = (cpus: number, pages = PAGES): IovaAllocator[] => {
  const memory = iovaMemory(pages, cpus);
  return Array.from({ length: cpus }, (_, cpu) => new IovaAllocator(memory, cpus, cpu));
};
const take = (from: IovaAllocator, count: number): number[] =>
  Array.from({ length: count }, () => from.allocate()).filter((page) => page !== undefined);

describe('an IOVA allocator', () => {
  it('gives no page out twice, whichever CPU gives it back', () => {
    const cpu = fc.integer({ min: 0, max: 2 });
    const step = fc.record({ cpu, count: fc.integer({ min: 1, max: 400 }), frees: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const cpus = made(3, 1024);
        const held: number[] = [];
        for (const { cpu: of, count, frees } of steps) {
          const allocator = cpus[of];
          if (allocator === undefined) throw new Error(`no CPU ${of}`);
          if (frees) for (const page of held.splice(0, count)) allocator.free(page);
          else held.push(...take(allocator, count));
          expect(new Set(held).size).toBe(held.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has every page once, and then none', () => {
    const [cpu] = made(1, 1024);
    if (cpu === undefined) throw new Error('no CPU');
    const all = take(cpu, 1025);
    expect(all.toSorted((one, other) => one - other)).toEqual([...Array(1024).keys()]);
    expect(cpu.allocate()).toBeUndefined();
  });

  it('takes no lock while a magazine of its own will do', () => {
    const [cpu] = made(1);
    if (cpu === undefined) throw new Error('no CPU');
    for (const page of take(cpu, 2 * MAGAZINE_PAGES)) cpu.free(page);
    const before = cpu.counts;
    for (const page of take(cpu, 2 * MAGAZINE_PAGES)) cpu.free(page);
    expect(cpu.counts).toEqual(before);
  });

  it('passes a full magazine to another CPU by way of the depot, not of the tree', () => {
    const [giver, taker] = made(2);
    if (giver === undefined || taker === undefined) throw new Error('no CPU');
    for (const page of take(giver, 4 * MAGAZINE_PAGES)) giver.free(page);
    const { tree } = taker.counts;
    expect(take(taker, 2 * MAGAZINE_PAGES)).toHaveLength(2 * MAGAZINE_PAGES);
    expect(taker.counts.tree).toEqual(tree);
  });

  it('gives pages back to the tree when the depot is full', () => {
    const [cpu] = made(1);
    if (cpu === undefined) throw new Error('no CPU');
    const pages = take(cpu, (DEPOT_MAGAZINES + 4) * MAGAZINE_PAGES);
    const { tree } = cpu.counts;
    for (const page of pages) cpu.free(page);
    expect(cpu.counts.tree.taken).toBe(tree.taken + 2);
    expect(cpu.counts.tree.waited).toBe(0);
  });
});
