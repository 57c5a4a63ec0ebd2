/**
 * Domain scenarios: domain ids and cache tags of a VT-d unit under DMA. No page requests: what is judged is what caches
 * hold, and how what holds them is counted.
 */
import type { OperationSpec, UnitScenario } from './scenario.ts';

const PLAIN = { kind: 'paging', handlesFaults: false } as const;
const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });

const UNDER_DMA: Omit<UnitScenario, 'name' | 'sentence' | 'threads' | 'domains' | 'attachments'> = {
  devices: [{ groups: [] }],
  processes: [],
  hasDma: true,
  hasCacheTags: true,
};

export const NESTED_DOMAIN: UnitScenario = {
  ...UNDER_DMA,
  name: 'nested-domain',
  sentence: "a page goes from a parent's tables while a guest's domain over them comes and goes",
  domains: [PLAIN, { kind: 'nested', parent: 0 }],
  attachments: [{ device: 0, pasid: undefined }],
  threads: [
    thread(
      'guest',
      { kind: 'attach-rid', attachment: 0, domain: 1 },
      { kind: 'start-use', attachment: 0 },
      { kind: 'detach-rid', attachment: 0 },
    ),
    thread('host', { kind: 'unmap-domain', domain: 0 }),
  ],
};

export const NESTED_BESIDE_PARENT: UnitScenario = {
  ...UNDER_DMA,
  name: 'nested-beside-parent',
  sentence: 'a parent and a domain nested in it hang on two functions, each with an id of its own',
  devices: [{ groups: [] }, { groups: [] }],
  domains: [PLAIN, { kind: 'nested', parent: 0 }],
  attachments: [
    { device: 0, pasid: undefined, domain: 1 },
    { device: 1, pasid: undefined, domain: 0 },
  ],
  threads: [
    thread('guest', { kind: 'detach-rid', attachment: 0 }),
    thread('host', { kind: 'unmap-domain', domain: 0 }),
  ],
};

export const DETACH_BESIDE_UNMAP: UnitScenario = {
  ...UNDER_DMA,
  name: 'detach-beside-unmap',
  sentence: 'a function is detached while a page goes from the tables of the domain it leaves',
  domains: [PLAIN],
  attachments: [{ device: 0, pasid: undefined, domain: 0 }],
  threads: [
    thread('user', { kind: 'detach-rid', attachment: 0 }),
    thread('host', { kind: 'unmap-domain', domain: 0 }),
  ],
};

export const DOMAIN_AT_THREE_PLACES: UnitScenario = {
  ...UNDER_DMA,
  name: 'domain-at-three-places',
  sentence:
    'a domain hangs on a function, a PASID of it and another function, and leaves them one by one',
  devices: [{ groups: [] }, { groups: [] }],
  domains: [PLAIN],
  attachments: [
    { device: 0, pasid: undefined, domain: 0 },
    { device: 0, pasid: 5, domain: 0 },
    { device: 1, pasid: undefined },
  ],
  threads: [
    thread(
      'user',
      { kind: 'attach-rid', attachment: 2, domain: 0 },
      { kind: 'start-use', attachment: 2 },
      { kind: 'detach-rid', attachment: 0 },
      { kind: 'detach-pasid', attachment: 1 },
      { kind: 'detach-rid', attachment: 2 },
    ),
  ],
};

export const SVA_ON_ANY_PASID: UnitScenario = {
  ...UNDER_DMA,
  name: 'sva-on-any-pasid',
  sentence:
    'a process hangs on two PASIDs of a function, one is blocked, a page goes from its tables',
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }],
  attachments: [
    { device: 0, pasid: 7, domain: 0 },
    { device: 0, pasid: 9, domain: 0 },
  ],
  threads: [
    thread('driver', { kind: 'stop-use', attachment: 0 }, { kind: 'unbind-sva', attachment: 0 }),
    thread('process', { kind: 'unmap-domain', domain: 0 }),
  ],
};
