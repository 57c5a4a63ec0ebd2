/**
 * Unit scenarios: the small worlds of a unit whose devices are bound to processes.
 *
 * A device whose driver binds processes stops its use of a PASID before it unbinds, as the kernel asks of it.
 */
import type { AttachmentSpec, GroupSpec, OperationSpec, UnitScenario } from './scenario.ts';

const SVA = { kind: 'sva', process: 0 } as const;
const OTHER_SVA = { kind: 'sva', process: 1 } as const;
const GROUP: GroupSpec = { attachment: 0 };
const TWICE: GroupSpec = { attachment: 0, uses: 2 };
const BOUND: AttachmentSpec = { device: 0, pasid: 1, domain: 0 };

/** Whose drivers can run it: those whose faults are page requests, or all. */
const REQUESTING = ['vtd', 'amd'] as const;
const EVERY_UNIT = ['vtd', 'amd', 'smmuv3'] as const;

const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });
const STOP = { kind: 'stop-use', attachment: 0 } as const;
const START = { kind: 'start-use', attachment: 0 } as const;
const UNBIND = { kind: 'unbind-sva', attachment: 0 } as const;
const EXIT = { kind: 'exit', process: 0 } as const;
const BIND_SUCCESSOR = { kind: 'bind-sva', attachment: 0, domain: 1 } as const;

/** One device with one group, bound to one process. */
const ONE: Omit<UnitScenario, 'name' | 'sentence'> = {
  devices: [{ groups: [GROUP] }],
  processes: [{}],
  domains: [SVA],
  attachments: [BOUND],
  threads: [],
};

export const REPORT: UnitScenario = {
  ...ONE,
  name: 'report',
  units: REQUESTING,
  sentence: 'a group of two pages goes through ring, thread and worker and is answered, twice',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1], uses: 2 }], credits: 2 }],
  processes: [{ pages: 2 }],
  hasLink: true,
};

export const UNBIND_LIVE: UnitScenario = {
  ...ONE,
  name: 'unbind-live',
  units: EVERY_UNIT,
  sentence: 'a process that lives on unbinds with two groups under way',
  devices: [{ groups: [GROUP, { ...GROUP, prgIndex: 1 }] }],
  threads: [thread('unbind', STOP, UNBIND)],
};

export const EXIT_UNBIND: UnitScenario = {
  ...ONE,
  name: 'exit-unbind',
  units: EVERY_UNIT,
  sentence: 'a process exits with a group under way, and unbinds when its files are closed',
  threads: [thread('process', EXIT, STOP, UNBIND)],
};

export const EXIT_BESIDE_UNBIND: UnitScenario = {
  ...ONE,
  name: 'exit-beside-unbind',
  units: EVERY_UNIT,
  sentence: 'a process exits while another thread, which has its files too, unbinds',
  threads: [thread('process', EXIT), thread('unbind', STOP, UNBIND)],
};

export const EXIT_REBIND: UnitScenario = {
  ...ONE,
  name: 'exit-rebind',
  units: EVERY_UNIT,
  sentence: 'a process exits and unbinds, and another one is given its PASID and binds',
  processes: [{}, { succeeds: 0 }],
  domains: [SVA, OTHER_SVA],
  threads: [thread('process', EXIT, STOP, UNBIND), thread('successor', BIND_SUCCESSOR)],
};

export const CUT_REBIND: UnitScenario = {
  ...EXIT_REBIND,
  name: 'cut-rebind',
  units: REQUESTING,
  sentence:
    'a device stops in mid-group, its process exits, and the next owner of the PASID uses the same index',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1], uses: 2, mayCut: true }] }],
  processes: [{ pages: 2 }, { pages: 2, succeeds: 0 }, {}],
  domains: [SVA, OTHER_SVA, { kind: 'sva', process: 2 }],
  attachments: [BOUND, { device: 0, pasid: 2, domain: 2 }],
  threads: [thread('process', EXIT, STOP, UNBIND), thread('successor', BIND_SUCCESSOR, START)],
};

export const TWO_PASIDS_ONE_INDEX: UnitScenario = {
  ...ONE,
  name: 'two-pasids-one-index',
  units: REQUESTING,
  sentence: 'a device uses one index for groups of two PASIDs at once',
  devices: [
    {
      groups: [
        { attachment: 0, pages: [2, 3] },
        { attachment: 1, pages: [0, 1] },
      ],
    },
  ],
  processes: [{ pages: 4 }, { pages: 2 }],
  domains: [SVA, OTHER_SVA],
  attachments: [BOUND, { device: 0, pasid: 2, domain: 1 }],
};

export const OVERFLOW: UnitScenario = {
  ...ONE,
  name: 'overflow',
  units: REQUESTING,
  sentence: 'two groups meet a ring with room for one request, each twice',
  devices: [{ groups: [TWICE, { ...TWICE, prgIndex: 1 }] }],
  ringCapacity: 1,
  answersDroppedLast: true,
};

export const OVERFLOW_PARTIALS: UnitScenario = {
  ...OVERFLOW,
  name: 'overflow-partials',
  units: REQUESTING,
  sentence:
    'a group of two pages, sent twice, and another one meet a ring with room for one request',
  devices: [
    {
      groups: [
        { ...GROUP, pages: [0, 1], uses: 2 },
        { ...GROUP, prgIndex: 1 },
      ],
    },
  ],
  processes: [{ pages: 2 }],
};

export const UNMAP_VS_FAULT: UnitScenario = {
  ...ONE,
  name: 'unmap-vs-fault',
  units: EVERY_UNIT,
  sentence: 'a page is unmapped while a fault on it is handled and its device keeps translations',
  threads: [thread('unmap', { kind: 'unmap', process: 0, page: 0 })],
  hasTranslations: true,
  hasInvalidationQueue: true,
};

export const EXIT_TRANSLATIONS: UnitScenario = {
  ...EXIT_UNBIND,
  name: 'exit-translations',
  units: EVERY_UNIT,
  sentence: 'a process exits and unbinds, and its device keeps what it has translated',
  hasTranslations: true,
  hasInvalidationQueue: true,
};

export const BAD_REQUEST: UnitScenario = {
  ...ONE,
  name: 'bad-request',
  sentence:
    'the last request of a group is one that VT-d refuses, and the index is used for a good group',
  devices: [
    {
      groups: [
        { ...GROUP, pages: [0, 1], access: 'privileged-write', onlyFirstLast: true, uses: 2 },
      ],
    },
  ],
  processes: [{ pages: 2 }],
};

export const STOP_MARKER: UnitScenario = {
  ...ONE,
  name: 'stop-marker',
  units: REQUESTING,
  sentence: 'a device says with a stop marker that it sends no more, and its PASID is unbound',
  devices: [
    {
      groups: [
        { ...GROUP, sendsStopMarker: true },
        { ...GROUP, prgIndex: 1 },
      ],
    },
  ],
  threads: [thread('unbind', STOP, UNBIND)],
  hasLink: true,
};

export const BIND_RACE: UnitScenario = {
  ...ONE,
  name: 'bind-race',
  units: EVERY_UNIT,
  sentence: 'two threads bind and unbind one process and one device at once',
  devices: [{ groups: [] }],
  attachments: [{ device: 0, pasid: 1 }],
  threads: [0, 1].map((of) =>
    thread(
      `thread ${of}`,
      { kind: 'sva-bind', attachment: 0, process: 0 },
      { kind: 'sva-unbind', attachment: 0, process: 0 },
    ),
  ),
};
