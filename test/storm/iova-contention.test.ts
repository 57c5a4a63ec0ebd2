/** Goal: threads that share an IOVA allocator never own one page at once; the program that measures them says so. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('threads of one group share an allocator, and no page is given out twice', async () => {
  const program = ['dist/load/bench/iova-contention.js', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  const { schema, rows } = JSON.parse(stdout);
  expect(schema).toBe('stormdrain.iova-contention/1');
  expect(rows).toMatchObject([
    { groupSize: 1, allocators: 4, treeLock: { waited: 0 }, depotLock: { waited: 0 } },
    { groupSize: 2, allocators: 2 },
    { groupSize: 4, allocators: 1 },
  ]);
}, 60_000);
