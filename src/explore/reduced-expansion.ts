/**
 * Reduced expansion: the steps of few actors in each state, where that is enough; else all.
 *
 * Few are enough only if one of their steps leads to the next level: otherwise a step that is left to a later state
 * could be left for ever, round a circle. That also makes the outcome the same whoever is expanded first.
 *
 * A state is expanded in one go: after a pause it is begun again, and what it had stored is found to be known.
 */
import { word } from '../core/words.ts';
import type { Ample } from './ample.ts';
import type { Cursor, Pause, Workbench } from './expansion.ts';
import { CLOSED, DONE, UNFILLED } from './program.ts';
import { capacityOf, hashAt, insertOne } from './state-store.ts';

/** Choices, by place among the roots, of each actor. */
export type ActorRoots = readonly Int32Array[];

/** Expands states from the cursor to `until`; states from `end` on are the next level. */
export function expandReduced(
  cursor: Cursor,
  until: number,
  end: number,
  bench: Workbench,
  ample: Ample,
  rootsOf: ActorRoots,
): Pause {
  const { store, batch, conditions, canonical } = bench;
  const { states, hashes } = batch;
  const { words } = store;
  const everybody = 2 ** rootsOf.length - 1;
  let open = 0;
  let isNew = false;
  let pause: Pause | undefined;

  /** Takes one choice of the state at the cursor; false when there is a pause. */
  const take = (root: number): boolean => {
    const from = cursor.state * words;
    for (let index = 0; index < words; index += 1) states[index] = word(store.states, from + index);
    const next = walked(cursor, bench, root);
    if (next === CLOSED) return true;
    cursor.root = root;
    if (next !== DONE) pause = 'stopped';
    else if (root < conditions) pause = 'condition';
    else if (canonical !== undefined && !canonical.canonicalise(states, 0)) pause = 'unfit';
    else {
      hashes[0] = hashAt(states, 0, words);
      isNew = insertOne(store, batch) >= end || isNew;
      open += 1;
    }
    return pause === undefined;
  };
  /** Takes every choice of some actors; false when there is a pause. */
  const takeAll = (actors: number): boolean => {
    for (let actor = 0; actor < rootsOf.length; actor += 1) {
      if (((actors >>> actor) & 1) === 0) continue;
      const roots = rootsOf[actor] as Int32Array; // actor < rootsOf.length
      for (let at = 0; at < roots.length; at += 1) if (!take(word(roots, at))) return false;
    }
    return true;
  };

  for (; cursor.state < until; cursor.state += 1) {
    if (store.count > Math.min(capacityOf(store) - bench.roots.length, bench.statesMax)) {
      return 'full';
    }
    for (let root = 0; root < conditions; root += 1) if (!take(root)) break;
    open = 0;
    isNew = false;
    canonical?.from(store.states, cursor.state * words, true);
    let taken = 0;
    const choices = pause === undefined ? ample.look(store.states, cursor.state * words) : 0;
    // A choice of actors that is not enough has led to known states only, so nothing was stored for it.
    for (let at = 0; at < choices && !isNew && pause === undefined; at += 1) {
      const chosen = ample.choice(at) & ~taken;
      taken |= chosen;
      takeAll(chosen);
    }
    if (pause === undefined && !isNew) takeAll(everybody & ~taken);
    if (pause !== undefined) return pause;
    cursor.transitions += open;
    if (open === 0) return 'stuck';
  }
  return 'expanded';
}

/** Walks a choice or condition from its root over the first state of the batch; where that ends. */
function walked(cursor: Cursor, { program, batch, roots }: Workbench, root: number): number {
  const { code, entries } = program;
  const { states } = batch;
  let next = word(roots, root);
  while (next > UNFILLED) {
    const node = next;
    const at = word(code, node);
    const value = word(states, at);
    const entry =
      word(code, node + 3) + ((value >>> word(code, node + 1)) & word(code, node + 2)) * 2;
    states[at] = value ^ word(entries, entry);
    next = word(entries, entry + 1);
    cursor.node = node;
    cursor.entry = entry;
  }
  cursor.next = next;
  return next;
}
