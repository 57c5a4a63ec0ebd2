/**
 * Unordered world: a world in which one operation has no list of its own, but is told each step when it is to begin.
 *
 * All else is as it was. Whoever tells the steps in the order of a list sees what the world with that list does.
 */
import { invariant } from '../../core/invariant.ts';
import { deviceGroupMachine } from '../../machines/device-group.ts';
import { operationHolds } from '../../machines/operation.ts';
import type { OperationStep, OwnSteps } from '../../machines/operation-steps.ts';
import { NOT_BEGUN } from '../../machines/operation-terms.ts';
import { unorderedOperationMachine } from '../../machines/unordered-operation.ts';
import { type SlotKind, slotNameOf } from '../slot-kind.ts';
import { offer, where } from '../wiring.ts';
import type { Goal, World } from '../world.ts';

/** `operation` is the kind of a part that runs a list; `steps` are what it may be told, each as often as one likes. */
export function unorderedWorld(
  world: World,
  operation: string,
  steps: readonly OperationStep[],
  own?: OwnSteps,
): World {
  const told = [
    ...steps.map((step) => offer({ type: `begin.${step}` as const })),
    offer({ type: 'operation.end' }),
  ];
  const part = partOf(world, operation);
  const machine = unorderedOperationMachine(part.kind.machine.id, steps, own);
  const unordered = {
    ...part,
    kind: { ...part.kind, machine },
    takes: (index: number) => [...part.takes(index), ...told],
  };
  return { ...world, parts: world.parts.map((each) => (each === part ? unordered : each)) };
}

/**
 * The world in which every list that has begun comes to its end, though no device sends any more (L8). That a drain
 * does (L2) is part of it.
 */
export function withEndings(world: World): World {
  const { parts, goals = [] } = world;
  const without = parts.flatMap(({ kind }) =>
    kind.machine.id === deviceGroupMachine.id && kind.inputs.length > 0 ? [kind.name] : [],
  );
  const endings = parts
    .filter(({ kind }) => kind.holds === operationHolds)
    .flatMap(({ kind }) => kind.inputs.map((_, index) => endingOf(kind, index, without)));
  return { ...world, goals: [...goals.filter(({ id }) => id !== 'L2'), ...endings] };
}

const endingOf = (kind: SlotKind, index: number, without: readonly string[]): Goal => ({
  id: 'L8',
  sentence: `${slotNameOf(kind, index)} never ends`,
  whenever: [where(kind, index, (of) => of.status !== 'done' && !of.hasTag(NOT_BEGUN))],
  goal: [where(kind, index, ({ status }) => status === 'done')],
  without,
});

function partOf(world: World, operation: string) {
  const part = world.parts.find(({ kind }) => kind.name === operation);
  invariant(part !== undefined, `${world.name} has no operation ${operation}`);
  invariant(part.kind.inputs.length === 1, `${world.name} has ${operation} more than once`);
  return part;
}
