/** A contradiction: the program, not its input, is wrong. Only the runtime catches it. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** @throws InvariantViolation with `sentence` when `condition` does not hold. */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new InvariantViolation(sentence);
}

/** Ends a switch over a union: type-checks only when every member was returned from. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
}
