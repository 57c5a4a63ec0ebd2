/**
 * Fuzz run: inputs of one target from a seed, each read once, and the first that fails.
 */
import { performance } from 'node:perf_hooks';
import { prng } from '../../src/core/prng.ts';
import { type FuzzTarget, sentenceFault } from './fuzz-target.ts';
import { mutated } from './mutation.ts';

/** Far beyond any input of these sizes, on a busy machine too. */
const SLOW_MILLISECONDS = 10_000;

export type FuzzFailure = {
  readonly target: string;
  readonly seed: number;
  readonly number: number;
  readonly input: Buffer;
  readonly fault: string;
};

export type FuzzCounts = { readonly accepted: number; readonly refused: number };

/** The input of that number: a function of target, seed and number. */
export function inputOf(
  target: FuzzTarget,
  seeds: readonly Buffer[],
  seed: number,
  number: number,
): Buffer {
  let hash = seed >>> 0;
  for (const character of target.name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return mutated(prng((hash ^ Math.imul(number, 0x9e3779b1)) >>> 0), seeds);
}

/** Why the input fails; undefined: it doesn't. `accepted` is told when it was. */
export async function faultOf(
  target: FuzzTarget,
  input: Buffer,
  accepted: () => void = () => undefined,
): Promise<string | undefined> {
  const start = performance.now();
  let sentence: string | undefined;
  try {
    // A copy: what a reader does to its input is not what the next one reads.
    sentence = await target.read(Buffer.from(input));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const took = performance.now() - start;
  if (took > SLOW_MILLISECONDS) return `it took ${Math.round(took)} ms`;
  if (sentence !== undefined) return sentenceFault(sentence);
  accepted();
  return undefined;
}

/** Reads inputs `from` up to `to`; `before` is told each number before it is read. */
export async function fuzz(
  target: FuzzTarget,
  { seed, from, to }: { readonly seed: number; readonly from: number; readonly to: number },
  before: (number: number) => void = () => undefined,
): Promise<FuzzCounts & { readonly failure: FuzzFailure | undefined }> {
  const seeds = await target.seeds();
  let accepted = 0;
  let read = 0;
  for (let number = from; number < to; number += 1) {
    before(number);
    const input = inputOf(target, seeds, seed, number);
    const fault = await faultOf(target, input, () => {
      accepted += 1;
    });
    read += 1;
    if (fault !== undefined) {
      const failure = { target: target.name, seed, number, input, fault };
      return { accepted, refused: read - accepted - 1, failure };
    }
  }
  return { accepted, refused: read - accepted, failure: undefined };
}
