/**
 * Symmetry: what the id classes of a world mean for its slots: what an id looks like there, what exchanging two does.
 *
 * A look is a number that stays the same when other ids are renamed: the slot's local state with this id marked and
 * all that may still be exchanged blanked. Ids of earlier classes have found their places and are read as they are.
 * An exchange moves local states between the slots of two ids, and renames them inside.
 */
import type { Cells } from './cells.ts';
import type { Id, IdClass } from './id-class.ts';
import { mentions, type Rename, renamed, renamedText, textHash } from './renaming.ts';
import { slotNaming } from './slot-naming.ts';
import type { Slot } from './slots.ts';
import type { World } from './world.ts';

/** What an id looks like in one slot, by local state. */
export type Look = { readonly slot: number; hashOf(local: number): number };

/** Exchanges two slots' local states (`other` is the same slot where there is one), renamed inside or not. */
export type Move = {
  readonly slot: number;
  readonly other: number;
  readonly renamed: ((local: number) => number) | undefined;
};

export type Block = {
  /** By place in the block. */
  readonly looks: readonly (readonly Look[])[];
  /** By two places, the smaller first: what is moved, see {@link pairAt}. */
  readonly exchanges: readonly (readonly Move[])[];
};

export type SymmetricClass = { readonly blocks: readonly Block[] };

export type Symmetry = {
  /** Classes with something to exchange, in the order the world lists them. */
  readonly classes: readonly SymmetricClass[];
  /** One exchange after another leads from any arrangement to any other. */
  readonly generators: readonly (readonly Move[])[];
};

/** Number of the pair of places `first` < `second`, among the pairs of smaller places. */
export const pairAt = (first: number, second: number): number =>
  (second * (second - 1)) / 2 + first;

/** Undefined when the world declares nothing that can be exchanged. @throws Refused */
export function symmetryOf(world: World, cells: Cells): Symmetry | undefined {
  const declared = (world.symmetry ?? [])
    .map((one) => ({ ...one, blocks: one.blocks.filter((block) => block.length > 1) }))
    .filter(({ blocks }) => blocks.length > 0);
  if (declared.length === 0) return undefined;
  const classes = declared.map((one, rank) => classOf(one, rank, declared, cells));
  const generators = classes
    .flatMap(({ blocks }) => blocks)
    .flatMap(({ looks, exchanges }) =>
      looks.slice(1).map((_, place) => exchanges[pairAt(place, place + 1)] ?? []),
    );
  return { classes, generators };
}

function classOf(
  { name, blocks }: IdClass,
  rank: number,
  declared: readonly IdClass[],
  cells: Cells,
): SymmetricClass {
  const naming = slotNaming(declared, cells.slots);
  const isOf = ({ part }: Slot): boolean => mentions(part.kind.holds, name);

  /** How ids read when `id` is the marked one: what later exchanges may still move is told by its block alone. */
  const marking =
    (id: Id): Rename =>
    (ofClass, other) => {
      const at = declared.findIndex((one) => one.name === ofClass);
      if (at < rank) return other;
      if (at === rank && other === id) return '*';
      const block = declared[at]?.blocks.findIndex((ids) => ids.includes(other)) ?? -1;
      return block < 0 ? other : `?${block}`;
    };
  const lookOf = (slot: Slot, id: Id): Look => {
    const rename = marking(id);
    const place = naming.textOf(slot, rename);
    const locals = cells.localsOf(slot);
    const { holds } = slot.part.kind;
    return {
      slot: slot.number,
      hashOf: remembered((local) => {
        const text = renamedText(holds, locals.fieldsOf(local), rename);
        return textHash(`${place} ${JSON.stringify(locals.controlOf(local))} ${text}`);
      }),
    };
  };
  const moveOf = (slot: Slot, first: Id, second: Id): Move | undefined => {
    const rename: Rename = (ofClass, id) => {
      if (ofClass !== name) return id;
      return id === first ? second : id === second ? first : id;
    };
    const other = naming.renamed(slot, rename).number;
    if (other < slot.number || (other === slot.number && !isOf(slot))) return undefined;
    const locals = cells.localsOf(slot);
    const { holds } = slot.part.kind;
    return {
      slot: slot.number,
      other,
      renamed: isOf(slot)
        ? remembered((local) =>
            locals.withFields(local, renamed(holds, locals.fieldsOf(local), rename)),
          )
        : undefined,
    };
  };

  const blockOf = (ids: readonly Id[]): Block => ({
    looks: ids.map((id) =>
      cells.slots.all
        .filter((slot) => isOf(slot) || naming.idOf(slot, name) === id)
        .map((slot) => lookOf(slot, id)),
    ),
    exchanges: ids.flatMap((second, place) =>
      ids
        .slice(0, place)
        .map((first) => cells.slots.all.flatMap((slot) => moveOf(slot, first, second) ?? [])),
    ),
  });
  return { blocks: blocks.map(blockOf) };
}

/** The same function, asked once for each local state: tables are filled anew when the layout changes. */
function remembered(of: (local: number) => number): (local: number) => number {
  const known: number[] = [];
  return (local) => {
    known[local] ??= of(local);
    return known[local];
  };
}
