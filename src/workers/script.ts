/**
 * Scripts: the lives of recorded processes as flat tables that every thread can index.
 *
 * Units: a kind word is the operation in its low three bits and Linux permission bits above; pages are numbers.
 * Policy: a device reads what a process executes. Executing is no access a VT-d driver of 7.3 can grant: with read it
 *         is rejected, alone it is taken for a stop marker (spec: "PRQ thread, step by step").
 */

import { ACCESS_EXEC, ACCESS_READ } from '../hw/access.ts';
import type { FlatScripts } from './storm-memory.ts';
import type { ProcessScript, ScriptOperation } from './storm-plan.ts';

export const SCRIPT_KIND_SHIFT = 3;
export const SCRIPT_KIND_MASK = (1 << SCRIPT_KIND_SHIFT) - 1;
export const SCRIPT_TOUCH = 3;

const KINDS: Readonly<Record<ScriptOperation['kind'], number>> = {
  map: 0,
  unmap: 1,
  protect: 2,
  touch: SCRIPT_TOUCH,
  exit: 4,
};

const asDevice = (bits: number): number =>
  (bits & ACCESS_EXEC) === 0 ? bits : (bits & ~ACCESS_EXEC) | ACCESS_READ;

/** Start of each script in the tables, with the end of the last one behind. */
export function flattenScripts(scripts: readonly ProcessScript[]): FlatScripts {
  const operations = scripts.flatMap((script) => script.operations);
  const starts = [0];
  for (const script of scripts) starts.push((starts.at(-1) ?? 0) + script.operations.length);
  return {
    starts,
    kinds: operations.map(
      ({ kind, bits }) =>
        KINDS[kind] | ((kind === 'touch' ? asDevice(bits) : bits) << SCRIPT_KIND_SHIFT),
    ),
    pfns: operations.map(({ pfn }) => pfn),
  };
}
