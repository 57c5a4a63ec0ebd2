/**
 * Random operations: an endless walk over an iommufd, in the recordings' own words, from a seed.
 *
 * Names are few and live ones are drawn more often than dead ones, so that most operations meet something.
 */
import type { Prng } from '../../src/core/prng.ts';
import type { Json, RecordedOp } from '../../src/scenarios/iommufd/recorded-sequence.ts';

const NAMES = 3;
const PASIDS = [0, 1, 2, 7, 1024];
const NEST_DATA = { dtype: 57005, dlen: 8 };

type Draw = (of: Prng) => { readonly [argument: string]: Json };

const name = (kind: string) => (of: Prng) => `$${kind}${of.below(NAMES)}`;
const fresh = (kind: string) => (of: Prng) => `${kind}${of.below(NAMES)}`;
const one = (of: Prng, values: readonly number[]): number => values[of.below(values.length)] ?? 0;
const hex = (value: number): string => `0x${value.toString(16)}`;
const any = (of: Prng): string =>
  name(['io', 'h', 'd', 'fq', 'vi', 'vd', 'hq'][of.below(7)] ?? 'h')(of);
const stdev = (of: Prng): string => `${name('d')(of)}.s`;
const target = (of: Prng): string => (of.below(4) === 0 ? name('io')(of) : name('h')(of));

/** Each with its weight. */
const OPERATIONS: readonly (readonly [weight: number, op: string, draw: Draw])[] = [
  [3, 'ioas_alloc', (of) => ({ out: fresh('io')(of) })],
  [
    2,
    'ioas_map',
    (of) => ({ ioas: name('io')(of), iova: hex(0x1000000 + of.below(16) * 4096), flags: 7 }),
  ],
  [1, 'ioas_unmap', (of) => ({ ioas: name('io')(of), iova: '0x0', len: '0xffffffffffffffff' })],
  [
    4,
    'mock_domain',
    (of) => ({ pt: target(of), flags: one(of, [0, 4, 4, 5]), out: fresh('d')(of) }),
  ],
  [3, 'fault_alloc', (of) => ({ out: fresh('fq')(of) })],
  [
    8,
    'hwpt_alloc',
    (of) => ({
      dev: name('d')(of),
      pt: name('io')(of),
      flags: one(of, [0, 1, 4, 9, 12, 12]),
      fault: name('fq')(of),
      out: fresh('h')(of),
    }),
  ],
  [
    4,
    'hwpt_alloc',
    (of) => ({
      dev: name('d')(of),
      pt: of.below(2) === 0 ? name('h')(of) : name('vi')(of),
      flags: one(of, [0, 4, 12]),
      fault: name('fq')(of),
      ...NEST_DATA,
      out: fresh('h')(of),
    }),
  ],
  [8, 'replace', (of) => ({ stdev: stdev(of), pt: target(of), out: fresh('h')(of) })],
  [
    6,
    'pasid_attach',
    (of) => ({ stdev: stdev(of), pasid: one(of, PASIDS), pt: target(of), out: fresh('h')(of) }),
  ],
  [
    3,
    'pasid_replace',
    (of) => ({ stdev: stdev(of), pasid: one(of, PASIDS), pt: target(of), out: fresh('h')(of) }),
  ],
  [5, 'pasid_detach', (of) => ({ stdev: stdev(of), pasid: one(of, PASIDS) })],
  [
    24,
    'iopf',
    (of) => ({
      dev: name('d')(of),
      pasid: one(of, PASIDS),
      grpid: of.below(8),
      ...(of.below(4) === 0 ? { partial: 1 } : {}),
    }),
  ],
  [14, 'fread', (of) => ({ fq: name('fq')(of), n: of.below(5) })],
  [2, 'fread', (of) => ({ fq: name('fq')(of), n: 2, badptr: 1 })],
  [
    12,
    'fwrite',
    (of) => ({
      fq: name('fq')(of),
      resp: Array.from({ length: 1 + of.below(3) }, () => [of.below(6), one(of, [0, 0, 1, 2])]),
    }),
  ],
  [1, 'poll', (of) => ({ fd: name('fq')(of) })],
  [2, 'close', (of) => ({ fd: name('fq')(of) })],
  [12, 'destroy', (of) => ({ id: of.below(3) === 0 ? stdev(of) : any(of) })],
  [2, 'viommu_alloc', (of) => ({ dev: name('d')(of), hwpt: name('h')(of), out: fresh('vi')(of) })],
  [
    2,
    'vdevice_alloc',
    (of) => ({
      viommu: name('vi')(of),
      dev: name('d')(of),
      virt_id: hex(of.below(4)),
      out: fresh('vd')(of),
    }),
  ],
  [1, 'veventq_alloc', (of) => ({ viommu: name('vi')(of), depth: 2, out: fresh('vq')(of) })],
  [2, 'trigger_vevent', (of) => ({ dev: name('d')(of) })],
  [2, 'vread', (of) => ({ vq: name('vq')(of), n: 2 })],
  [1, 'close', (of) => ({ fd: name('vq')(of) })],
  [
    1,
    'hw_queue_alloc',
    (of) => ({
      viommu: name('vi')(of),
      index: of.below(3),
      iova: hex(0x1000000 + of.below(16) * 4096),
      out: fresh('hq')(of),
    }),
  ],
  [1, 'hwpt_invalidate', (of) => ({ id: name('h')(of), ents: [[of.below(3), of.below(6)]] })],
];

const WEIGHT = OPERATIONS.reduce((sum, [weight]) => sum + weight, 0);

export function randomOperation(of: Prng): RecordedOp {
  let left = of.below(WEIGHT);
  for (const [weight, op, draw] of OPERATIONS) {
    if (left < weight) return { op, ...draw(of) };
    left -= weight;
  }
  return { op: 'ioas_alloc', out: 'io0' };
}
