/**
 * Place privacy: which steps of a place are nobody else's affair, and may be taken at once.
 *
 * Nobody can keep such a step from being taken; it shows nothing, and changes nothing that somebody else looks at.
 */
import type { Model } from '../../explore/model.ts';
import type { PlaceKinds } from './place-kinds.ts';

/** Steps of the unit's thread before it looks anything up and behind its report, and what a worker does alone. */
const ALONE = {
  thread: [
    'idle',
    'pass.acknowledging',
    'pass.reading',
    'pass.fetching',
    'pass.lookingUp',
    'pass.reporting.releasing',
    'pass.reporting.releasingUnstored',
    'pass.reporting.freeing',
    'pass.advancing',
    'pass.checkingOverflow',
    'pass.comparing',
    'pass.completing',
  ],
  worker: ['idle', 'starting', 'freeing'],
  exit: ['beginning', 'releasing', 'tearing'],
  /** Of every list: what nobody else looks at. */
  list: [
    'allocate-handle',
    'get-domain',
    'put-domain',
    'put-old-domain',
    'free-handle',
    'await-reporting',
    'drain-ring.scanning',
    'drain-ring-by-completion.rearming',
    'drain-ring-by-completion.scanning',
    'invalidate-pasid-cache.waiting',
    'invalidate-iotlb.waiting',
    'invalidate-device-tlb.waiting',
    'drain-hardware.waiting',
    'drain-hardware-by-completion.waiting',
    'drain-hardware.overflowed',
    'drain-hardware-by-completion.overflowed',
  ],
};

/** A private step: see the observer's rules. */
export function privacyOf(
  { cells }: Model,
  kinds: PlaceKinds,
): (slot: number, local: number) => boolean {
  const alone = new Map<number, readonly string[]>();
  const add = (name: string, states: readonly string[]): void => {
    alone.set(cells.slots.named([name, 0]).number, states);
  };
  add(kinds.thread.name, ALONE.thread);
  add(kinds.worker.name, ALONE.worker);
  if (cells.slots.all.some(({ part }) => part.kind === kinds.exit))
    add(kinds.exit.name, ALONE.exit);
  for (const { name } of kinds.lists) add(name, ALONE.list);
  const known = new Map<string, boolean>();
  return (slot, local) => {
    const states = alone.get(slot);
    if (states === undefined) return false;
    const key = `${slot} ${local}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = cells.localsOf(cells.slots.at(slot)).controlOf(local);
    const isAlone = states.includes(dotted(value));
    known.set(key, isAlone);
    return isAlone;
  };
}

const dotted = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([state, inner]) => `${state}.${dotted(inner)}`)
        .join(' ')
    : String(value);
