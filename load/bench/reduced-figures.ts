/**
 * Reduced figures: a larger world verified with alike ids exchanged, beside every setting of Spin that verifies it.
 *
 * Method: each setting once, with one of our searches before and one after it, since each takes a minute and more;
 *         ours is the median. Bitstate hashing and hash compaction are no verification and are left out.
 */
import type { BenchSizes } from '../../src/scenarios/explore/bench-protocol/sizes.ts';
import { searched, secondsOf } from './bench-search.ts';
import { type Figure, figure, median } from './figure.ts';
import { SPIN_SETTINGS, type SpinSetting, spinPeer } from './spin-peer.ts';
import type { Clock } from './storm-runs.ts';

const SIZES: BenchSizes = { groups: 6, pasids: 2, ringSlots: 3, workers: 2 };
const STATES = 44_499_081;
const ALIKE_STATES = 988_105;
const SPIN_HASH_LOG2 = 27;
/** Times as fast as Spin's best. */
const TARGET = 40;

/** Each figure as soon as it is known. */
export function* reducedFigures(clock: Clock): Generator<Figure> {
  const ours: number[] = [];
  const search = (): void => {
    ours.push(secondsOf(clock, ALIKE_STATES, () => searched(SIZES, { symmetry: 'declared' })));
  };
  search();
  const peers: { readonly setting: SpinSetting; readonly seconds: number }[] = [];
  for (const setting of SPIN_SETTINGS) {
    const peer = spinPeer(SIZES, SPIN_HASH_LOG2, setting);
    if (peer === undefined) continue;
    const { seconds, states } = peer.run();
    peer.close();
    if (setting.isWhole && states !== STATES) throw new Error('Spin counts other states');
    peers.push({ setting, seconds });
    search();
  }
  const own = median(ours);
  yield figure({ name: 'explorer, alike ids exchanged, 0.99 M states', value: own, unit: 'CPU-s' });
  const best = Math.min(
    ...peers.filter(({ setting }) => setting.isWhole).map(({ seconds }) => seconds),
  );
  for (const { setting, seconds } of peers) {
    yield figure({
      name: `the same world in Spin, ${setting.name}`,
      value: seconds / own,
      unit: 'x our CPU',
      ...(setting.isWhole && seconds === best ? { target: TARGET } : {}),
    });
  }
}
