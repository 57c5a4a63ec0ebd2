/** A contradiction: the program, not its input, is wrong. Only the runtime catches it. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/**
 * @throws InvariantViolation with `sentence` when `condition` does not hold. Hot code passes a function: a sentence
 *         with numbers in it costs more to make than what it guards.
 */
export function invariant(
  condition: boolean,
  sentence: string | (() => string),
): asserts condition {
  if (condition) return;
  throw new InvariantViolation(typeof sentence === 'string' ? sentence : sentence());
}

/** Ends a switch over a union: type-checks only when every member was returned from. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
}
