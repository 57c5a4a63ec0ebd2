/** Goal: a PRG index is out at most once, ids never repeat, and what is open is counted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PRG_INDICES } from '../../../src/core/limits.ts';
import { Ledger, ROW, rowAt } from '../../../src/workers/ledger.ts';

const DEVICES = 3;

describe('a ledger', () => {
  it('issues each index once until it is closed, and as many as there are', () => {
    const steps = fc.array(
      fc.record({
        device: fc.integer({ min: 0, max: DEVICES - 1 }),
        issues: fc.boolean(),
        pick: fc.nat(),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (indices, list) => {
        const ledger = new Ledger(DEVICES, () => indices);
        const out = Array.from({ length: DEVICES }, (): number[] => []);
        const ids = new Set<number>();
        for (const { device, issues, pick } of list) {
          const mine = out[device] ?? [];
          expect(ledger.hasIndex(device)).toBe(mine.length < indices);
          if (issues && ledger.hasIndex(device)) {
            const index = ledger.issue(device);
            expect(mine).not.toContain(index);
            expect(index).toBeLessThan(indices);
            mine.push(index);
            const id = ledger.words[rowAt(device * PRG_INDICES + index) + ROW.id] ?? 0;
            expect(id).toBeGreaterThan(0);
            expect(ids).not.toContain(id);
            ids.add(id);
          } else if (!issues && mine.length > 0) {
            const [index = 0] = mine.splice(pick % mine.length, 1);
            ledger.close(device, index);
          }
          for (const [each, indicesOut] of out.entries()) {
            expect(ledger.openOf(each)).toBe(indicesOut.length);
            for (const index of indicesOut) {
              expect(ledger.isOpen(each * PRG_INDICES + index)).toBe(true);
            }
          }
          expect(ledger.open).toBe(out.flat().length);
        }
      }),
    );
  });

  it('has no more indices than the specification', () => {
    const ledger = new Ledger(1, () => 2048);
    const issued = Array.from({ length: PRG_INDICES }, () => ledger.issue(0));
    expect(new Set(issued).size).toBe(PRG_INDICES);
    expect(ledger.hasIndex(0)).toBe(false);
  });
});
