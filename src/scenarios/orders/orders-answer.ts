/**
 * Orders answer: what is known of the orders of one operation, as plain data.
 */
import type { OperationName } from '../../actors/driver.ts';
import type { Violation } from '../../explore/violation.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import type { FoundWrong } from './order-host.ts';

/** A step somewhere before another one. */
export type NamedPair = { readonly before: OperationStep; readonly after: OperationStep };

export type Constraint = NamedPair & {
  /** What goes wrong when the two are turned round, in the world where it is soonest seen. */
  readonly wrong: FoundWrong | undefined;
  /** Races of the catalogue whose defect turns the pair round. */
  readonly races: readonly string[];
};

/** One of the two must stand so. */
export type Alternative = {
  readonly one: NamedPair;
  readonly other: NamedPair;
  readonly wrong: FoundWrong | undefined;
};

/** A step that no order can do without. */
export type NeededStep = {
  readonly step: OperationStep;
  /** Undefined: the driver's own order without it is not what shows it. */
  readonly wrong: FoundWrong | undefined;
  readonly races: readonly string[];
};

export type WorldCount = {
  readonly name: string;
  readonly sentence: string;
  readonly states: number;
  readonly macrostates: number;
};

/** What a driver's own order makes of the rules of another one's steps. */
export type HeldTo = {
  readonly driver: string;
  readonly broken: readonly NamedPair[];
  readonly brokenAlternatives: readonly Pick<Alternative, 'one' | 'other'>[];
  /** Needed steps that it does not have. */
  readonly lacking: readonly OperationStep[];
};

export type OrdersKnown = {
  readonly kind: 'known';
  /** All orders, and those with which nothing is wrong in any world. */
  readonly orders: bigint;
  readonly safe: bigint;
  /** Orders that keep all constraints, and those that keep the alternatives too. */
  readonly keepConstraints: bigint;
  readonly keepAll: bigint;
  /** Constraints that don't follow from others. */
  readonly constraints: readonly Constraint[];
  /** All necessary pairs, those that follow included. */
  readonly necessary: readonly NamedPair[];
  readonly alternatives: readonly Alternative[];
  readonly needed: readonly NeededStep[];
  /** Steps whose place matters in none of the worlds. */
  readonly loose: readonly OperationStep[];
  /** What is wrong with the driver's own order; undefined: nothing. */
  readonly own: FoundWrong | undefined;
  readonly nodes: number;
};

export type OrdersAnswer = {
  readonly driver: string;
  readonly quirks: readonly string[];
  readonly operation: OperationName;
  readonly steps: readonly OperationStep[];
  readonly worlds: readonly WorldCount[];
  /** How the own order stands to the constraints of the repaired driver; undefined: it is that one. */
  readonly heldTo: HeldTo | undefined;
  readonly result:
    | OrdersKnown
    | { readonly kind: 'limited'; readonly world: string }
    | { readonly kind: 'interrupted' };
};

export const violationText = ({ property, sentence }: Violation): string =>
  `${property}: ${sentence}`;
