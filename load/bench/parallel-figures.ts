/**
 * Parallel figures: the bench protocol searched by two threads beside one, and with its states on disk beside memory.
 *
 * Method: one after the other, round by round, after a smaller world has warmed the main thread up; medians. What two
 *         threads take together is CPU, which a busy machine leaves alone; what they save in time shows on an idle one,
 *         beside what two searches that share nothing do at once there.
 */
import { tmpdir } from 'node:os';

import { openStateFile } from '../../src/explore/state-file.ts';
import type { BenchSizes } from '../../src/scenarios/explore/bench-protocol/sizes.ts';
import { searched, secondsOf } from './bench-search.ts';
import { type Figure, figure, median } from './figure.ts';
import { sideSearch } from './side-search.ts';
import type { Clock } from './storm-runs.ts';

const ROUNDS = 5;
const SIZES: BenchSizes = { groups: 5, pasids: 2, ringSlots: 3, workers: 2 };
const STATES = 3_896_844;
/** A third of what the search takes in memory. */
const DISK_MEMORY_BYTES = 16e6;
const SPEEDUP = 1.6;

/** Each figure as soon as it is known. */
export function* parallelFigures(clock: Clock): Generator<Figure> {
  searched({ ...SIZES, groups: 4 }, { symmetry: 'none' });
  const timed = (run: () => { readonly states: number }) => {
    const before = clock.now();
    const cpu = secondsOf(clock, STATES, run);
    return { cpu, wall: (clock.now() - before) / 1000 };
  };
  const side = sideSearch(SIZES);
  side.beside(() => {}); // it warms up
  const rounds = Array.from({ length: ROUNDS }, () => ({
    one: timed(() => searched(SIZES, { symmetry: 'none' })),
    two: timed(() => searched(SIZES, { symmetry: 'none', workers: 2 })),
    apart: timed(() => side.beside(() => searched(SIZES, { symmetry: 'none' }))),
    disk: timed(() => onDisk()),
  }));
  side.stop();
  yield figure({
    name: 'explorer, two threads, CPU of one = 1',
    value: median(rounds.map(({ one, two }) => two.cpu / one.cpu)),
    unit: 'x',
    target: 2 / SPEEDUP,
    atMost: true,
  });
  yield figure({
    name: 'explorer, two threads, times as fast as one',
    value: median(rounds.map(({ one, two }) => one.wall / two.wall)),
    unit: 'x',
    target: SPEEDUP,
    cores: median(rounds.map(({ two }) => two.cpu / two.wall)),
    peer: 'two searches that share nothing',
    peerValue: median(rounds.map(({ one, apart }) => (2 * one.wall) / apart.wall)),
  });
  yield figure({
    name: 'explorer, states on disk, CPU in memory = 1',
    value: median(rounds.map(({ one, disk }) => disk.cpu / one.cpu)),
    unit: 'x',
  });
}

function onDisk() {
  const file = openStateFile(tmpdir());
  if (!file.ok) throw file.error;
  const outcome = searched(SIZES, {
    symmetry: 'none',
    disk: file.value,
    bytesMax: DISK_MEMORY_BYTES,
  });
  file.value.close();
  return outcome;
}
