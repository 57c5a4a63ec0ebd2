/**
 * Depth first: a course that follows each way to its end before it tries another, over the same set of known states.
 *
 * The stack is the way, so what is found wrong is told at once, though seldom by a shortest way. A state found at
 * the greatest depth is stored but not expanded, even when a shorter way to it comes later: such a course ends
 * limited.
 */
import { word } from '../core/words.ts';
import type { Bounds } from './bounds.ts';
import type { Course, Verdict } from './course.ts';
import { cursorAtFirst, expandOnce, type Pause } from './expansion.ts';
import { grown } from './program.ts';
import type { Space } from './space.ts';
import { type Way, withLast } from './way.ts';

const FRAME_WORDS = 3;
const FIRST_FRAMES = 1024;

export function depthFirst(space: Space, bounds: Bounds): Course {
  const { depthMax = Number.POSITIVE_INFINITY } = bounds;
  const { store, conditions } = space;
  /** The top of the stack. */
  const cursor = cursorAtFirst();
  /** What lies below: | state | root that was taken | open so far |, a frame each. */
  let frames: Int32Array = new Int32Array(FIRST_FRAMES * FRAME_WORDS);
  let depth = 0;
  let deepest = 0;
  let expanded = 0;
  /** States stored at the greatest depth, and not expanded. */
  const cut = new Set<number>();
  /** A choice that ends the search was tried. */
  let endedIn = 0;
  let isOver = false;

  const way = (): Way => {
    const below = Array.from({ length: depth }, (_, at) => at * FRAME_WORDS);
    return {
      space,
      states: [...below.map((at) => word(frames, at)), cursor.state],
      choices: below.map((at) => word(frames, at + 1) - conditions),
    };
  };
  const push = (): void => {
    const at = depth * FRAME_WORDS;
    if (at + FRAME_WORDS > frames.length) frames = grown(frames, at + FRAME_WORDS);
    frames.set([cursor.state, cursor.root, cursor.open], at);
    depth += 1;
    deepest = Math.max(deepest, depth);
    cursor.state = store.count - 1;
    cursor.root = 0;
    cursor.open = 0;
  };
  const pop = (): void => {
    expanded += 1;
    isOver = depth === 0;
    if (isOver) return;
    depth -= 1;
    const at = depth * FRAME_WORDS;
    cursor.state = word(frames, at);
    cursor.root = word(frames, at + 1) + 1;
    cursor.open = word(frames, at + 2);
  };

  const deal = (pause: Pause | 'found'): Verdict | undefined => {
    switch (pause) {
      case 'found':
        if (depth < depthMax) push();
        else {
          cut.add(store.count - 1);
          cursor.root += 1;
        }
        return undefined;
      case 'expanded':
        pop();
        if (!isOver) return undefined;
        return cut.size > 0 ? { kind: 'limited', limit: 'depth' } : { kind: 'complete' };
      case 'full':
        if (space.isOver()) return { kind: 'limited', limit: 'states' };
        return space.grow() ? undefined : { kind: 'limited', limit: 'bytes' };
      case 'condition': {
        const violation = space.met(cursor.root);
        return violation && { kind: 'violated', violation, way };
      }
      case 'stuck': {
        if (space.isDeadlock(cursor.state)) return { kind: 'deadlocked', way };
        return deal('expanded');
      }
      case 'stopped': {
        const violation = space.resume(cursor);
        if (violation === undefined) return undefined;
        endedIn = 1;
        return {
          kind: 'violated',
          violation,
          way: () => withLast(way(), cursor.root - conditions),
        };
      }
      case 'unfit':
        space.widen();
        return undefined;
    }
  };

  const choices = space.model.choices.length;
  function* states() {
    const below = Array.from({ length: depth }, (_, at) => at * FRAME_WORDS);
    const partly = new Map(
      below.map((at) => [word(frames, at), word(frames, at + 1) + 1 - conditions]),
    );
    if (!isOver) partly.set(cursor.state, Math.max(0, cursor.root + endedIn - conditions));
    for (let state = 0; state < store.count; state += 1) {
      const tried = cut.has(state) ? 0 : (partly.get(state) ?? choices);
      if (tried > 0) yield { state, choices: tried };
    }
  }

  return {
    tried: () => ({ space, states }),
    progress: () => ({
      states: store.count,
      bytes: space.bytes(),
      diskBytes: 0,
      expanded,
      transitions: cursor.transitions,
      depth: deepest,
    }),
    advance: (states) => {
      const slice = expanded + states;
      for (;;) {
        const verdict = deal(expandOnce(cursor, space.workbench()));
        if (verdict !== undefined) return verdict;
        if (expanded >= slice) return undefined;
      }
    },
  };
}
