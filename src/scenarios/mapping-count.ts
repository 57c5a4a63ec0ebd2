/**
 * The mappings a recorded process holds at once: an address space has room for so many and no more.
 *
 * Policy: neighbours are not merged, so the count is what an address space that never merges needs.
 */
import type { ProcessOperation } from './process-operation.ts';

type PageRange = { readonly first: number; readonly end: number };

export type MappingCount = {
  /** Mappings held once `operation` is done; operations come in program order. */
  readonly after: (operation: ProcessOperation) => number;
};

export function mappingCount(): MappingCount {
  /** Ascending, without overlap. */
  const ranges: PageRange[] = [];

  /** Index of the first range that ends above `page`. */
  const firstAbove = (page: number): number => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.end ?? 0) > page) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  /** Makes `page` a border; gives the index of the first range at or above it. */
  const splitAt = (page: number): number => {
    const index = firstAbove(page);
    const range = ranges[index];
    if (range === undefined || range.first >= page) return index;
    ranges.splice(index, 1, { ...range, end: page }, { ...range, first: page });
    return index + 1;
  };

  return {
    after: (operation) => {
      if (operation.kind === 'touch' || operation.kind === 'exit') return ranges.length;
      const range = { first: operation.pfn, end: operation.pfn + operation.pages };
      const from = splitAt(range.first);
      const until = splitAt(range.end);
      if (operation.kind === 'map') ranges.splice(from, until - from, range);
      if (operation.kind === 'unmap') ranges.splice(from, until - from);
      return ranges.length;
    },
  };
}
