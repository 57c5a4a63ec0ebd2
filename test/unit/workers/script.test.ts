/** Goal: scripts lie one behind the other, and a device never executes: it reads what a process executes. */
import { describe, expect, it } from 'vitest';

import { ACCESS_EXEC, ACCESS_READ, ACCESS_WRITE } from '../../../src/hw/access.ts';
import {
  flattenScripts,
  SCRIPT_KIND_MASK,
  SCRIPT_KIND_SHIFT,
  SCRIPT_TOUCH,
} from '../../../src/workers/script.ts';
import type { ScriptOperation } from '../../../src/workers/storm-plan.ts';

const touch = (bits: number): ScriptOperation => ({ kind: 'touch', pfn: 9, pages: 1, bits });

describe('flattened scripts', () => {
  it('are found by their starts, the end of the last behind them', () => {
    const exit: ScriptOperation = { kind: 'exit', pfn: 0, pages: 0, bits: 0 };
    const flat = flattenScripts([
      { program: 'one', operations: [touch(ACCESS_READ), exit] },
      { program: 'none', operations: [] },
      {
        program: 'two',
        operations: [{ kind: 'map', pfn: 2 ** 40, pages: 3, bits: 5 }, exit, exit],
      },
    ]);
    expect(flat.starts).toEqual([0, 2, 2, 5]);
    expect(flat.pfns).toEqual([9, 0, 2 ** 40, 0, 0]);
    expect(flat.kinds.map((kind) => kind & SCRIPT_KIND_MASK)).toEqual([SCRIPT_TOUCH, 4, 0, 4, 4]);
  });

  it.each([
    ['execute', ACCESS_EXEC, ACCESS_READ],
    ['read and execute', ACCESS_READ | ACCESS_EXEC, ACCESS_READ],
    ['write and execute', ACCESS_WRITE | ACCESS_EXEC, ACCESS_READ | ACCESS_WRITE],
    ['read', ACCESS_READ, ACCESS_READ],
    ['write', ACCESS_WRITE, ACCESS_WRITE],
  ])('make a touch to %s one that asks for no execution', (_, bits, asked) => {
    const [kind = 0] = flattenScripts([{ program: 'x', operations: [touch(bits)] }]).kinds;
    expect(kind >> SCRIPT_KIND_SHIFT).toBe(asked);
  });

  it('leave the permissions of mappings as they were recorded', () => {
    const map: ScriptOperation = { kind: 'map', pfn: 1, pages: 1, bits: ACCESS_READ | ACCESS_EXEC };
    const [kind = 0] = flattenScripts([{ program: 'x', operations: [map] }]).kinds;
    expect(kind >> SCRIPT_KIND_SHIFT).toBe(ACCESS_READ | ACCESS_EXEC);
  });

  it('of no script are empty', () => {
    expect(flattenScripts([])).toEqual({ starts: [0], kinds: [], pfns: [] });
  });
});
