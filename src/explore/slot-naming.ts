/**
 * Slot naming: slots known by the ids they belong to, and what becomes of a slot when ids are renamed.
 */
import { invariant } from '../core/invariant.ts';
import type { Id, IdClass } from './id-class.ts';
import { plainText } from './plain-text.ts';
import { Refused } from './refusal.ts';
import type { Rename } from './renaming.ts';
import type { Slot, Slots } from './slots.ts';

export type SlotNaming = {
  idOf(slot: Slot, ofClass: string): Id | undefined;
  /** The slot's kind and ids, as `rename` reads them, or its index when it has none. */
  textOf(slot: Slot, rename: Rename): string;
  renamed(slot: Slot, rename: Rename): Slot;
};

/** @throws Refused when the ids of a class don't name slots as it says, or slots of alike ids are told different things. */
export function slotNaming(classes: readonly IdClass[], slots: Slots): SlotNaming {
  for (const { name, blocks, indexes } of classes) {
    const ids = blocks.flat();
    invariant(new Set(ids).size === ids.length, `an id is twice among the blocks of ${name}`);
    for (const kind of Object.keys(indexes)) slots.named([kind, 0]);
  }
  const idOf = ({ part, index }: Slot, ofClass: string): Id | undefined =>
    classes.find(({ name }) => name === ofClass)?.indexes[part.kind.name]?.(index);
  const textOf = (slot: Slot, rename: Rename): string => {
    const ids = classes.map(({ name }) => {
      const id = idOf(slot, name);
      return id === undefined ? undefined : rename(name, id);
    });
    const isNamed = ids.some((id) => id !== undefined);
    return `${slot.kind} ${plainText(isNamed ? ids : slot.index)}`;
  };
  const same: Rename = (_, id) => id;
  const byText = new Map<string, Slot>();
  for (const slot of slots.all) {
    const text = textOf(slot, same);
    const other = byText.get(text);
    if (other !== undefined) throw unlike(slot, `named as ${other.name} is`);
    byText.set(text, slot);
  }
  const renamed = (slot: Slot, rename: Rename): Slot => {
    const found = byText.get(textOf(slot, rename));
    if (found === undefined) throw unlike(slot, 'without a slot for an id that is alike');
    if (found !== slot) sameButForIds(slot, found, classes, rename);
    return found;
  };
  return { idOf, textOf, renamed };
}

/** Slots that may be exchanged were told the same, but for ids, and begin the same. */
function sameButForIds(slot: Slot, other: Slot, classes: readonly IdClass[], rename: Rename): void {
  const isRenamed = (from: unknown, to: unknown): boolean =>
    (typeof from === 'string' || typeof from === 'number') &&
    classes.some(({ name }) => rename(name, from) === to);
  const fits = (from: unknown, to: unknown): boolean => {
    if (Array.isArray(from) && Array.isArray(to)) {
      return from.length === to.length && from.every((one, index) => fits(one, to[index]));
    }
    if (typeof from === 'object' && from !== null && typeof to === 'object' && to !== null) {
      const others = new Map<string, unknown>(Object.entries(to));
      const entries: [string, unknown][] = Object.entries(from);
      return (
        entries.length === others.size &&
        entries.every(([name, one]) => fits(one, others.get(name)))
      );
    }
    return from === to || isRenamed(from, to);
  };
  if (!fits(slot.part.kind.inputs[slot.index], other.part.kind.inputs[other.index])) {
    throw unlike(slot, `told other things than ${other.name}`);
  }
  const takes = ({ part, index }: Slot): number => part.takes(index).length;
  if (takes(slot) !== takes(other)) throw unlike(slot, `offered other takes than ${other.name}`);
}

const unlike = ({ part, name }: Slot, feature: string): Refused =>
  new Refused({
    code: 'not-alike',
    machine: part.kind.machine.id,
    state: '',
    feature: `${name} is ${feature}`,
  });
