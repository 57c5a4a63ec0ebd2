/**
 * Pure step: XState's `transition()` for one machine, many times.
 *
 * Source: XState's transition() and createInertActorScope(): the machine's own `transition` with an actor that never
 *         starts. That one is made anew for each call there, first state and all, which costs more than the step.
 */
import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type EventObject,
  type ExecutableActionObject,
} from 'xstate';

export type ActionToRun = ExecutableActionObject;

/** The next snapshot, and what is to be run on the way there; nothing is run. */
export type PureStep = (
  snapshot: AnyMachineSnapshot,
  event: EventObject,
) => readonly [AnyMachineSnapshot, readonly ActionToRun[]];

export function pureStep(machine: AnyStateMachine): PureStep {
  let scope: AnyActorScope | undefined;
  return (snapshot, event) => {
    scope ??= inertScope(machine);
    const actions = collected(scope);
    return [machine.transition(snapshot, event, scope), actions];
  };
}

function collected(scope: AnyActorScope): readonly ActionToRun[] {
  const actions: ActionToRun[] = [];
  scope.actionExecutor = (action) => {
    actions.push(action);
  };
  return actions;
}

function inertScope(machine: AnyStateMachine): AnyActorScope {
  const self = createActor(machine);
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    defer: () => {},
    logger: () => {},
    stopChild: () => {},
    emit: () => {},
    actionExecutor: () => {},
  };
}
