/**
 * Exchange tables: a world's symmetry laid out over packed states, its entries filled when they are first met.
 */
import { invariant } from '../core/invariant.ts';
import { type Exchanges, LOOK_WORDS, MOVE_WORDS, NONE, type PackedBlock } from './canonical.ts';
import type { Field, Layout } from './layout.ts';
import type { Ints } from './program.ts';
import type { Block, Symmetry } from './symmetry.ts';

export type ExchangeTables = {
  readonly exchanges: Exchanges;
  /** Fills the entry of a table for a local state; false when it needs a wider layout. */
  fill(base: number, local: number): boolean;
};

type Table = {
  readonly mask: number;
  /** What an entry holds; undefined when the local state it leads to does not fit. */
  entryFor(local: number): number | undefined;
};

export function exchangeTables(symmetry: Symmetry, layout: Layout, ints: Ints): ExchangeTables {
  const tables = new Map<number, Table>();
  let length = 0;

  const fieldOf = (slot: number): Field => {
    const field = layout.fields[slot];
    invariant(field !== undefined, `there is no slot ${slot}`);
    return field;
  };
  const tableOf = (mask: number, entryFor: Table['entryFor']): number => {
    const base = length;
    tables.set(base, { mask, entryFor });
    length += mask + 1;
    return base;
  };
  const packed = ({ looks, exchanges }: Block): PackedBlock => ({
    looks: looks.map((ofPlace) => {
      const code = ints(ofPlace.length * LOOK_WORDS);
      for (const [at, { slot, hashOf }] of ofPlace.entries()) {
        const { word, shift, mask } = fieldOf(slot);
        code.set([word, shift, mask, tableOf(mask, hashOf)], at * LOOK_WORDS);
      }
      return code;
    }),
    exchanges: exchanges.map((moves) => {
      const code = ints(moves.length * MOVE_WORDS);
      for (const [at, { slot, other, renamed }] of moves.entries()) {
        const { word, shift, mask } = fieldOf(slot);
        const to = other === slot ? { word: NONE, shift: 0 } : fieldOf(other);
        const base =
          renamed === undefined
            ? NONE
            : tableOf(mask, (local) => {
                const next = renamed(local);
                return next > mask ? undefined : next + 1;
              });
        code.set([word, shift, to.word, to.shift, mask, base], at * MOVE_WORDS);
      }
      return code;
    }),
  });

  const classes = symmetry.classes.map(({ blocks }) => blocks.map(packed));
  const table = ints(length);
  return {
    exchanges: { words: layout.words, classes, table, fields: layout.fields },
    fill: (base, local) => {
      const of = tables.get(base);
      invariant(of !== undefined && local <= of.mask, `no table at ${base} has an entry ${local}`);
      const entry = of.entryFor(local);
      if (entry !== undefined) table[base + local] = entry;
      return entry !== undefined;
    },
  };
}
