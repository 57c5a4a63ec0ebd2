/**
 * Place settling: which states of a place are the same, since what is over begins anew.
 *
 * A list that has ended may begin again, an answer that nobody waits for is none, and where nothing is attached any
 * more the next bind is of another address space.
 */
import { type Locals, localOf } from '../../explore/careful-step.ts';
import type { Model } from '../../explore/model.ts';
import { type Read, where } from '../../explore/wiring.ts';
import { gateOf, type PlaceKinds, type PlaceShape, UNKNOWN } from './place-kinds.ts';

/** The state that stands for another. */
export function settling(
  { cells, first }: Model,
  shape: PlaceShape,
  kinds: PlaceKinds,
): (locals: Locals) => Locals {
  const slotOf = (kind: { readonly name: string }, index = 0): number =>
    cells.slots.named([kind.name, index]).number;
  const reader = (read: Read) => {
    const { slot, holds } = cells.readOf(read);
    return (locals: Locals): boolean => holds(localOf(locals, slot));
  };
  const isFirst = (slot: number, locals: Locals): boolean =>
    localOf(locals, slot) === localOf(first, slot);
  const lists = shape.operations.flatMap((operation, at) => {
    const { list } = operation;
    const kind = kinds.lists[at];
    if (kind === undefined) return [];
    return [
      {
        list: slotOf(kind),
        gate: slotOf(kinds.gate, gateOf(operation)),
        isRelease: list === 'mm-release',
        isDone: reader(where(kind, 0, ({ status }) => status === 'done')),
        isChecking: reader(where(kind, 0, ({ value }) => isIn(value, 'checking'))),
      },
    ];
  });
  const resolving = reader(where(kinds.worker, 0, ({ value }) => value === 'resolving'));
  const handing = reader(
    where(kinds.thread, 0, (one) => one.matches({ pass: { reporting: 'handing' } })),
  );
  const isBare = [
    where(kinds.slot, 0, ({ value }) => value === 'empty'),
    where(kinds.entry, 0, ({ value }) => value === 'absent'),
    where(kinds.worker, 0, ({ value }) => value === 'idle'),
    where(kinds.group, 0, ({ value }) => value === 'free'),
    where(kinds.thread, 0, ({ value }) => value === 'idle'),
    where(kinds.work, 0, ({ context }) => context.queued.length === 0),
  ].map(reader);
  const ofSpace = shape.operations.some(({ list }) => list === 'mm-release')
    ? [kinds.mm, kinds.process, kinds.exit].map((kind) => slotOf(kind))
    : [];

  const unknowns = [
    { slot: slotOf(kinds.unknown, UNKNOWN.resolves), isAsked: resolving },
    { slot: slotOf(kinds.unknown, UNKNOWN.refuses), isAsked: handing },
    {
      slot: slotOf(kinds.unknown, UNKNOWN.overflow),
      isAsked: (locals: Locals) => lists.some(({ isChecking }) => isChecking(locals)),
    },
  ];
  const releases = lists.filter(({ isRelease }) => isRelease);

  return (locals) => {
    let settled: number[] | undefined;
    const reset = (slot: number): void => {
      if (isFirst(slot, settled ?? locals)) return;
      settled ??= [...locals];
      settled[slot] = localOf(first, slot);
    };
    for (const { list, gate, isRelease, isDone } of lists) {
      if (isRelease || !isDone(locals)) continue;
      reset(list);
      reset(gate);
    }
    for (const { slot, isAsked } of unknowns) if (!isAsked(locals)) reset(slot);
    const isOver = (now: Locals): boolean =>
      isBare.every((holds) => holds(now)) &&
      lists.every(
        ({ list, isRelease, isDone }) => isFirst(list, now) || (isRelease && isDone(now)),
      );
    if (releases.length > 0 && isOver(settled ?? locals)) {
      for (const slot of ofSpace) reset(slot);
      for (const { list, gate } of releases) {
        reset(list);
        reset(gate);
      }
    }
    return settled ?? locals;
  };
}

const isIn = (value: unknown, state: string): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).includes(state);
