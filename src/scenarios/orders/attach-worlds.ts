/**
 * Attach worlds: small worlds in which something is attached, and used once the attach has returned.
 */
import type { OperationSpec, UnitScenario } from '../explore/unit/scenario.ts';
import { counted, type OrderWorld, ofUnit } from './order-world.ts';

const START = { kind: 'start-use', attachment: 0 } as const;

const attached = (
  name: string,
  pasid: number | undefined,
  ...operations: readonly OperationSpec[]
): UnitScenario => ({
  name,
  sentence: 'a place is attached and then used',
  devices: [{ groups: [{ attachment: 0 }] }],
  processes: [],
  domains: [{ kind: 'paging', handlesFaults: true }],
  attachments: [{ device: 0, pasid }],
  threads: [{ name: 'user', operations }],
  hasLink: true,
});

/** What the unit found in the place before is still in its caches. */
const attachedUnderDma = (
  name: string,
  pasid: number | undefined,
  ...operations: readonly OperationSpec[]
): UnitScenario => ({
  ...attached(name, pasid, ...operations),
  sentence: 'a place is attached, and its device reads through it',
  devices: [{ groups: [] }],
  hasLink: false,
  hasDma: true,
});

const PASID = { kind: 'attach-pasid', attachment: 0, domain: 0 } as const;
const FUNCTION = { kind: 'attach-rid', attachment: 0, domain: 0 } as const;

export const PASID_ATTACH_WORLDS: readonly OrderWorld[] = [
  counted('attach-pasid', attached('attach-and-use', 1, PASID, START)),
  ofUnit('attach-pasid', attachedUnderDma('attach-under-dma', 1, PASID, START), ['vtd']),
];

export const FUNCTION_ATTACH_WORLDS: readonly OrderWorld[] = [
  counted('attach-rid', attached('attach-function-and-use', undefined, FUNCTION, START), [
    'vtd',
    'smmuv3',
  ]),
  ofUnit('attach-rid', attached('attach-function-and-use', undefined, FUNCTION, START), ['amd']),
  ofUnit('attach-rid', attachedUnderDma('attach-function-under-dma', undefined, FUNCTION, START), [
    'vtd',
  ]),
];

/** A process that is there, and one that is given its PASID. */
const BIND_AND_USE: UnitScenario = {
  ...attached('bind-and-use', 1, { kind: 'bind-sva', attachment: 0, domain: 0 }, START),
  sentence: 'a process is bound, and its device used',
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }],
};

export const BIND_WORLDS: readonly OrderWorld[] = [counted('bind-sva', BIND_AND_USE)];
