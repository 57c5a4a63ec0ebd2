/**
 * Words of names: states, events and effects as a reader of kernel code would write them.
 */
import type { StateValue } from 'xstate';

/** Written in capitals wherever they stand. */
const ACRONYMS = new Set([
  'ats',
  'iotlb',
  'iommu',
  'pasid',
  'pri',
  'prg',
  'prq',
  'rid',
  'sva',
  'tlb',
]);

/** `clearPresent` as "clear present", `work.taken` as "work taken". */
export const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s.]+/)
    .map((word) => (ACRONYMS.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()))
    .join(' ');

/** One text for each region or leaf of a state: `drain-ring: scanning`, or several where regions are parallel. */
export function statePaths(value: StateValue): readonly string[] {
  if (typeof value === 'string') return [wordsOf(value)];
  return Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined ? [] : statePaths(inner).map((path) => `${wordsOf(name)}: ${path}`),
  );
}

/** A state as one text. */
export const stateWords = (value: StateValue): string => statePaths(value).join(', ');
