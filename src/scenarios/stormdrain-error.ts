/**
 * Stormdrain error: what the library throws where the command line exits with 2: a user's mistake, as one sentence.
 */
import type { Result } from '../core/result.ts';
import { type BadInput, badInputSentence } from './bad-input.ts';

/** What you gave is no good: one sentence says what, where, and what to try. */
export class StormdrainError extends Error {
  override readonly name = 'StormdrainError';
  /** The kind of mistake, kebab-case, for programs; the message is for people. */
  readonly code: string;

  constructor(code: string, sentence: string) {
    super(sentence);
    this.code = code;
  }
}

/** @throws StormdrainError for a bad input. */
export function expectGood<Value>(result: Result<Value, BadInput>): Value {
  if (result.ok) return result.value;
  throw new StormdrainError(result.error.code, badInputSentence(result.error));
}
