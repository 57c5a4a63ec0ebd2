/**
 * Transitions taken: what one event makes a machine take, one microstep after the other.
 *
 * Source: XState's inspection event `@xstate.microstep` and its `_transitions`; a pure `transition()` does not tell.
 */
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type EventObject,
  type InspectionEvent,
} from 'xstate';

/** Caller's duty: guards answer as in the step that is meant, and effects do nothing. */
export function transitionsTaken(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
): readonly object[] {
  const taken: object[] = [];
  const inspect = (seen: InspectionEvent): void => {
    if (seen.type === '@xstate.microstep') taken.push(...seen._transitions);
  };
  const actor = createActor(machine, {
    snapshot: machine.getPersistedSnapshot(snapshot),
    inspect,
  });
  actor.start();
  taken.length = 0;
  actor.send(event);
  actor.stop();
  return taken;
}
