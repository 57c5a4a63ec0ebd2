/**
 * Fuzz target: one reader, real inputs of it, and what counts as failing.
 */

export type FuzzTarget = {
  readonly name: string;
  /** Part of all inputs that it gets, in thousandths. */
  readonly share: number;
  /** Real inputs, to be made wrong; none: raw bytes only. */
  readonly seeds: () => readonly Buffer[] | Promise<readonly Buffer[]>;
  /**
   * Reads one input; says what a user would be told, or undefined when it is accepted.
   *
   * @throws whatever the reader throws: it must throw nothing.
   */
  readonly read: (input: Buffer) => string | undefined | Promise<string | undefined>;
  /** Ends what `read` began. */
  readonly close?: () => Promise<void>;
};

const SENTENCE_MAX = 2000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that must not be there
const UNFIT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\n\s+at .*:\d+|node:internal/;

/** What is wrong with a sentence that a user is told; undefined: nothing. */
export function sentenceFault(sentence: string): string | undefined {
  if (sentence.trim() === '') return 'a refusal without a word';
  if (sentence.length > SENTENCE_MAX) return `a sentence of ${sentence.length} characters`;
  if (sentence.includes('\n')) return `more than one line: ${sentence}`;
  return UNFIT.test(sentence) ? `what no user should see: ${JSON.stringify(sentence)}` : undefined;
}
