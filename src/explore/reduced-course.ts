/**
 * Reduced course: breadth first with few actors a state, where footprints say that they are enough.
 *
 * Footprints are learnt from the walks of the search itself. One that went on smaller footprints than it ended with
 * may have left out too much; it is begun again with all that is known, until nothing is learnt. Then nothing was
 * left out: had a step that was never walked looked at something a chosen one writes, the same step walked after the
 * chosen one would have told. What is found wrong on the way is wrong in any case, and is told at once.
 */

import { type Ample, ampleIn } from './ample.ts';
import type { Bounds } from './bounds.ts';
import { breadthFirst, type Expander } from './breadth-first.ts';
import type { Course } from './course.ts';
import { type Footprints, footprintsOf, sameFootprints } from './footprints.ts';
import type { Layout } from './layout.ts';
import { actorsOf } from './model.ts';
import { type ActorRoots, expandReduced } from './reduced-expansion.ts';
import type { Space } from './space.ts';

export function reducedCourse(space: Space, bounds: Bounds): Course {
  const { model, automaton, store } = space;
  const { choices } = model;
  const slots = model.cells.slots.all.length;
  const actors = actorsOf(model);
  const rootsOf: ActorRoots = actors.map((actor) =>
    Int32Array.from(
      choices.filter(({ slot }) => slot.number === actor),
      ({ number }) => space.conditions + number,
    ),
  );
  const learnt = (): Footprints => footprintsOf(automaton, model, space.watched, space.symmetry);
  let footprints = learnt();
  let begunWith = footprints;
  let fills = automaton.nodes.fills();
  let states = store.count;
  let ample: { readonly layout: Layout; readonly of: Ample } | undefined;

  /** Learns as the search grows, so that fewer are begun in vain. */
  const refresh = (): void => {
    if (store.count >= 2 * states && automaton.nodes.fills() !== fills) {
      footprints = learnt();
      fills = automaton.nodes.fills();
      states = store.count;
      ample = undefined;
    }
    const layout = automaton.layout();
    if (ample?.layout === layout) return;
    ample = { layout, of: ampleIn(footprints, layout, actors, slots) };
  };
  const expander: Expander = (cursor, until, end) => {
    refresh();
    const of = ample?.of ?? ampleIn(footprints, automaton.layout(), actors, slots);
    return expandReduced(cursor, until, end, space.workbench(), of, rootsOf);
  };

  let course = breadthFirst(space, bounds, expander);
  return {
    progress: () => course.progress(),
    wayTo: (state) => course.wayTo(state),
    advance: (slice) => {
      const verdict = course.advance(slice);
      if (verdict?.kind !== 'complete') return verdict;
      footprints = learnt();
      if (sameFootprints(footprints, begunWith)) return verdict;
      begunWith = footprints;
      ample = undefined;
      space.forget();
      course = breadthFirst(space, bounds, expander);
      return undefined;
    },
  };
}
