/**
 * Exchange tables: a world's symmetry laid out over packed states, its entries filled when they are first met.
 */
import { invariant } from '../core/invariant.ts';
import type { Exchanges, PackedBlock, PackedClass } from './canonical.ts';
import type { Field, Layout } from './layout.ts';
import { LOOK_WORDS, placeLooks } from './look-keys.ts';
import { NONE, type PackedExchange, RENAME_WORDS, SWAP_WORDS } from './packed-exchange.ts';
import type { Ints } from './program.ts';
import type { Block, Look, Move, SymmetricClass, Symmetry } from './symmetry.ts';

export type ExchangeTables = {
  readonly exchanges: Exchanges;
  /** Fills the entries of a table for a local state; false when one needs a wider layout. */
  fill(base: number, local: number): boolean;
};

type Table = {
  readonly mask: number;
  /** Entries a local state. */
  readonly width: number;
  /** What its entries hold; undefined when the local state one leads to does not fit. */
  entriesFor(local: number): readonly number[] | undefined;
};

export function exchangeTables(symmetry: Symmetry, layout: Layout, ints: Ints): ExchangeTables {
  const tables = new Map<number, Table>();
  let length = 0;

  const fieldOf = (slot: number): Field => {
    const field = layout.fields[slot];
    invariant(field !== undefined, `there is no slot ${slot}`);
    return field;
  };
  const tableOf = (table: Table): number => {
    const base = length;
    tables.set(base, table);
    length += (table.mask + 1) * table.width;
    return base;
  };
  const renaming = (mask: number, renamed: (local: number) => number): number =>
    tableOf({
      mask,
      width: 1,
      entriesFor: (local) => {
        const next = renamed(local);
        return next > mask ? undefined : [next + 1];
      },
    });

  const packedExchange = (moves: readonly Move[]): PackedExchange => {
    const inside = moves.filter(({ slot, other }) => slot === other);
    const between = moves.filter(({ slot, other }) => slot !== other);
    const renames = ints(inside.length * RENAME_WORDS);
    for (const [at, { slot, renamed = (local: number) => local }] of inside.entries()) {
      const { word, shift, mask } = fieldOf(slot);
      renames.set([word, shift, mask, renaming(mask, renamed)], at * RENAME_WORDS);
    }
    const swaps = ints(between.length * SWAP_WORDS);
    for (const [at, { slot, other, renamed }] of between.entries()) {
      const { word, shift, mask } = fieldOf(slot);
      const to = fieldOf(other);
      const base = renamed === undefined ? NONE : renaming(mask, renamed);
      swaps.set([word, shift, to.word, to.shift, mask, base], at * SWAP_WORDS);
    }
    return { swaps, renames };
  };
  const packedClass = ({ blocks }: SymmetricClass): PackedClass => {
    const ofPlaces = blocks.flatMap(({ looks }) => looks);
    const slots = [...new Set(ofPlaces.flat().map(({ slot }) => slot))];
    const looks = ints(slots.length * LOOK_WORDS);
    for (const [at, slot] of slots.entries()) {
      const { word, shift, mask } = fieldOf(slot);
      const { first, row } = rowOf(ofPlaces, slot);
      const base = tableOf({
        mask,
        width: row.length,
        entriesFor: (local) => row.map(({ hashOf }) => hashOf(local)),
      });
      looks.set([word, shift, mask, base, first, row.length], at * LOOK_WORDS);
    }
    const lookAt = ints(layout.words * 32);
    const shown = ints(layout.words);
    placeLooks(slots.map(fieldOf), { lookAt, shown });
    return { places: ofPlaces.length, looks, lookAt, shown, blocks: packedBlocks(blocks) };
  };
  const packedBlocks = (blocks: readonly Block[]): readonly PackedBlock[] => {
    let first = 0;
    return blocks.map(({ looks, exchanges }) => {
      const block = { first, size: looks.length, exchanges: exchanges.map(packedExchange) };
      first += looks.length;
      return block;
    });
  };

  const classes = symmetry.classes.map(packedClass);
  const table = ints(length);
  return {
    exchanges: { words: layout.words, classes, table, fields: layout.fields },
    fill: (base, local) => {
      const of = tables.get(base);
      invariant(of !== undefined && local <= of.mask, `no table at ${base} has an entry ${local}`);
      const entries = of.entriesFor(local);
      if (entries !== undefined) table.set(entries, base + local * of.width);
      return entries !== undefined;
    },
  };
}

/** What a slot shows of ids: of one, or of all, which stand side by side. */
function rowOf(
  ofPlaces: readonly (readonly Look[])[],
  slot: number,
): { readonly first: number; readonly row: readonly Look[] } {
  const found = ofPlaces.map((looks) => looks.find((look) => look.slot === slot));
  const first = found.findIndex((look) => look !== undefined);
  const row = found.slice(first).flatMap((look) => look ?? []);
  invariant(
    row.every((look, at) => look === found[first + at]),
    `slot ${slot} shows ids that don't stand side by side`,
  );
  return { first, row };
}
