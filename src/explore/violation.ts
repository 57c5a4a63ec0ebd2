/**
 * Violation: a contract found broken, by a machine's `violate` effect or by a property of the world.
 */
import type { StateValue } from 'xstate';

import { stateWords, wordsOf } from './words-of.ts';

/** The property of a breach that names none. */
export const UNEXPECTED = 'unexpected';

export type Violation = {
  /** The slot that saw it; empty for a property of the whole world. */
  readonly slot: string;
  /** As the race catalogue numbers them; `UNEXPECTED` when the machine names none. */
  readonly property: string;
  readonly sentence: string;
};

/** Whom an event came to, and in what state. */
export type Met = { readonly machine: string; readonly event: string; readonly state: StateValue };

/**
 * Reads the params of a `violate` effect. Where the machine says no sentence of its own, what came is the breach: the
 * sentence says what that was, to what, and in what state.
 */
export function violationIn(
  { slot, params }: { readonly slot: string; readonly params: unknown },
  { machine, event, state }: Met,
): Violation {
  const property = textIn(params, 'property') ?? UNEXPECTED;
  const sentence = textIn(params, 'sentence');
  if (sentence !== undefined) return { slot, property, sentence };
  const met = textIn(params, 'unexpected') ?? event;
  const name = wordsOf(machine.replaceAll('-', ' '));
  return { slot, property, sentence: `the ${name} met ${met} while ${stateWords(state)}` };
}

/** The property of a `violate` effect. */
export const propertyIn = (params: unknown): string => textIn(params, 'property') ?? UNEXPECTED;

function textIn(params: unknown, field: string): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const value: unknown = new Map(Object.entries(params)).get(field);
  return typeof value === 'string' ? value : undefined;
}

/** The properties that are broken by now, sorted, none twice. */
export const brokenBy = (
  before: readonly string[],
  violations: readonly Violation[],
): readonly string[] =>
  violations.length === 0
    ? before
    : [...new Set([...before, ...violations.map(({ property }) => property)])].sort();
