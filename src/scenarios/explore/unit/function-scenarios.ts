/**
 * Function scenarios: a function's own domain comes, changes and goes beside the PASIDs of the function.
 *
 * On VT-d and SMMUv3 a PASID has an entry of its own and minds nothing of it. On AMD units the table of PASIDs is the
 * function's domain's.
 */
import type { AttachmentSpec, DomainSpec, OperationSpec, UnitScenario } from './scenario.ts';

const EVERY_UNIT = ['vtd', 'amd', 'smmuv3'] as const;
/** What the DMA API maps through: it handles no faults. */
const DEFAULT_DOMAIN: DomainSpec = { kind: 'paging', handlesFaults: false };
const BOUND = 0;
const FUNCTION = 1;
const ATTACHED: readonly AttachmentSpec[] = [
  { device: 0, pasid: 1, domain: 0 },
  { device: 0, pasid: undefined, domain: 1 },
];
const UNBIND: readonly OperationSpec[] = [
  { kind: 'stop-use', attachment: BOUND },
  { kind: 'unbind-sva', attachment: BOUND },
];

const UNDER_BOND = {
  units: EVERY_UNIT,
  devices: [{ groups: [{ attachment: BOUND }] }],
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }, DEFAULT_DOMAIN, DEFAULT_DOMAIN],
  attachments: ATTACHED,
} satisfies Partial<UnitScenario>;

export const FUNCTION_LIFE: UnitScenario = {
  ...UNDER_BOND,
  name: 'function-life',
  sentence:
    'a function is attached, a process is bound, used and unbound, the function is detached',
  attachments: [
    { device: 0, pasid: 1 },
    { device: 0, pasid: undefined },
  ],
  threads: [
    {
      name: 'driver',
      operations: [
        { kind: 'attach-rid', attachment: FUNCTION, domain: 1 },
        { kind: 'bind-sva', attachment: BOUND, domain: 0 },
        { kind: 'start-use', attachment: BOUND },
        ...UNBIND,
        { kind: 'detach-rid', attachment: FUNCTION },
      ],
    },
  ],
};

export const FUNCTION_DETACH: UnitScenario = {
  ...UNDER_BOND,
  name: 'function-detach',
  sentence: 'the domain of a function is detached while a process is bound to a PASID of it',
  threads: [
    { name: 'owner', operations: [{ kind: 'detach-rid', attachment: FUNCTION }, ...UNBIND] },
  ],
};

export const FUNCTION_REPLACE: UnitScenario = {
  ...UNDER_BOND,
  name: 'function-replace',
  sentence: 'the domain of a function is changed while a process is bound to a PASID of it',
  threads: [
    {
      name: 'owner',
      operations: [{ kind: 'replace-rid', attachment: FUNCTION, domain: 2 }, ...UNBIND],
    },
  ],
};

export const PROCESS_REPLACE: UnitScenario = {
  ...UNDER_BOND,
  name: 'process-replace',
  sentence: 'a PASID is given the address space of another process while its device goes on',
  devices: [{ groups: [{ attachment: BOUND, uses: 2 }] }],
  processes: [{}, {}],
  domains: [
    { kind: 'sva', process: 0 },
    { kind: 'sva', process: 1 },
  ],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [
    { name: 'replace', operations: [{ kind: 'replace-pasid', attachment: BOUND, domain: 1 }] },
  ],
};

export const UNBIND_IN_MID_GROUP: UnitScenario = {
  ...UNDER_BOND,
  name: 'unbind-in-mid-group',
  units: ['vtd', 'amd'],
  sentence:
    'a device that is stopped leaves a group unfinished, and its process unbinds beside another',
  devices: [{ groups: [{ attachment: BOUND, pages: [0, 1], mayCut: true }] }],
  processes: [{ pages: 2 }, {}],
  domains: [
    { kind: 'sva', process: 0 },
    { kind: 'sva', process: 1 },
  ],
  attachments: [
    { device: 0, pasid: 1, domain: 0 },
    { device: 0, pasid: 2, domain: 1 },
  ],
  threads: [{ name: 'unbind', operations: UNBIND }],
};

export const UNBIND_UNDERWAY: UnitScenario = {
  ...UNDER_BOND,
  name: 'unbind-underway',
  units: ['amd', 'smmuv3'],
  sentence: 'a process unbinds beside its exit, and its device goes on until the entry is gone',
  devices: [{ groups: [{ attachment: BOUND }] }],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [
    { name: 'process', operations: [{ kind: 'exit', process: 0 }] },
    { name: 'unbind', operations: [{ kind: 'unbind-sva', attachment: BOUND }] },
  ],
  hasLink: true,
};

export const RESPONSE_NEEDS_PASID: UnitScenario = {
  ...UNDER_BOND,
  name: 'response-needs-pasid',
  sentence:
    'a function whose own domain is identity takes only responses with the PASID of its request',
  devices: [{ groups: [{ attachment: BOUND }], needsPasidInResponse: true }],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [],
};

export const REQUEST_WITHOUT_PASID: UnitScenario = {
  ...UNDER_BOND,
  name: 'request-without-pasid',
  units: ['amd'],
  sentence: 'a function asks for two pages without a PASID, and its driver refuses what has none',
  devices: [{ groups: [{ attachment: 0, pages: [0, 1] }] }],
  processes: [],
  domains: [{ kind: 'paging', handlesFaults: true, pages: 2 }],
  attachments: [{ device: 0, pasid: undefined, domain: 0 }],
  threads: [],
};
