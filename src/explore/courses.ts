/**
 * Courses: the course that bounds ask for, and the judging of goals once it has been everywhere.
 */
import { invariant } from '../core/invariant.ts';
import { ACTORS_MAX } from './ample.ts';
import type { Bounds } from './bounds.ts';
import { breadthFirst } from './breadth-first.ts';
import type { Course, Verdict } from './course.ts';
import { depthFirst } from './depth-first.ts';
import { diskCourse } from './disk-course.ts';
import { type GoalJudge, goalJudge, type Stranded } from './goals.ts';
import { actorsOf, type ModelGoal } from './model.ts';
import { parallelCourse } from './parallel-course.ts';
import { reducedCourse } from './reduced-course.ts';
import type { Space } from './space.ts';
import type { Way } from './way.ts';

/** Whether few actors a state are asked for and possible: a goal needs all, and so does a stack of states. */
export const isReduced = (space: Space, { reduction, strategy }: Bounds): boolean =>
  reduction === 'por' &&
  strategy !== 'dfs' &&
  goalsOf(space).length === 0 &&
  actorsOf(space.model).length <= ACTORS_MAX;

const goalsOf = ({ model, judged }: Space): readonly ModelGoal[] =>
  model.goals.filter(({ violation }) => judged(violation));

function orderOf(space: Space, bounds: Bounds, again: () => Space): Course {
  if (bounds.strategy === 'dfs') return depthFirst(space, bounds);
  if (isReduced(space, bounds)) return reducedCourse(space, bounds);
  if (bounds.disk !== undefined && goalsOf(space).length === 0) {
    return diskCourse(space, bounds, bounds.disk);
  }
  return (bounds.workers ?? 1) > 1
    ? parallelCourse(space, bounds, again)
    : breadthFirst(space, bounds);
}

/** `again` makes the space anew, for one thread and any order. */
export function courseOf(space: Space, bounds: Bounds, again: () => Space): Course {
  const course = orderOf(space, bounds, again);
  const goals = goalsOf(space);
  let isSearched = false;
  let judge: GoalJudge | undefined;

  const stranded = ({ goal, state }: Stranded): Verdict => ({
    kind: 'violated',
    violation: goal.violation,
    way: () => course.wayTo?.(state) ?? shortestWay(again(), bounds, goal),
  });
  const { tried } = course;
  return {
    ...(tried === undefined ? {} : { tried }),
    close: () => course.close?.(),
    progress: () => course.progress(),
    advance: (states) => {
      if (!isSearched) {
        const verdict = course.advance(states);
        if (verdict?.kind !== 'complete') return verdict;
        isSearched = true;
      }
      judge ??= goalJudge(space, goals, course.progress().transitions);
      const judged = judge.advance(states);
      if (judged === undefined) return undefined;
      return judged.stranded === undefined ? { kind: 'complete' } : stranded(judged.stranded);
    },
  };
}

/** To the nearest state that is stranded: the space is gone through once more, breadth first. */
function shortestWay(space: Space, bounds: Bounds, missed: ModelGoal): Way {
  const course = breadthFirst(space, { ...bounds, depthMax: Number.POSITIVE_INFINITY });
  const verdict = course.advance(Number.POSITIVE_INFINITY);
  invariant(verdict?.kind === 'complete', 'a space is complete in one order and not in another');
  const { transitions } = course.progress();
  const { property, sentence } = missed.violation;
  const same = space.model.goals.filter(
    ({ violation }) => violation.property === property && violation.sentence === sentence,
  );
  const stranded = goalJudge(space, same, transitions).advance(Number.POSITIVE_INFINITY)?.stranded;
  invariant(stranded !== undefined, 'a goal is reached in one order and not in another');
  return course.wayTo(stranded.state);
}
