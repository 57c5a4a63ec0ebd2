/**
 * Report scenarios: VT-d worlds that only the race catalogue needs, beside those that are explored by name.
 */
import { RESPONSE_CODE } from '../../core/page-request.ts';
import type { Property } from '../../explore/world.ts';
import type { ExploreScenario } from '../explore/explore-scenario.ts';
import type { GroupSpec, OperationSpec, UnitScenario } from '../explore/unit/scenario.ts';
import { PASID_REPLACE_FAULTS } from '../explore/unit/user-scenarios.ts';
import { unitWorld } from '../explore/unit/world.ts';
import { deviceReleaseWorld } from './device-release-world.ts';
import { unreadGroupWorld } from './unread-group-world.ts';

const GROUP: GroupSpec = { attachment: 0 };
const STOP = { kind: 'stop-use', attachment: 0 } as const;
const SVA = { kind: 'sva', process: 0 } as const;
const FAULTS = { kind: 'paging', handlesFaults: true } as const;
const thread = (name: string, ...operations: readonly OperationSpec[]) => ({ name, operations });

/** A VT-d scenario under its own name. */
export const vtd = (scenario: UnitScenario, title = scenario.sentence): ExploreScenario => ({
  name: scenario.name,
  title,
  sentence: scenario.sentence,
  world: (driver) => unitWorld(driver, scenario),
});

export const UNHANDLED_FAULT: UnitScenario = {
  name: 'unhandled-fault',
  sentence: 'a device asks for a page of a domain whose faults nobody handles',
  devices: [{ groups: [GROUP] }],
  processes: [],
  domains: [{ kind: 'paging', handlesFaults: false }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [],
  hasLink: true,
};

export const LATE_REQUEST: UnitScenario = {
  name: 'late-request',
  sentence: 'a request is on its way to the unit when its PASID is unbound',
  devices: [{ groups: [GROUP] }],
  processes: [{}],
  domains: [SVA],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [thread('unbind', { kind: 'unbind-sva', attachment: 0 })],
  hasLink: true,
};

export const MARKER_REBIND: UnitScenario = {
  name: 'marker-rebind',
  sentence:
    'a device stops with a stop marker while its process exits, and the next owner of the PASID binds',
  devices: [
    {
      groups: [
        { ...GROUP, sendsStopMarker: true },
        { ...GROUP, prgIndex: 1 },
      ],
    },
  ],
  processes: [{}, { succeeds: 0 }],
  domains: [SVA, { kind: 'sva', process: 1 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [
    thread('process', { kind: 'exit', process: 0 }, STOP, { kind: 'unbind-sva', attachment: 0 }),
    thread('successor', { kind: 'bind-sva', attachment: 0, domain: 1 }),
  ],
};

export const FUNCTION_AND_PASID: UnitScenario = {
  name: 'function-and-pasid',
  sentence: 'a function is detached, and one of its PASIDs goes on with faults',
  devices: [{ groups: [GROUP] }],
  processes: [],
  domains: [FAULTS, FAULTS],
  attachments: [
    { device: 0, pasid: 1, domain: 0 },
    { device: 0, pasid: undefined, domain: 1 },
  ],
  threads: [thread('detach', { kind: 'detach-rid', attachment: 1 })],
};

/** A replace between two domains that would both serve every page that is asked for. */
export const replaceBetweenCapable: ExploreScenario = {
  name: 'replace-between-capable',
  title: 'A replace between two domains that handle faults',
  sentence: 'a PASID is given another domain while a group of it is under way; both would serve it',
  world: (driver) => {
    const world = unitWorld(driver, PASID_REPLACE_FAULTS);
    return { ...world, properties: [...(world.properties ?? []), neverInvalid] };
  },
};

const neverInvalid: Property = {
  id: 'S24',
  sentence: 'INVALID is sent for a group that the old domain and the new one would have served',
  never: [
    [
      'response',
      0,
      ({ context }) =>
        context.messages.some(
          (message: { readonly code?: number }) => message.code === RESPONSE_CODE.invalid,
        ),
    ],
  ],
};

/**
 * The device leaves its fault queue while a request of it is reported. All its requests but refused ones are partial,
 * so that the parameter is all that a report and the removal share; what an attachment is counted for is set aside.
 */
export const removalBesideReport: ExploreScenario = {
  name: 'removal-beside-report',
  title: 'A removal from the fault queue beside a report',
  sentence: 'a device is taken off its fault queue while the thread stores a partial request of it',
  world: (driver) => {
    const leaves = { ...driver.operations, 'detach-pasid': ['drop-reporting'] as const };
    return { ...unitWorld({ ...driver, operations: leaves }, REFUSED_GROUP), properties: [] };
  },
};

const REFUSED_GROUP: UnitScenario = {
  name: 'refused-group',
  sentence: 'a device sends a partial request, and a last one that is refused',
  devices: [
    {
      groups: [{ ...GROUP, pages: [0, 1], access: 'privileged-write', onlyFirstLast: true }],
    },
  ],
  processes: [],
  domains: [{ ...FAULTS, pages: 2 }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
  threads: [thread('removal', { kind: 'detach-pasid', attachment: 0 })],
};

export const deviceRelease: ExploreScenario = {
  name: 'device-release',
  title: 'A device is unplugged while it is reported on',
  sentence: 'a device is released while the thread has looked it up and reports a request of it',
  world: deviceReleaseWorld,
};

export const unreadGroup: ExploreScenario = {
  name: 'unread-group',
  title: 'A group that nobody reads',
  sentence:
    'a device leaves its fault queue while a fault file that nobody reads has a group of it',
  world: unreadGroupWorld,
};

/** Those of this file, in the order lists show them. */
export const RACE_SCENARIOS: readonly ExploreScenario[] = [
  vtd(UNHANDLED_FAULT),
  vtd(LATE_REQUEST),
  vtd(MARKER_REBIND),
  vtd(FUNCTION_AND_PASID),
  replaceBetweenCapable,
  removalBesideReport,
  deviceRelease,
  unreadGroup,
];
