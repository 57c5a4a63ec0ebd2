/**
 * VT-d scenarios: the small worlds that are explored by name.
 *
 * A device whose driver binds processes stops its use of a PASID before it unbinds, as the kernel asks of it. Where a
 * domain is attached for a user (a function, or a PASID of its choice) nobody stops the device: it goes on until its
 * entry no longer translates, and what it sent before is on its way.
 */
import type { AttachmentSpec, GroupSpec, OperationSpec, VtdScenario } from './scenario.ts';

const SVA = { kind: 'sva', process: 0 } as const;
const OTHER_SVA = { kind: 'sva', process: 1 } as const;
const FAULTS = { kind: 'paging', handlesFaults: true } as const;
const PLAIN = { kind: 'paging', handlesFaults: false } as const;
const GROUP: GroupSpec = { attachment: 0 };
const TWICE: GroupSpec = { attachment: 0, uses: 2 };
const BOUND: AttachmentSpec = { device: 0, pasid: 1, domain: 0 };
const FUNCTION: AttachmentSpec = { device: 0, pasid: undefined, domain: 0 };

const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });
const STOP = { kind: 'stop-use', attachment: 0 } as const;
const START = { kind: 'start-use', attachment: 0 } as const;
const UNBIND = { kind: 'unbind-sva', attachment: 0 } as const;
const EXIT = { kind: 'exit', process: 0 } as const;
const BIND_SUCCESSOR = { kind: 'bind-sva', attachment: 0, domain: 1 } as const;

/** One device with one group, bound to one process. */
const ONE: Omit<VtdScenario, 'name' | 'sentence'> = {
  devices: [{ groups: [GROUP] }],
  processes: [{}],
  domains: [SVA],
  attachments: [BOUND],
  threads: [],
};

/** One device with one group, on a PASID that its user attaches to page tables with a fault handler. */
const USER: Omit<VtdScenario, 'name' | 'sentence'> = {
  ...ONE,
  processes: [],
  domains: [FAULTS, PLAIN],
  hasLink: true,
};

/** As `USER`, on the function itself. */
const USER_FUNCTION: Omit<VtdScenario, 'name' | 'sentence'> = { ...USER, attachments: [FUNCTION] };

export const REPORT: VtdScenario = {
  ...ONE,
  name: 'report',
  sentence: 'a group of two pages goes through ring, thread and worker and is answered, twice',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1], uses: 2 }], credits: 2 }],
  processes: [{ pages: 2 }],
  hasLink: true,
};

export const UNBIND_LIVE: VtdScenario = {
  ...ONE,
  name: 'unbind-live',
  sentence: 'a process that lives on unbinds with two groups under way',
  devices: [{ groups: [GROUP, { ...GROUP, prgIndex: 1 }] }],
  threads: [thread('unbind', STOP, UNBIND)],
};

export const EXIT_UNBIND: VtdScenario = {
  ...ONE,
  name: 'exit-unbind',
  sentence: 'a process exits with a group under way, and unbinds when its files are closed',
  threads: [thread('process', EXIT, STOP, UNBIND)],
};

export const EXIT_BESIDE_UNBIND: VtdScenario = {
  ...ONE,
  name: 'exit-beside-unbind',
  sentence: 'a process exits while another thread, which has its files too, unbinds',
  threads: [thread('process', EXIT), thread('unbind', STOP, UNBIND)],
};

export const EXIT_REBIND: VtdScenario = {
  ...ONE,
  name: 'exit-rebind',
  sentence: 'a process exits and unbinds, and another one is given its PASID and binds',
  processes: [{}, { succeeds: 0 }],
  domains: [SVA, OTHER_SVA],
  threads: [thread('process', EXIT, STOP, UNBIND), thread('successor', BIND_SUCCESSOR)],
};

export const CUT_REBIND: VtdScenario = {
  ...EXIT_REBIND,
  name: 'cut-rebind',
  sentence:
    'a device stops in mid-group, its process exits, and the next owner of the PASID uses the same index',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1], uses: 2, mayCut: true }] }],
  processes: [{ pages: 2 }, { pages: 2, succeeds: 0 }, {}],
  domains: [SVA, OTHER_SVA, { kind: 'sva', process: 2 }],
  attachments: [BOUND, { device: 0, pasid: 2, domain: 2 }],
  threads: [thread('process', EXIT, STOP, UNBIND), thread('successor', BIND_SUCCESSOR, START)],
};

export const TWO_PASIDS_ONE_INDEX: VtdScenario = {
  ...ONE,
  name: 'two-pasids-one-index',
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

export const OVERFLOW: VtdScenario = {
  ...ONE,
  name: 'overflow',
  sentence: 'two groups meet a ring with room for one request, each twice',
  devices: [{ groups: [TWICE, { ...TWICE, prgIndex: 1 }] }],
  ringCapacity: 1,
  answersDroppedLast: true,
};

export const OVERFLOW_PARTIALS: VtdScenario = {
  ...OVERFLOW,
  name: 'overflow-partials',
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

export const RID_DETACH: VtdScenario = {
  ...USER_FUNCTION,
  name: 'rid-detach',
  sentence: 'a function is blocked while its own requests are under way',
  threads: [thread('detach', { kind: 'detach-rid', attachment: 0 })],
};

export const PASID_DETACH: VtdScenario = {
  ...USER,
  name: 'pasid-detach',
  sentence: 'a PASID is detached while its requests are under way',
  threads: [thread('detach', { kind: 'detach-pasid', attachment: 0 })],
};

export const PASID_REPLACE: VtdScenario = {
  ...USER,
  name: 'pasid-replace',
  sentence: 'a PASID is given a domain that handles no faults while its requests are under way',
  threads: [thread('replace', { kind: 'replace-pasid', attachment: 0, domain: 1 })],
};

export const PASID_REPLACE_FAULTS: VtdScenario = {
  ...USER,
  name: 'pasid-replace-faults',
  sentence: 'a PASID is given another domain that handles faults while its device goes on',
  devices: [{ groups: [TWICE] }],
  domains: [FAULTS, FAULTS],
  threads: [thread('replace', { kind: 'replace-pasid', attachment: 0, domain: 1 })],
};

export const RID_REPLACE: VtdScenario = {
  ...USER_FUNCTION,
  name: 'rid-replace',
  sentence: 'a function is given another domain that handles faults while it goes on',
  devices: [{ groups: [TWICE] }],
  domains: [FAULTS, FAULTS],
  threads: [thread('replace', { kind: 'replace-rid', attachment: 0, domain: 1 })],
};

export const ATTACH_DETACH: VtdScenario = {
  ...USER,
  name: 'attach-detach',
  sentence: 'a PASID and then the function are attached, used and detached',
  domains: [FAULTS, FAULTS],
  devices: [{ groups: [GROUP, { ...GROUP, attachment: 1, prgIndex: 1 }] }],
  attachments: [
    { device: 0, pasid: 1 },
    { device: 0, pasid: undefined },
  ],
  threads: [
    thread(
      'user',
      { kind: 'attach-pasid', attachment: 0, domain: 0 },
      START,
      { kind: 'attach-rid', attachment: 1, domain: 1 },
      { kind: 'start-use', attachment: 1 },
      { kind: 'detach-pasid', attachment: 0 },
      { kind: 'detach-rid', attachment: 1 },
    ),
  ],
};

export const TWO_DEVICES_DRAIN: VtdScenario = {
  ...USER,
  name: 'two-devices-drain',
  sentence: 'two devices behind one unit are detached at once, a request of one under way',
  devices: [{ groups: [] }, { groups: [{ attachment: 1 }] }],
  domains: [FAULTS, FAULTS],
  attachments: [BOUND, { device: 1, pasid: 1, domain: 1 }],
  hasLink: false,
  threads: [
    thread('first detach', { kind: 'detach-pasid', attachment: 0 }),
    thread('second detach', { kind: 'detach-pasid', attachment: 1 }),
  ],
};

export const UNMAP_VS_FAULT: VtdScenario = {
  ...ONE,
  name: 'unmap-vs-fault',
  sentence: 'a page is unmapped while a fault on it is handled and its device keeps translations',
  threads: [thread('unmap', { kind: 'unmap', process: 0, page: 0 })],
  hasTranslations: true,
  hasInvalidationQueue: true,
};

export const EXIT_TRANSLATIONS: VtdScenario = {
  ...EXIT_UNBIND,
  name: 'exit-translations',
  sentence: 'a process exits and unbinds, and its device keeps what it has translated',
  hasTranslations: true,
  hasInvalidationQueue: true,
};

export const BAD_REQUEST: VtdScenario = {
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

export const DETACH_IN_MID_GROUP: VtdScenario = {
  ...ONE,
  name: 'detach-in-mid-group',
  sentence:
    'a device that is stopped leaves a group unfinished, and its PASID is detached beside another one',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1], mayCut: true }] }],
  processes: [],
  domains: [{ kind: 'paging', handlesFaults: true, pages: 2 }, FAULTS],
  attachments: [BOUND, { device: 0, pasid: 2, domain: 1 }],
  threads: [thread('detach', STOP, { kind: 'detach-pasid', attachment: 0 })],
};

export const NO_HANDLER: VtdScenario = {
  ...ONE,
  name: 'no-handler',
  sentence: 'a device sends a group of two for a domain that handles no faults',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1] }] }],
  processes: [],
  domains: [PLAIN],
};

export const STOP_MARKER: VtdScenario = {
  ...ONE,
  name: 'stop-marker',
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

export const BIND_RACE: VtdScenario = {
  ...ONE,
  name: 'bind-race',
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
