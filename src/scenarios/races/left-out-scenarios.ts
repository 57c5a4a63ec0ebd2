/**
 * Left-out scenarios: worlds in which what a detach or replace left behind is met again.
 */
import { IOMMUFD_REPAIRED } from '../../machines/iommufd-rules.ts';
import type { ExploreScenario } from '../explore/explore-scenario.ts';
import { faultWorld } from '../explore/iommufd/fault-world.ts';
import type { GroupSpec, OperationSpec, UnitScenario } from '../explore/unit/scenario.ts';

const CUT: GroupSpec = { attachment: 0, pages: [0, 1], mayCut: true };
const TWO_PAGES = { kind: 'paging', handlesFaults: true, pages: 2 } as const;
const FAULTS = { kind: 'paging', handlesFaults: true } as const;
const STOP = { kind: 'stop-use', attachment: 0 } as const;
const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });

const DEVICE: Omit<UnitScenario, 'name' | 'sentence' | 'attachments' | 'threads'> = {
  devices: [{ groups: [{ attachment: 0 }] }],
  processes: [],
  domains: [FAULTS, FAULTS],
};

export const PASID_AGAIN: UnitScenario = {
  ...DEVICE,
  name: 'pasid-again',
  sentence: 'a PASID is detached and attached again',
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [
    thread(
      'user',
      STOP,
      { kind: 'detach-pasid', attachment: 0 },
      { kind: 'attach-pasid', attachment: 0, domain: 1 },
    ),
  ],
};

export const FUNCTION_AGAIN: UnitScenario = {
  ...DEVICE,
  name: 'function-again',
  sentence: 'a function is detached and attached again',
  attachments: [{ device: 0, pasid: undefined, domain: 0 }],
  threads: [
    thread(
      'user',
      STOP,
      { kind: 'detach-rid', attachment: 0 },
      { kind: 'attach-rid', attachment: 0, domain: 1 },
    ),
  ],
};

export const BOUND_AGAIN: UnitScenario = {
  ...DEVICE,
  name: 'bound-again',
  sentence: 'a PASID is unbound from a process that lives on, and attached again',
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }, FAULTS],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [
    thread(
      'process',
      STOP,
      { kind: 'unbind-sva', attachment: 0 },
      { kind: 'attach-pasid', attachment: 0, domain: 1 },
    ),
  ],
};

/** Another PASID keeps the device on the fault queue, so that leaving it does not tidy up. */
const IN_MID_GROUP: Omit<UnitScenario, 'name' | 'sentence' | 'threads'> = {
  devices: [{ groups: [CUT] }],
  processes: [],
  domains: [TWO_PAGES, FAULTS, TWO_PAGES],
  attachments: [
    { device: 0, pasid: undefined, domain: 0 },
    { device: 0, pasid: 2, domain: 1 },
  ],
};

export const FUNCTION_IN_MID_GROUP: UnitScenario = {
  ...IN_MID_GROUP,
  name: 'function-in-mid-group',
  sentence: 'a device leaves a group unfinished, and its function is detached beside a PASID',
  threads: [thread('detach', STOP, { kind: 'detach-rid', attachment: 0 })],
};

export const REPLACE_IN_MID_GROUP: UnitScenario = {
  ...IN_MID_GROUP,
  name: 'replace-in-mid-group',
  sentence: 'a device leaves a group unfinished, and the domain of its PASID is replaced',
  attachments: [
    { device: 0, pasid: 1, domain: 0 },
    { device: 0, pasid: 2, domain: 1 },
  ],
  threads: [thread('replace', STOP, { kind: 'replace-pasid', attachment: 0, domain: 2 })],
};

export const FUNCTION_REPLACE_IN_MID_GROUP: UnitScenario = {
  ...IN_MID_GROUP,
  name: 'function-replace-in-mid-group',
  sentence: 'a device leaves a group unfinished, and the domain of its function is replaced',
  threads: [thread('replace', STOP, { kind: 'replace-rid', attachment: 0, domain: 2 })],
};

/** Groups that wait in a fault file, or for the answer of whoever read them, when their handle goes. */
export const faultFile: ExploreScenario = {
  name: 'fault-file',
  title: 'A fault file beside detach and replace',
  sentence: 'PASIDs are detached and replaced while groups of them are in a fault file',
  world: (driver) => faultWorld(IOMMUFD_REPAIRED, { driver }),
};

export const faultFileOfFunction: ExploreScenario = {
  name: 'fault-file-of-function',
  title: 'A fault file beside detach and replace of a function',
  sentence: 'a function is replaced and detached while groups of it are in a fault file',
  world: (driver) => faultWorld(IOMMUFD_REPAIRED, { driver, functionAt: 1 }),
};

/** Two groups for a ring with room for one request; another PASID keeps the device on its fault queue. */
const overflowBeside = (list: 'detach' | 'replace', place: 'pasid' | 'rid'): UnitScenario => ({
  name: `overflow-beside-${place}-${list}`,
  sentence: `two groups meet a ring with room for one request, beside ${list}-${place}`,
  devices: [{ groups: [{ attachment: 0 }, { attachment: 0, prgIndex: 1 }] }],
  processes: [],
  domains: [FAULTS, FAULTS, FAULTS],
  attachments: [
    { device: 0, pasid: place === 'rid' ? undefined : 1, domain: 0 },
    { device: 0, pasid: 2, domain: 1 },
  ],
  threads: [
    list === 'detach'
      ? thread(list, { kind: `detach-${place}`, attachment: 0 })
      : thread(list, { kind: `replace-${place}`, attachment: 0, domain: 2 }),
  ],
  ringCapacity: 1,
  answersDroppedLast: true,
  hasLink: true,
});

export const OVERFLOW_DETACH = overflowBeside('detach', 'pasid');
export const OVERFLOW_FUNCTION_DETACH = overflowBeside('detach', 'rid');
export const OVERFLOW_REPLACE = overflowBeside('replace', 'pasid');
export const OVERFLOW_FUNCTION_REPLACE = overflowBeside('replace', 'rid');
export const OVERFLOW_UNBIND: UnitScenario = {
  ...OVERFLOW_DETACH,
  name: 'overflow-beside-unbind',
  sentence: 'two groups meet a ring with room for one request, beside an unbind',
  processes: [{}],
  domains: [{ kind: 'sva', process: 0 }, FAULTS],
  threads: [thread('unbind', STOP, { kind: 'unbind-sva', attachment: 0 })],
};
