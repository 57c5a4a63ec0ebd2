/**
 * Id class: names that can be exchanged for one another everywhere at once, and nothing tells.
 *
 * Two states that differ by such a renaming lead to the same, so that one of them stands for all. Contexts say where
 * the names are (`id(of)` in what a machine holds), the class says which slots they name, and which names are alike:
 *
 *     groups 0..4, of PASIDs 0, 1, 0, 1, 0:   blocks [[0, 2, 4], [1, 3]],   device[n] and group[n] are n's
 */
import type { SlotKind } from './slot-kind.ts';

export type Id = string | number;

export type IdClass = {
  /** As in `id(name)`. */
  readonly name: string;
  /** Each a set of ids that are alike; an id in none of them is like no other. */
  readonly blocks: readonly (readonly Id[])[];
  /** By name of a slot kind: the id that an index stands for, undefined for none of this class. */
  readonly indexes: { readonly [kind: string]: (index: number) => Id | undefined };
};

type Indexed = { readonly kind: SlotKind; readonly id?: (index: number) => Id | undefined };

/** `indexed` are the kinds with a slot for each id; by default an index is the id. */
export const idClass = (
  name: string,
  blocks: readonly (readonly Id[])[],
  indexed: readonly Indexed[],
): IdClass => ({
  name,
  blocks,
  indexes: Object.fromEntries(
    indexed.map(({ kind, id = (index: number) => index }) => [kind.name, id]),
  ),
});

/** The ids put together that are equal under `key`. */
export function blocksBy<One extends Id>(
  ids: readonly One[],
  key: (id: One) => Id,
): readonly (readonly One[])[] {
  const blocks = new Map<Id, One[]>();
  for (const id of ids) blocks.set(key(id), [...(blocks.get(key(id)) ?? []), id]);
  return [...blocks.values()];
}
