/**
 * Sizes of the bench protocol: how many groups, PASIDs, ring slots and workers.
 */

export type BenchSizes = {
  readonly groups: number;
  readonly pasids: number;
  readonly ringSlots: number;
  readonly workers: number;
};

/** The ring of the largest world that is ever explored. */
export const RING_SLOTS_MAX = 8;

/** What detach does between blocking the entry and freeing the handle. */
export type Drain = 'none' | 'correct' | 'workers-only' | 'wrong-order';

/** Detach and mm exit work on this one. */
export const DETACHED_PASID = 0;
