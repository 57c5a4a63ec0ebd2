/**
 * Explorer figures: states a CPU-second and bytes a state on the bench protocol, beside a search packed by hand and Spin.
 *
 * Method: every peer searches the same world in turn, round by round in one process, after a smaller world has warmed
 * both up; medians of the rounds. Every search must count exactly the states there are, or there is no figure.
 */

import type { BenchSizes } from '../../src/scenarios/explore/bench-protocol/sizes.ts';
import { searched, secondsOf } from './bench-search.ts';
import { type Figure, figure, median } from './figure.ts';
import { handPackedSearch } from './hand-packed.ts';
import { SPIN_FULL, spinPeer } from './spin-peer.ts';
import type { Clock } from './storm-runs.ts';

const ROUNDS = 5;
const SIZES: BenchSizes = { groups: 5, pasids: 2, ringSlots: 3, workers: 2 };
const STATES = 3_896_844;
const STATES_LOG2 = 22;
const ALIKE_STATES = 242_304;
const WARM_UP: BenchSizes = { ...SIZES, groups: 4 };
const SPIN_HASH_LOG2 = 24;

/** Each figure as soon as it is known. */
export function* explorerFigures(clock: Clock): Generator<Figure> {
  searched(WARM_UP, { symmetry: 'none' });
  handPackedSearch(WARM_UP, STATES_LOG2 - 3);
  const spin = spinPeer(SIZES, SPIN_HASH_LOG2, SPIN_FULL);
  const rounds = Array.from({ length: ROUNDS }, () => {
    let bytes = 0;
    const ours = secondsOf(clock, STATES, () => {
      const outcome = searched(SIZES, { symmetry: 'none' });
      bytes = outcome.bytes;
      return outcome;
    });
    const peer = secondsOf(clock, STATES, () => handPackedSearch(SIZES, STATES_LOG2));
    const alike = secondsOf(clock, ALIKE_STATES, () => searched(SIZES, { symmetry: 'declared' }));
    return { ours, peer, alike, bytes, spin: spin?.run() };
  });
  spin?.close();
  if (rounds.some((round) => round.spin !== undefined && round.spin.states !== STATES)) {
    throw new Error('Spin counts other states');
  }

  const ours = median(rounds.map((round) => round.ours));
  const peer = median(rounds.map((round) => round.peer));
  yield figure({
    name: 'explorer, 3.9 M states, hand-packed CPU = 1',
    value: median(rounds.map((round) => round.ours / round.peer)),
    unit: 'x',
    target: 1.2,
    atMost: true,
  });
  yield figure({
    name: 'explorer, 3.9 M states',
    value: STATES / ours,
    unit: 'states/CPU-s',
    peer: 'a search packed by hand',
    peerValue: STATES / peer,
  });
  const spinSeconds = rounds.flatMap((round) => (round.spin ? [round.spin.seconds] : []));
  yield figure({
    name: 'explorer, the same, beside Spin',
    value: STATES / ours,
    unit: 'states/CPU-s',
    peer: spin === undefined ? 'Spin: not installed' : 'Spin -O2, no reduction',
    ...(spin === undefined ? {} : { peerValue: STATES / median(spinSeconds) }),
  });
  yield figure({
    name: 'explorer, memory of the states and their set',
    value: median(rounds.map((round) => round.bytes / STATES)),
    unit: 'bytes/state',
    target: 16,
    atMost: true,
  });
  yield figure({
    name: 'explorer, alike ids exchanged, 0.24 M states',
    value: median(rounds.map((round) => round.alike)),
    unit: 'CPU-s',
  });
}
