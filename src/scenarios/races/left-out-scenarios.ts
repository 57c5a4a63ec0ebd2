/**
 * Left-out scenarios: VT-d worlds in which what a detach or replace left behind is met again.
 */
import type { GroupSpec, OperationSpec, VtdScenario } from '../explore/vtd/scenario.ts';

const CUT: GroupSpec = { attachment: 0, pages: [0, 1], mayCut: true };
const TWO_PAGES = { kind: 'paging', handlesFaults: true, pages: 2 } as const;
const FAULTS = { kind: 'paging', handlesFaults: true } as const;
const STOP = { kind: 'stop-use', attachment: 0 } as const;
const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });

const DEVICE: Omit<VtdScenario, 'name' | 'sentence' | 'attachments' | 'threads'> = {
  devices: [{ groups: [{ attachment: 0 }] }],
  processes: [],
  domains: [FAULTS, FAULTS],
};

export const PASID_AGAIN: VtdScenario = {
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

export const FUNCTION_AGAIN: VtdScenario = {
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

export const BOUND_AGAIN: VtdScenario = {
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
const IN_MID_GROUP: Omit<VtdScenario, 'name' | 'sentence' | 'threads'> = {
  devices: [{ groups: [CUT] }],
  processes: [],
  domains: [TWO_PAGES, FAULTS, TWO_PAGES],
  attachments: [
    { device: 0, pasid: undefined, domain: 0 },
    { device: 0, pasid: 2, domain: 1 },
  ],
};

export const FUNCTION_IN_MID_GROUP: VtdScenario = {
  ...IN_MID_GROUP,
  name: 'function-in-mid-group',
  sentence: 'a device leaves a group unfinished, and its function is detached beside a PASID',
  threads: [thread('detach', STOP, { kind: 'detach-rid', attachment: 0 })],
};

export const REPLACE_IN_MID_GROUP: VtdScenario = {
  ...IN_MID_GROUP,
  name: 'replace-in-mid-group',
  sentence: 'a device leaves a group unfinished, and the domain of its PASID is replaced',
  attachments: [
    { device: 0, pasid: 1, domain: 0 },
    { device: 0, pasid: 2, domain: 1 },
  ],
  threads: [thread('replace', STOP, { kind: 'replace-pasid', attachment: 0, domain: 2 })],
};

export const FUNCTION_REPLACE_IN_MID_GROUP: VtdScenario = {
  ...IN_MID_GROUP,
  name: 'function-replace-in-mid-group',
  sentence: 'a device leaves a group unfinished, and the domain of its function is replaced',
  threads: [thread('replace', STOP, { kind: 'replace-rid', attachment: 0, domain: 2 })],
};
