/**
 * Patient compiler: V8 told to optimise code later, for commands that meet much code and run little of it for long.
 *
 * A search of a few thousand states spends its time in XState and in filling tables, which see objects of many shapes.
 * V8 takes such code for hot, compiles it on threads of its own, and throws it away again: up to half of all CPU
 * (measured, decision 26). The tight loops of a large search are hot later still. Storms are not asked: their threads
 * run one loop each, and want it compiled at once.
 *
 * Effects: a flag of V8, for the whole process and the threads it starts from then on.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function runs before V8 looks at it again; Node 20 has 135,168. */
const BUDGET_BYTES = 2_000_000;

export function optimiseLater(): void {
  setFlagsFromString(`--interrupt-budget=${BUDGET_BYTES}`);
}
