/**
 * Disk way: a shortest way to a state on disk, found again level by level, with the states on it in memory at last.
 */
import { invariant } from '../core/invariant.ts';
import type { Space } from './space.ts';
import { insertFirst } from './state-store.ts';
import type { StoredStates } from './stored-states.ts';
import { parentAmong, type Way } from './way.ts';

/** States read at a time. */
const PART_STATES = 2 ** 14;

/** `levels` are the numbers of the first state of each depth. Only states of the way are in the store afterwards. */
export function wayOnDisk(
  state: number,
  levels: readonly number[],
  space: Space,
  stored: StoredStates,
): Way {
  invariant(stored.relayout(), 'the disk is full, so the way to what was found is lost');
  const { store } = space;
  const { words } = store;
  const choices: number[] = [];
  const way: Int32Array[] = [new Int32Array(words)];
  stored.read(state, way[0] ?? new Int32Array(words), 1);
  const part = new Int32Array(PART_STATES * words);

  /** The first state from `start` to before `end` that a choice leads from to `goal`. */
  const parentOf = (goal: Int32Array, start: number, end: number): void => {
    for (let at = start; at < end; at += PART_STATES) {
      const count = Math.min(PART_STATES, end - at);
      stored.read(at, part, count);
      const found = parentAmong(goal, part, 0, count, space);
      if (found === undefined) continue;
      choices.unshift(found.choice);
      way.unshift(part.slice(found.parent * words, (found.parent + 1) * words));
      return;
    }
    invariant(false, 'a state has no parent in the level before');
  };
  for (let depth = levels.findLastIndex((start) => start <= state); depth > 0; depth -= 1) {
    parentOf(way[0] ?? part, levels[depth - 1] ?? 0, levels[depth] ?? 0);
  }
  for (const [number, of] of way.entries()) store.states.set(of, number * words);
  insertFirst(store);
  store.count = way.length;
  return { space, states: way.map((_, number) => number), choices };
}
