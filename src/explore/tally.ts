/**
 * Tally: how often each transition of a world's machines was taken, counted by the cells that say what they do.
 *
 * A cell is counted wherever it is met; which transitions it stands for is asked once, at the end.
 */
import type { MachineCounts } from '../core/transition-counts.ts';
import type { Cells, Decided } from './cells.ts';
import { type Coverage, coverageSum, machineCoverage } from './coverage.ts';
import { transitionCounts } from './transition-counts.ts';

export type Tally = {
  add(cell: Decided): void;
  /** Of the cells counted so far. */
  counted(): Counted;
};

export type Counted = {
  /** One for each slot kind, in the world's order. */
  readonly kinds: readonly KindCounts[];
  readonly coverage: Coverage;
};

/** Every transition of the machine, those never taken too. */
export type KindCounts = MachineCounts & { readonly kind: string };

export function tallyOf({ kinds }: Cells): Tally {
  const counts = new Map<Decided, number>();
  return {
    add: (cell) => {
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    },
    counted: () => {
      const taken = kinds.map(() => new Map<object, number>());
      for (const [cell, count] of counts) {
        const ofKind = taken[cell.of];
        for (const transition of cell.taken()) {
          ofKind?.set(transition, (ofKind.get(transition) ?? 0) + count);
        }
      }
      const takenOf = (kind: number): ReadonlyMap<object, number> => taken[kind] ?? new Map();
      return {
        kinds: kinds.map(({ name, machine }, kind) => ({
          kind: name,
          machine: machine.id,
          transitions: transitionCounts(machine, takenOf(kind)),
        })),
        coverage: coverageSum(
          kinds.map(({ machine }, kind) => machineCoverage(machine, new Set(takenOf(kind).keys()))),
        ),
      };
    },
  };
}
