/**
 * Wiring types: the words in which a machine says what it does to others, asks of others, and holds itself.
 *
 * Effects are actions with empty bodies, questions are guards without an answer: whoever runs a machine, live
 * or explored, provides both. `holds` declares, beside each machine, the context fields that vary; every other
 * field is a constant of its instance.
 */
import { InvariantViolation } from '../core/invariant.ts';

/** A context field's values, as plain data: how far they go, and which of them are ids. */
export type Bound =
  | { readonly kind: 'bit' }
  | { readonly kind: 'count'; readonly max: number }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'id'; readonly of: string }
  | { readonly kind: 'scalar' }
  | { readonly kind: 'maybe'; readonly of: Bound }
  | { readonly kind: 'record'; readonly fields: Fields }
  | { readonly kind: 'list'; readonly max: number; readonly of: Bound }
  | { readonly kind: 'bag'; readonly max: number; readonly of: Bound };

export type Fields = { readonly [field: string]: Bound };

/** A breach of a contract, seen by the machine it happened to. */
export type Violation = {
  /** The event that must not have come. */
  readonly unexpected: string;
  readonly state?: string;
  /** The property it breaks, as the race catalogue numbers them. */
  readonly property?: string;
  readonly sentence?: string;
};

/** Linux's error numbers, by name; 0 is success. */
export type Errno = 0 | 'EBUSY' | 'EINVAL' | 'ENODEV' | 'ENOMEM';

/** True or false. */
export const bit: Bound = { kind: 'bit' };
/** A whole number from 0 to `max`, both included. */
export const count = (max: number): Bound => ({ kind: 'count', max });
export const oneOf = (values: readonly string[]): Bound => ({ kind: 'one-of', values });
/** The name of one of a class of things; renaming it everywhere at once changes nothing. */
export const id = (of: string): Bound => ({ kind: 'id', of });
/** A number, string or boolean with no bound of its own: few occur, because few are sent. */
export const scalar: Bound = { kind: 'scalar' };
/** `of`, or undefined. */
export const maybe = (of: Bound): Bound => ({ kind: 'maybe', of });
export const record = (fields: Fields): Bound => ({ kind: 'record', fields });
/** At most `max` elements whose order matters. */
export const list = (max: number, of: Bound | Fields): Bound => ({
  kind: 'list',
  max,
  of: isBound(of) ? of : record(of),
});
/** At most `max` elements whose order means nothing; the machine keeps them ascending. */
export const bag = (max: number, of: Bound | Fields): Bound => ({
  kind: 'bag',
  max,
  of: isBound(of) ? of : record(of),
});

/** Declares the fields of a machine's context that vary. */
export const holds = <Held extends Fields>(fields: Held): Held => fields;

/** An action with typed params and an empty body. All of them are one function, so `isEffect` can tell. */
export const effect = <Params = undefined>(): ((args: unknown, params: Params) => void) => nothing;

/** Whether an action's implementation is an effect, not an assignment. */
export const isEffect = (implementation: unknown): boolean => implementation === nothing;

/** What a question bears, so that `isQuestion` can tell. */
const QUESTION = Symbol('question');

/** A guard that somebody else answers. @throws InvariantViolation until it is provided. */
export const question = <Params = undefined>(
  name: string,
): ((args: unknown, params: Params) => boolean) =>
  Object.assign(
    () => {
      throw new InvariantViolation(`question ${name} is not wired`);
    },
    { [QUESTION]: name },
  );

/** Whether a guard's implementation is a question that nobody has provided. */
export const isQuestion = (implementation: unknown): boolean =>
  typeof implementation === 'function' && QUESTION in implementation;

function nothing(): void {}

/** A field may be called `kind`: its bound is then an object, never a string. */
function isBound(of: Bound | Fields): of is Bound {
  return typeof of.kind === 'string';
}
