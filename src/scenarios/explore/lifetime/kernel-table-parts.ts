/**
 * Kernel table parts: a page of the kernel's page tables, which every address space shares and the IOMMU walks.
 *
 * A walk is refused at the leaf, but the path to it stays cached: the upper entry leads to the page without being read
 * again.
 */
import { call, offer, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { CACHES } from './hardware.ts';
import type { LifetimeSlots } from './slots.ts';

/** What a flush of the kernel's range empties. */
export const pathCacheFlush = (slots: LifetimeSlots) =>
  slots.kernelTables === undefined
    ? []
    : [call(slots.kernelTables.pathCache, 0, { type: 'translation.invalidate' })];

export function kernelTableParts(slots: LifetimeSlots): readonly Part[] {
  const { kernelTables, entry, cache, lock, notifier, svaPresent } = slots;
  if (kernelTables === undefined) return [];
  const { upperEntry, tablePage, pathCache, freeing: frees, walker } = kernelTables;
  const pasidCache = CACHES.indexOf('pasid-cache');
  const entryIsCached = where(cache, pasidCache, ({ value }) => value === 'cached');
  const use = call(tablePage, 0, { type: 'memory.use' });
  const step = () => [offer({ type: 'step' as const })];
  return [
    actor(frees, {
      takes: step,
      asks: {
        svaLockIsFree: () => [where(lock, 0, ({ value }) => value === 'free')],
        svaIsPresent: () => [svaPresent.isSet()],
      },
      effects: {
        unlinkEntry: () => [call(upperEntry, 0, { type: 'entry.unlink' })],
        lockSva: () => [call(lock, 0, { type: 'lock.take' })],
        flush: () => [call(notifier, 0, { type: 'range.invalidated', pfn: 0, pages: 1 })],
        unlockSva: () => [call(lock, 0, { type: 'lock.drop' })],
        freePage: () => [call(tablePage, 0, { type: 'memory.free' })],
      },
    }),
    actor(walker, {
      takes: step,
      asks: {
        pathIsCached: () => [entryIsCached, where(pathCache, 0, ({ value }) => value === 'cached')],
        upperEntryIsReached: () => [
          entryIsCached,
          where(upperEntry, 0, ({ value }) => value === 'linked'),
        ],
        entryTranslates: () => [where(entry, 0, (of) => of.hasTag('translates'))],
      },
      effects: {
        fetchEntry: () => [call(cache, pasidCache, { type: 'translation.fill' })],
        walkDown: () => [call(pathCache, 0, { type: 'translation.fill' }), use],
        walkByCache: () => [use],
      },
      mayRest: () => true,
    }),
    object(upperEntry),
    object(tablePage),
    object(pathCache),
  ];
}
