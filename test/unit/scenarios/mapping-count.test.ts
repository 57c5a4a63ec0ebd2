/**
 * Goal:   mappings are counted as an address space that splits and never merges counts them.
 * Method: random operations on few pages, against a map from page to the mapping it belongs to.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mappingCount } from '../../../src/scenarios/mapping-count.ts';
import type { ProcessOperation } from '../../../src/scenarios/process-operation.ts';

const PAGES = 24;
const prot = { read: true, write: false, exec: false };

/** Runs of equal marks; whatever cuts a run gives its pages new marks. */
function runsOf(marks: readonly string[]): number {
  return marks.filter((mark, page) => mark !== '' && mark !== marks[page - 1]).length;
}

test('the count is that of a page-by-page model', () => {
  const operation = fc.record({
    kind: fc.constantFrom('map' as const, 'unmap' as const, 'protect' as const),
    pfn: fc.nat(PAGES - 1),
    pages: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const count = mappingCount();
      let marks: readonly string[] = Array.from({ length: PAGES + 8 }, () => '');
      for (const [step, { kind, pfn, pages }] of operations.entries()) {
        const end = pfn + pages;
        marks = marks.map((mark, page) => {
          const isInside = page >= pfn && page < end;
          if (kind === 'map')
            return isInside ? `${step}` : mark && `${mark}${page < pfn ? '<' : '>'}`;
          if (kind === 'unmap' && isInside) return '';
          return mark && `${mark}${page < pfn ? '<' : isInside ? '=' : '>'}`;
        });
        const range = { pfn, pages };
        const operationOf: Readonly<Record<typeof kind, ProcessOperation>> = {
          map: { kind: 'map', ...range, prot, shared: false, image: false, heap: false },
          unmap: { kind: 'unmap', ...range },
          protect: { kind: 'protect', ...range, prot },
        };
        expect(count.after(operationOf[kind])).toBe(runsOf(marks));
      }
    }),
  );
});
