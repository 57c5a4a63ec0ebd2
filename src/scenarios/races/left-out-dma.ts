/**
 * Left-out DMA: worlds in which a device reads on through caches that a detach, a replace or a release did not empty.
 */
import type { OperationSpec, UnitScenario } from '../explore/unit/scenario.ts';

const STOP = { kind: 'stop-use', attachment: 0 } as const;
const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });
const UNHANDLED = { kind: 'paging', handlesFaults: false } as const;
const FREE_FIRST = { kind: 'free-domain', domain: 0 } as const;

/** No page requests, so nothing is drained: what empties the caches is the list's own invalidations. */
const UNDER_DMA: Omit<UnitScenario, 'name' | 'sentence' | 'threads'> = {
  devices: [{ groups: [] }],
  processes: [],
  domains: [UNHANDLED, UNHANDLED, UNHANDLED],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  hasDma: true,
};

const FUNCTION_UNDER_DMA: Omit<UnitScenario, 'name' | 'sentence' | 'threads'> = {
  ...UNDER_DMA,
  attachments: [{ device: 0, pasid: undefined, domain: 0 }],
};

export const DETACH_UNDER_DMA: UnitScenario = {
  ...UNDER_DMA,
  name: 'detach-under-dma',
  sentence: 'a PASID is detached under DMA, its domain freed, and another one attached',
  threads: [
    thread('user', { kind: 'detach-pasid', attachment: 0 }, FREE_FIRST, {
      kind: 'attach-pasid',
      attachment: 0,
      domain: 1,
    }),
  ],
};

export const FUNCTION_DETACH_UNDER_DMA: UnitScenario = {
  ...FUNCTION_UNDER_DMA,
  name: 'function-detach-under-dma',
  sentence: 'a function is detached under DMA, its domain freed, and another one attached',
  threads: [
    thread('user', { kind: 'detach-rid', attachment: 0 }, FREE_FIRST, {
      kind: 'attach-rid',
      attachment: 0,
      domain: 1,
    }),
  ],
};

/** The second replace is given the id of the domain that was freed. */
export const REPLACE_UNDER_DMA: UnitScenario = {
  ...UNDER_DMA,
  name: 'replace-under-dma',
  sentence: 'the domain of a PASID is replaced under DMA and freed, and replaced once more',
  threads: [
    thread('user', { kind: 'replace-pasid', attachment: 0, domain: 1 }, FREE_FIRST, {
      kind: 'replace-pasid',
      attachment: 0,
      domain: 2,
    }),
  ],
};

export const FUNCTION_REPLACE_UNDER_DMA: UnitScenario = {
  ...FUNCTION_UNDER_DMA,
  name: 'function-replace-under-dma',
  sentence: 'the domain of a function is replaced under DMA and freed, and replaced once more',
  threads: [
    thread('user', { kind: 'replace-rid', attachment: 0, domain: 1 }, FREE_FIRST, {
      kind: 'replace-rid',
      attachment: 0,
      domain: 2,
    }),
  ],
};

/** The function has a domain of its own, so that a drain names its id and not that of processes. */
const HANDED_ON: Omit<UnitScenario, 'name' | 'sentence' | 'threads'> = {
  ...UNDER_DMA,
  processes: [{}, { succeeds: 0 }],
  domains: [{ kind: 'sva', process: 0 }, { kind: 'sva', process: 1 }, UNHANDLED],
  attachments: [
    { device: 0, pasid: 1, domain: 0 },
    { device: 0, pasid: undefined, domain: 2 },
  ],
};
const EXIT = { kind: 'exit', process: 0 } as const;
const UNBIND = { kind: 'unbind-sva', attachment: 0 } as const;
const SUCCESSOR = thread(
  'successor',
  { kind: 'bind-sva', attachment: 0, domain: 1 },
  { kind: 'start-use', attachment: 0 },
);

export const UNBIND_EXIT_REBIND: UnitScenario = {
  ...HANDED_ON,
  name: 'unbind-exit-rebind',
  sentence: 'a process unbinds and exits, and the next owner of its PASID does DMA',
  threads: [thread('process', STOP, UNBIND, EXIT), SUCCESSOR],
};

export const EXIT_REBIND_UNDER_DMA: UnitScenario = {
  ...HANDED_ON,
  name: 'exit-rebind-under-dma',
  sentence: 'a process exits under DMA and unbinds, and the next owner of its PASID does DMA',
  threads: [thread('process', EXIT, STOP, UNBIND), SUCCESSOR],
};
