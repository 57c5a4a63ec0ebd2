/**
 * Breadth first: a course level by level, so that the first thing found wrong has a shortest way.
 *
 * Transitions are judged when they are taken, states when they are expanded.
 */
import type { Bounds } from './bounds.ts';
import type { Course, Tried, Verdict } from './course.ts';
import { type Cursor, cursorAtFirst, expand, type Pause } from './expansion.ts';
import type { Space } from './space.ts';
import { type Way, wayTo, withLast } from './way.ts';

export type BreadthFirst = Course & {
  tried(): Tried;
  /** A shortest way to a stored state. */
  wayTo(state: number): Way;
  /** Where it stands, for whoever goes on in its place. */
  standing(): Standing;
};

export type Standing = {
  readonly cursor: Cursor;
  /** By depth: the first state. */
  readonly levels: readonly number[];
  /** The first state beyond the last of these levels. */
  readonly end: number;
};

/** Expands states from the cursor to `until`; states from `end` on are the next level. */
export type Expander = (cursor: Cursor, until: number, end: number) => Pause;

/** Every choice of every state is expanded, unless the expander knows better. */
export function breadthFirst(
  space: Space,
  bounds: Bounds,
  expander: Expander = (cursor, until) => expand(cursor, until, space.workbench()),
): BreadthFirst {
  const { depthMax = Number.POSITIVE_INFINITY } = bounds;
  const { store, conditions } = space;
  const choices = space.model.choices.length;
  /** A choice that ends the search was tried. */
  let endedIn = 0;
  const triedAt = ({ root }: Cursor): number => Math.max(0, root + endedIn - conditions);
  const cursor = cursorAtFirst();
  const levels: number[] = [0];
  let end = 1;

  const way = (state: number): Way => wayTo(state, levels, space);

  /** What a pause of the expansion means; undefined: go on. */
  const deal = (pause: Pause): Verdict | undefined => {
    switch (pause) {
      case 'expanded':
        if (cursor.state < end) return undefined;
        if (store.count === end) return { kind: 'complete' };
        if (levels.length > depthMax) return { kind: 'limited', limit: 'depth' };
        levels.push(end);
        end = store.count;
        return undefined;
      case 'full':
        if (space.isOver()) return { kind: 'limited', limit: 'states' };
        return space.grow() ? undefined : { kind: 'limited', limit: 'bytes' };
      case 'condition': {
        const violation = space.met(cursor.root);
        if (violation === undefined) return undefined;
        return { kind: 'violated', violation, way: () => way(cursor.state) };
      }
      case 'stuck': {
        if (space.isDeadlock(cursor.state)) {
          return { kind: 'deadlocked', way: () => way(cursor.state) };
        }
        cursor.state += 1;
        cursor.root = 0;
        return undefined;
      }
      case 'stopped': {
        const violation = space.resume(cursor);
        if (violation === undefined) return undefined;
        endedIn = 1;
        const whole = () => withLast(way(cursor.state), cursor.root - conditions);
        return { kind: 'violated', violation, way: whole };
      }
      case 'unfit':
        space.widen();
        return undefined;
    }
  };

  function* states() {
    for (let state = 0; state < cursor.state; state += 1) yield { state, choices };
    if (cursor.state < store.count) yield { state: cursor.state, choices: triedAt(cursor) };
  }

  return {
    wayTo: way,
    standing: () => ({ cursor, levels, end }),
    tried: () => ({ space, states }),
    progress: () => ({
      states: store.count,
      bytes: space.bytes(),
      diskBytes: 0,
      expanded: cursor.state,
      transitions: cursor.transitions,
      depth: levels.length - 1,
    }),
    advance: (states) => {
      const slice = cursor.state + states;
      for (;;) {
        const until = Math.min(end, slice);
        const verdict = deal(expander(cursor, until, end));
        if (verdict !== undefined) return verdict;
        if (cursor.state >= slice) return undefined;
      }
    },
  };
}
