/** Handed over: what a program in plain JavaScript may give to the library, and what it is told then. */
import { StormdrainError } from '../../src/scenarios/stormdrain-error.ts';

/** Data of any shape; undefined for what is no JSON. */
export function dataIn(input: Buffer): unknown {
  try {
    return JSON.parse(input.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The sentence of a mistake; whatever else is thrown is a failure. */
export async function refusal(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof StormdrainError) return error.message;
    throw error;
  }
}
