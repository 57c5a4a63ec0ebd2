/**
 * Detach worlds: small worlds in which a process is unbound, or a PASID or a function detached.
 */
import { unmapBesideUnbind } from '../explore/lifetime/scenarios.ts';
import type {
  AttachmentSpec,
  GroupSpec,
  OperationSpec,
  UnitScenario,
} from '../explore/unit/scenario.ts';
import { EXIT_REBIND, EXIT_UNBIND } from '../explore/unit/scenarios.ts';
import { DETACH_IN_MID_GROUP, PASID_DETACH, RID_DETACH } from '../explore/unit/user-scenarios.ts';
import {
  DETACH_UNDER_DMA,
  FUNCTION_DETACH_UNDER_DMA,
  UNBIND_EXIT_REBIND,
} from '../races/left-out-dma.ts';
import {
  BOUND_AGAIN,
  FUNCTION_AGAIN,
  FUNCTION_IN_MID_GROUP,
  PASID_AGAIN,
} from '../races/left-out-scenarios.ts';
import { LATE_REQUEST } from '../races/report-scenarios.ts';
import { counted, type OrderWorld, ofUnit, type Vendor } from './order-world.ts';

const STOP = { kind: 'stop-use', attachment: 0 } as const;
const UNBIND = { kind: 'unbind-sva', attachment: 0 } as const;
const BOUND: AttachmentSpec = { device: 0, pasid: 1, domain: 0 };
const CUT: GroupSpec = { attachment: 0, pages: [0, 1], mayCut: true };
const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });

/** Whose devices send requests of several pages, so that some may be partial. */
export const WITH_PARTIALS: readonly Vendor[] = ['vtd', 'amd'];
/** Whose PASID entries are several words, written one after the other. */
export const WORD_BY_WORD: readonly Vendor[] = ['vtd'];
/** Whose caches are those that the DMA path has. */
export const WITH_PASID_CACHE: readonly Vendor[] = ['vtd'];

/** A process bound to a device that sends nothing. */
const QUIET: Omit<UnitScenario, 'name' | 'sentence' | 'threads'> = {
  devices: [{ groups: [] }],
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [BOUND],
};

const FETCH_BESIDE_UNBIND: UnitScenario = {
  ...QUIET,
  name: 'fetch-beside-unbind',
  sentence: 'the unit fetches the entry of a PASID while it is unbound',
  threads: [thread('unbind', STOP, UNBIND)],
  fetchesEntries: true,
};

/** Its driver has stopped the device, which keeps what it has. */
const LISTED_UNMAP_BESIDE_UNBIND: UnitScenario = {
  ...QUIET,
  name: 'listed-unmap-beside-unbind',
  sentence: 'a page is unmapped for whom the domain lists, while the PASID is unbound',
  processes: [{ isResident: true }],
  threads: [thread('unmap', { kind: 'unmap', process: 0, page: 0 }), thread('unbind', UNBIND)],
  hasTranslations: true,
  hasAttachmentLists: true,
};

const EXIT_BESIDE_UNBIND_UNDER_DMA: UnitScenario = {
  ...QUIET,
  name: 'exit-beside-unbind-under-dma',
  sentence: 'a process exits while its PASID is unbound, and its device has read through it',
  threads: [thread('process', { kind: 'exit', process: 0 }), thread('unbind', STOP, UNBIND)],
  hasDma: true,
  hasAttachmentLists: true,
};

const EXIT_BESIDE_LISTED_UNBIND: UnitScenario = {
  ...EXIT_BESIDE_UNBIND_UNDER_DMA,
  name: 'exit-beside-listed-unbind',
  sentence: 'a process exits while its PASID is unbound, and its device keeps translations',
  processes: [{ isResident: true }],
  hasDma: false,
  hasTranslations: true,
};

/** Another PASID keeps the device on its fault queue. */
const UNBIND_BESIDE_PARTIALS: UnitScenario = {
  ...QUIET,
  name: 'unbind-beside-partials',
  sentence:
    'a device that is stopped leaves a group unfinished, and one of its two PASIDs is unbound',
  devices: [{ groups: [CUT] }],
  processes: [{ pages: 2 }, {}],
  domains: [
    { kind: 'sva', process: 0 },
    { kind: 'sva', process: 1 },
  ],
  attachments: [BOUND, { device: 0, pasid: 2, domain: 1 }],
  threads: [thread('unbind', STOP, UNBIND)],
};

export const UNBIND_WORLDS: readonly OrderWorld[] = [
  { scenario: unmapBesideUnbind, part: 'list-unbind', vendors: ['vtd'] },
  ofUnit('unbind-sva', FETCH_BESIDE_UNBIND, WORD_BY_WORD),
  ofUnit('unbind-sva', LISTED_UNMAP_BESIDE_UNBIND),
  ofUnit('unbind-sva', UNBIND_EXIT_REBIND, WITH_PASID_CACHE),
  ofUnit('unbind-sva', EXIT_BESIDE_UNBIND_UNDER_DMA, WITH_PASID_CACHE),
  ofUnit('unbind-sva', EXIT_BESIDE_LISTED_UNBIND, ['amd', 'smmuv3']),
  ofUnit('unbind-sva', BOUND_AGAIN),
  ofUnit('unbind-sva', LATE_REQUEST),
  counted('unbind-sva', EXIT_UNBIND),
  ofUnit('unbind-sva', EXIT_REBIND),
  ofUnit('unbind-sva', UNBIND_BESIDE_PARTIALS, WITH_PARTIALS),
];

/** An entry that is fetched while a user's domain is taken off it, or another put in its place. */
export const fetchBeside = (
  name: string,
  pasid: number | undefined,
  operation: OperationSpec,
): UnitScenario => ({
  ...QUIET,
  name: `fetch-beside-${name}`,
  sentence: `the unit fetches an entry while ${name} changes it`,
  processes: [],
  domains: [
    { kind: 'paging', handlesFaults: false },
    { kind: 'paging', handlesFaults: false },
  ],
  attachments: [{ device: 0, pasid, domain: 0 }],
  threads: [thread('user', operation)],
  fetchesEntries: true,
});

export const PASID_DETACH_WORLDS: readonly OrderWorld[] = [
  ofUnit(
    'detach-pasid',
    fetchBeside('detach-pasid', 1, { kind: 'detach-pasid', attachment: 0 }),
    WORD_BY_WORD,
  ),
  ofUnit('detach-pasid', DETACH_UNDER_DMA, WITH_PASID_CACHE),
  ofUnit('detach-pasid', PASID_AGAIN),
  counted('detach-pasid', PASID_DETACH),
  ofUnit('detach-pasid', DETACH_IN_MID_GROUP, WITH_PARTIALS),
];

/** On AMD the function itself is on no list of its domain, and its PASIDs need its table. */
export const FUNCTION_DETACH_WORLDS: readonly OrderWorld[] = [
  ofUnit(
    'detach-rid',
    fetchBeside('detach-rid', undefined, { kind: 'detach-rid', attachment: 0 }),
    WORD_BY_WORD,
  ),
  ofUnit('detach-rid', FUNCTION_DETACH_UNDER_DMA, WITH_PASID_CACHE),
  ofUnit('detach-rid', FUNCTION_AGAIN),
  counted('detach-rid', RID_DETACH, ['vtd', 'smmuv3']),
  ofUnit('detach-rid', RID_DETACH, ['amd']),
  ofUnit('detach-rid', FUNCTION_IN_MID_GROUP, ['vtd']),
];
