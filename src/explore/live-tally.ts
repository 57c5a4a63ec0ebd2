/**
 * Live tally: how often each transition was taken by live actors, of every machine that had one.
 *
 * Source: XState's inspection event `@xstate.microstep` and its `_transitions`.
 * Policy: actors whose machines have the same id count as one machine, though each may have effects of its own.
 */
import type { AnyStateMachine, AnyTransitionDefinition, InspectionEvent } from 'xstate';

import { invariant } from '../core/invariant.ts';
import type { ActorWatch } from '../machines/actor-watch.ts';
import { coverageSum, machineCoverage } from './coverage.ts';
import type { Counted } from './tally.ts';
import { transitionCounts } from './transition-counts.ts';

export type LiveTally = {
  readonly watch: ActorWatch;
  /** Of machines by id, in the order in which they had their first actor. */
  counted(): Counted;
};

type MachineTally = {
  readonly machine: AnyStateMachine;
  /** By the machine's own transition. */
  readonly taken: Map<object, number>;
};

export function liveTally(): LiveTally {
  const machines = new Map<string, MachineTally>();
  /** A machine with other effects has transitions of its own: which of the first machine's each of them is. */
  const known = new WeakMap<object, object>();

  const tallyFor = (machine: AnyStateMachine): MachineTally => {
    const before = machines.get(machine.id);
    if (before !== undefined) return before;
    const made = { machine, taken: new Map<object, number>() };
    machines.set(machine.id, made);
    return made;
  };
  const hear = (event: InspectionEvent): void => {
    const machine = machineOf(event);
    if (event.type === '@xstate.actor') tallyFor(machine);
    if (event.type !== '@xstate.microstep') return;
    const { taken, machine: first } = tallyFor(machine);
    for (const transition of event._transitions) {
      const own = known.get(transition) ?? counterpart(transition, first);
      known.set(transition, own);
      taken.set(own, (taken.get(own) ?? 0) + 1);
    }
  };

  return {
    watch: () => hear,
    counted: () => {
      const all = [...machines.values()];
      return {
        kinds: all.map(({ machine, taken }) => ({
          kind: machine.id,
          machine: machine.id,
          transitions: transitionCounts(machine, taken),
        })),
        coverage: coverageSum(
          all.map(({ machine, taken }) => machineCoverage(machine, new Set(taken.keys()))),
        ),
      };
    },
  };
}

function machineOf({ actorRef }: InspectionEvent): AnyStateMachine {
  invariant('logic' in actorRef, `${actorRef.sessionId} has no logic`);
  return actorRef.logic as AnyStateMachine; // every live actor of ours is a machine's
}

/** The transition at the same place of the machine's definition. */
function counterpart(transition: AnyTransitionDefinition, machine: AnyStateMachine): object {
  const { source, eventType } = transition;
  const own = machine.getStateNodeById(source.id);
  const places =
    eventType === ''
      ? [source.always ?? [], own.always ?? []]
      : [source.transitions.get(eventType) ?? [], own.transitions.get(eventType) ?? []];
  const found = places[1]?.[places[0]?.indexOf(transition) ?? -1];
  invariant(found !== undefined, `${source.id} has no such transition for ${eventType}`);
  return found;
}
