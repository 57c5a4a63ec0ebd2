/**
 * Parallel course: breadth first by several threads, level by level.
 *
 * Small levels are not worth waking anybody, and what threads set aside is expanded here, so that cells are filled in
 * one place. In which order a level is stored is up to the threads; so when something is found wrong, the search is
 * done again by this thread alone, no farther than that, and tells what it always tells.
 */
import type { Bounds } from './bounds.ts';
import { type BreadthFirst, breadthFirst, type Expander } from './breadth-first.ts';
import type { Course } from './course.ts';
import { type Cursor, expand, type Pause, type Workbench } from './expansion.ts';
import { type Expanded, expansionTeam, type Team } from './expansion-team.ts';
import type { Space } from './space.ts';

/** Fewer states are expanded faster than threads are woken. */
const LEVEL_MIN = 2048;

/** `again` makes the space anew, for one thread. */
export function parallelCourse(space: Space, bounds: Bounds, again: () => Space): Course {
  const threads = bounds.workers ?? 1;
  let team: Team | undefined;
  let pass: Expanded | undefined;
  /** Which of the states set aside is being expanded, and whether it has been begun. */
  let at = 0;
  let isBegun = false;
  let levelEnd = 0;

  /** What is stored when within a level is up to the threads, so states are counted between levels. */
  const unlimited = (): Workbench => ({
    ...space.workbench(),
    statesMax: Number.POSITIVE_INFINITY,
  });
  /** Full is only what can grow no more. */
  const expandAll = (cursor: Cursor, until: number): Pause => {
    for (;;) {
      const pause = expand(cursor, until, unlimited());
      if (pause !== 'full' || !space.grow()) return pause;
    }
  };
  /** Like `expand`, over what the last pass set aside. */
  const expandAside: Expander = (cursor) => {
    const aside = pass?.aside ?? [];
    while (at < aside.length) {
      const state = aside[at] ?? 0;
      const isDone = isBegun && cursor.state === state + 1;
      if (!isBegun) Object.assign(cursor, { state, root: 0, open: 0 });
      isBegun = !isDone;
      if (!isDone) {
        const pause = expandAll(cursor, state + 1);
        if (pause !== 'expanded') return pause;
        isBegun = false;
      }
      at += 1;
    }
    Object.assign(cursor, { state: pass?.next ?? cursor.state, root: 0, open: 0 });
    pass = undefined;
    return 'expanded';
  };
  const expander: Expander = (cursor, until, end) => {
    if (levelEnd !== end) {
      levelEnd = end;
      if (space.isOver()) return 'full';
    }
    for (;;) {
      if (pass !== undefined) {
        const pause = expandAside(cursor, until, end);
        if (pause !== 'expanded') return pause;
      }
      const isSmall = until - cursor.state < LEVEL_MIN;
      if (isSmall) return expandAll(cursor, until);
      team ??= expansionTeam(space, threads);
      while (!team.hasRoom()) if (!space.grow()) return 'full';
      pass = team.expand(cursor.state, until);
      at = 0;
      cursor.transitions += pass.transitions;
    }
  };
  const close = (): void => {
    team?.close();
    team = undefined;
  };
  const closingOnError = <Value>(run: () => Value): Value => {
    try {
      return run();
    } catch (error) {
      close();
      throw error;
    }
  };
  const whole = breadthFirst(space, bounds, expander);
  let alone: BreadthFirst | undefined;
  return {
    close,
    tried: () => (alone ?? whole).tried(),
    progress: () => (alone ?? whole).progress(),
    advance: (states) => {
      if (alone !== undefined) return alone.advance(states);
      const verdict = closingOnError(() => whole.advance(states));
      if (verdict === undefined) return undefined;
      close();
      if (verdict.kind !== 'violated' && verdict.kind !== 'deadlocked') return verdict;
      alone = breadthFirst(again(), bounds);
      return undefined;
    },
  };
}
