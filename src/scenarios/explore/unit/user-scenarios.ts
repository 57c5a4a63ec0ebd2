/**
 * User scenarios: the small worlds of a unit whose functions and PASIDs have page tables of a user's making.
 *
 * Nobody stops the device: it goes on until its entry no longer translates, and what it sent before is on its way.
 */
import type { AttachmentSpec, GroupSpec, OperationSpec, UnitScenario } from './scenario.ts';

const FAULTS = { kind: 'paging', handlesFaults: true } as const;
const PLAIN = { kind: 'paging', handlesFaults: false } as const;
const GROUP: GroupSpec = { attachment: 0 };
const TWICE: GroupSpec = { attachment: 0, uses: 2 };
const ON_PASID: AttachmentSpec = { device: 0, pasid: 1, domain: 0 };
const FUNCTION: AttachmentSpec = { device: 0, pasid: undefined, domain: 0 };

const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });

/** One device with one group, on a PASID that its user attaches to page tables with a fault handler. */
const USER: Omit<UnitScenario, 'name' | 'sentence'> = {
  units: ['vtd', 'smmuv3'],
  devices: [{ groups: [GROUP] }],
  processes: [],
  domains: [FAULTS, PLAIN],
  attachments: [ON_PASID],
  threads: [],
  hasLink: true,
};

/** As `USER`, on the function itself. */
const USER_FUNCTION: Omit<UnitScenario, 'name' | 'sentence'> = { ...USER, attachments: [FUNCTION] };

export const RID_DETACH: UnitScenario = {
  ...USER_FUNCTION,
  name: 'rid-detach',
  sentence: 'a function is blocked while its own requests are under way',
  threads: [thread('detach', { kind: 'detach-rid', attachment: 0 })],
};

export const PASID_DETACH: UnitScenario = {
  ...USER,
  name: 'pasid-detach',
  sentence: 'a PASID is detached while its requests are under way',
  threads: [thread('detach', { kind: 'detach-pasid', attachment: 0 })],
};

export const PASID_REPLACE: UnitScenario = {
  ...USER,
  name: 'pasid-replace',
  sentence: 'a PASID is given a domain that handles no faults while its requests are under way',
  threads: [thread('replace', { kind: 'replace-pasid', attachment: 0, domain: 1 })],
};

export const PASID_REPLACE_FAULTS: UnitScenario = {
  ...USER,
  name: 'pasid-replace-faults',
  sentence: 'a PASID is given another domain that handles faults while its device goes on',
  devices: [{ groups: [TWICE] }],
  domains: [FAULTS, FAULTS],
  threads: [thread('replace', { kind: 'replace-pasid', attachment: 0, domain: 1 })],
};

export const RID_REPLACE: UnitScenario = {
  ...USER_FUNCTION,
  name: 'rid-replace',
  sentence: 'a function is given another domain that handles faults while it goes on',
  devices: [{ groups: [TWICE] }],
  domains: [FAULTS, FAULTS],
  threads: [thread('replace', { kind: 'replace-rid', attachment: 0, domain: 1 })],
};

export const ATTACH_DETACH: UnitScenario = {
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
      { kind: 'start-use', attachment: 0 },
      { kind: 'attach-rid', attachment: 1, domain: 1 },
      { kind: 'start-use', attachment: 1 },
      { kind: 'detach-pasid', attachment: 0 },
      { kind: 'detach-rid', attachment: 1 },
    ),
  ],
};

export const TWO_DEVICES_DRAIN: UnitScenario = {
  ...USER,
  name: 'two-devices-drain',
  sentence: 'two devices behind one unit are detached at once, a request of one under way',
  devices: [{ groups: [] }, { groups: [{ attachment: 1 }] }],
  domains: [FAULTS, FAULTS],
  attachments: [ON_PASID, { device: 1, pasid: 1, domain: 1 }],
  hasLink: false,
  threads: [
    thread('first detach', { kind: 'detach-pasid', attachment: 0 }),
    thread('second detach', { kind: 'detach-pasid', attachment: 1 }),
  ],
};

export const DETACH_IN_MID_GROUP: UnitScenario = {
  ...USER,
  name: 'detach-in-mid-group',
  units: ['vtd'],
  sentence:
    'a device that is stopped leaves a group unfinished, and its PASID is detached beside another one',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1], mayCut: true }] }],
  domains: [{ kind: 'paging', handlesFaults: true, pages: 2 }, FAULTS],
  attachments: [ON_PASID, { device: 0, pasid: 2, domain: 1 }],
  hasLink: false,
  threads: [
    thread('detach', { kind: 'stop-use', attachment: 0 }, { kind: 'detach-pasid', attachment: 0 }),
  ],
};

export const BIND_OVER_DOMAIN: UnitScenario = {
  ...USER,
  name: 'bind-over-domain',
  units: ['vtd'],
  sentence:
    'a process is to be bound on a PASID that a user has attached to page tables of its own',
  devices: [{ groups: [] }],
  processes: [{}],
  domains: [FAULTS, { kind: 'sva', process: 0 }],
  threads: [thread('binder', { kind: 'sva-bind', attachment: 0, process: 0 })],
  hasLink: false,
};

export const NO_HANDLER: UnitScenario = {
  ...USER,
  name: 'no-handler',
  units: ['vtd'],
  sentence: 'a device sends a group of two for a domain that handles no faults',
  devices: [{ groups: [{ ...GROUP, pages: [0, 1] }] }],
  hasLink: false,
  domains: [PLAIN],
};
