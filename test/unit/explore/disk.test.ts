/**
 * A search whose states are on disk finds what one in memory finds, state for state, and ends as one does.
 *
 * Method: the same world with and without a disk, in memory that is full long before the world is done.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Bounds } from '../../../src/explore/bounds.ts';
import type { Outcome } from '../../../src/explore/outcome.ts';
import { openStateFile, type StateFile } from '../../../src/explore/state-file.ts';
import type { World } from '../../../src/explore/world.ts';
import type { Drain } from '../../../src/scenarios/explore/bench-protocol/sizes.ts';
import { benchWorld } from '../../../src/scenarios/explore/bench-protocol/world.ts';
import { counters } from './counters-world.ts';
import { outcomeOf } from './outcome-of.ts';

/** Room for a few thousand states. */
const BYTES_MAX = 2 ** 17;
/** Fewer than a world has. */
const STATES_ON_DISK = 10_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stormdrain-disk-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The search with a disk; it must have needed it. */
function onDisk(world: World, bounds: Bounds, wrapped = (file: StateFile) => file): Outcome {
  const file = openStateFile(folder);
  if (!file.ok) throw file.error;
  expect(readdirSync(folder)).toEqual([]);
  const disk = wrapped(file.value);
  const outcome = outcomeOf(world, { bytesMax: BYTES_MAX, ...bounds, disk });
  disk.close();
  return outcome;
}

const counted = ({ kind, states, transitions, expanded, depth }: Outcome) => ({
  kind,
  states,
  transitions,
  expanded,
  depth,
});

const bench = (drain: Drain) =>
  benchWorld({ groups: 3, pasids: 2, ringSlots: 3, workers: 2 }, drain);

describe('a search that goes to disk', () => {
  it.each([
    { name: 'every state', world: () => bench('correct'), bounds: { symmetry: 'none' } },
    { name: 'alike ids exchanged', world: () => bench('correct'), bounds: {} },
    {
      name: 'fields that widen late',
      world: () => counters(4, 17).world,
      bounds: { depthMax: 18 },
    },
    {
      name: 'states that become a word longer',
      world: () => counters(9, 9).world,
      bounds: { depthMax: 9 },
    },
  ] as const)('counts what one in memory counts: $name', ({ world, bounds }) => {
    const disk = onDisk(world(), bounds);
    expect(disk.diskBytes).toBeGreaterThan(disk.states);
    expect(counted(disk)).toEqual(counted(outcomeOf(world(), bounds)));
  });

  it.each(['wrong-order', 'workers-only'] as const)('tells the same trace, drain %s', (drain) => {
    const bounds: Bounds = { symmetry: 'none', properties: ['S8'] };
    const disk = onDisk(bench(drain), bounds);
    expect(disk.diskBytes).toBeGreaterThan(0);
    const memory = outcomeOf(bench(drain), bounds);
    if (disk.kind !== 'violated' || memory.kind !== 'violated') throw new Error('not violated');
    expect(disk.trace).toEqual(memory.trace);
    expect(disk.violation).toEqual(memory.violation);
  });

  it('ends where the disk is full', () => {
    const full = (file: StateFile): StateFile => ({
      ...file,
      write: (at, states, words, count) =>
        at < STATES_ON_DISK && file.write(at, states, words, count),
    });
    const outcome = onDisk(bench('correct'), { symmetry: 'none' }, full);
    expect(outcome).toMatchObject({ kind: 'limited', limit: 'disk' });
    expect(outcome.states).toBeGreaterThanOrEqual(STATES_ON_DISK);
  });

  it('ends at a limit of states', () => {
    const outcome = onDisk(bench('correct'), { symmetry: 'none', statesMax: STATES_ON_DISK });
    expect(outcome).toMatchObject({ kind: 'limited', limit: 'states' });
    expect(outcome.states).toBeGreaterThan(STATES_ON_DISK);
  });

  it('says why there is no file', () => {
    expect(openStateFile(join(folder, 'none'))).toMatchObject({ ok: false });
  });
});
