/**
 * Task kinds: one slot kind for each task of a plan, named as the task is.
 */
import { invariant, unreachable } from '../../../core/invariant.ts';
import { alike, type SlotKind, slotKind } from '../../../explore/slot-kind.ts';
import { operationHolds, operationMachine } from '../../../machines/operation.ts';
import { svaBindHolds, svaBindMachine } from '../../../machines/sva-bind.ts';
import { svaUnbindHolds, svaUnbindMachine } from '../../../machines/sva-unbind.ts';
import { softwareActMachine } from './nouns/software-act.ts';
import type { Plan, Task } from './plan-terms.ts';
import { walksList } from './tasks.ts';

export type ListKind = SlotKind<ReturnType<typeof operationMachine>>;
export type ActKind = SlotKind<ReturnType<typeof softwareActMachine>>;
export type BindKind = SlotKind<typeof svaBindMachine>;
export type UnbindKind = SlotKind<typeof svaUnbindMachine>;

/** By the number of the task; of each number one of the lists has an entry. */
export type TaskKinds = {
  readonly lists: ReadonlyMap<number, ListKind>;
  readonly acts: ReadonlyMap<number, ActKind>;
  readonly binds: ReadonlyMap<number, BindKind>;
  readonly unbinds: ReadonlyMap<number, UnbindKind>;
  readonly all: readonly SlotKind[];
};

export function taskKindsOf(plan: Plan): TaskKinds {
  const lists = new Map<number, ListKind>();
  const acts = new Map<number, ActKind>();
  const binds = new Map<number, BindKind>();
  const unbinds = new Map<number, UnbindKind>();
  const all: SlotKind[] = [];
  for (const task of plan.tasks) {
    const made = kindOf(plan, task);
    all.push(made.kind);
    switch (made.is) {
      case 'list':
        lists.set(task.number, made.kind);
        break;
      case 'act':
        acts.set(task.number, made.kind);
        break;
      case 'bind':
        binds.set(task.number, made.kind);
        break;
      case 'unbind':
        unbinds.set(task.number, made.kind);
        break;
      default:
        unreachable(made);
    }
  }
  return { lists, acts, binds, unbinds, all };
}

type Made =
  | { readonly is: 'list'; readonly kind: ListKind }
  | { readonly is: 'act'; readonly kind: ActKind }
  | { readonly is: 'bind'; readonly kind: BindKind }
  | { readonly is: 'unbind'; readonly kind: UnbindKind };

function kindOf(plan: Plan, task: Task): Made {
  const { name, number, work } = task;
  const rules = plan.driver.lifetime;
  switch (work.kind) {
    case 'act':
      return { is: 'act', kind: alike(name, softwareActMachine(name), {}, 1) };
    case 'sva-bind': {
      const input = { bind: number, device: deviceOf(plan, work), mm: work.process, rules };
      return { is: 'bind', kind: slotKind(name, svaBindMachine, svaBindHolds, [input]) };
    }
    case 'sva-unbind': {
      const domain = plan.domainOf(work.process);
      const device = deviceOf(plan, work);
      const input = { unbind: number, device, mm: work.process, domain, rules };
      return { is: 'unbind', kind: slotKind(name, svaUnbindMachine, svaUnbindHolds, [input]) };
    }
    default: {
      const { attachment, steps } = work;
      const input = { operation: number, device: deviceOf(plan, work), attachment };
      const list = walksList(plan, task) ? (['look-up-attachment', ...steps] as const) : steps;
      const machine = operationMachine(name, list, plan.driver.ownSteps);
      return { is: 'list', kind: slotKind(name, machine, operationHolds, [input]) };
    }
  }
}

function deviceOf({ places }: Plan, { attachment }: { readonly attachment: number }): number {
  const place = places[attachment];
  invariant(place !== undefined, `there is no attachment ${attachment}`);
  return place.device;
}
