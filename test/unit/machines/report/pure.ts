/** Pure runs of one machine: the effects of each event, in order, and where it ends. */
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventFromLogic,
  type InputFrom,
  initialTransition,
  type SnapshotFrom,
  transition,
} from 'xstate';

export type Effect = { readonly type: string; readonly params: unknown };

/** Snapshot before any event. */
export function begin<Machine extends AnyStateMachine>(
  machine: Machine,
  input: InputFrom<Machine>,
): SnapshotFrom<Machine> {
  const [snapshot]: [AnyMachineSnapshot, unknown] = initialTransition(machine, input as never);
  if (snapshot.status === 'error') throw snapshot.error;
  return snapshot as SnapshotFrom<Machine>; // the machine's own
}

/** Takes the events one after the other; `effects` are those of the last. */
export function take<Machine extends AnyStateMachine>(
  machine: Machine,
  from: SnapshotFrom<Machine>,
  ...events: readonly EventFromLogic<Machine>[]
): { readonly snapshot: SnapshotFrom<Machine>; readonly effects: readonly Effect[] } {
  let snapshot = from;
  let effects: readonly Effect[] = [];
  for (const event of events) {
    const [next, actions] = transition(machine, snapshot as never, event as never);
    snapshot = next as SnapshotFrom<Machine>; // the machine's own
    effects = actions
      .filter(({ type }) => !type.startsWith('xstate.'))
      .map(({ type, params }) => ({ type, params }));
  }
  return { snapshot, effects };
}
