/**
 * Fault reporting: how many fault-capable attachments keep a device on the fault queue.
 *
 * Kernel: drivers/iommu/intel/iommu.c, intel_iommu_enable_iopf(), intel_iommu_disable_iopf(),
 *         device_domain_info.iopf_refcount.
 * Actor:  an object, one per device.
 * Lock:   the group mutex.
 * Effects: addDevice, removeDevice, refuse, warn.
 *
 * While it is off, a drain returns at once: whoever drops the last count before draining skips the drain.
 */
import { setup } from 'xstate';

import { LIFETIME_7_3, type LifetimeRules } from './lifetime-rules.ts';
import { count, effect, holds } from './wiring-types.ts';

/** A function and all its PASIDs, each counted twice while it is replaced. */
export const FAULT_REPORTING_MAX = 2 ** 21 + 2;

export type FaultReportingEvent =
  | { readonly type: 'reporting.enable' } //  from attach
  | { readonly type: 'reporting.disable' }; // from detach

type Input = {
  readonly device: number;
  readonly pri: boolean;
  /** Linux 7.3's unless told otherwise. */
  readonly rules?: LifetimeRules;
};
type Context = {
  readonly device: number;
  readonly pri: boolean;
  readonly rules: LifetimeRules;
  readonly users: number;
};

const reporting = setup({
  types: {
    context: {} as Context,
    events: {} as FaultReportingEvent,
    input: {} as Input,
  },
  actions: {
    addDevice: effect<{ readonly device: number }>(),
    removeDevice: effect<{ readonly device: number }>(),
    refuse: effect<{ readonly errno: 'ENODEV'; readonly reason: string }>(),
    warn: effect<{ readonly reason: string }>(),
    violate: effect<{ readonly unexpected: string }>(),
  },
  guards: {
    hasPri: ({ context }) => context.pri,
    countsNobody: ({ context }) => !context.rules.countsReportingUsers,
    isLastUser: ({ context }) => context.users === 1,
    hasRoom: ({ context }) => context.users < FAULT_REPORTING_MAX,
  },
});

const more = reporting.assign({ users: ({ context }) => context.users + 1 });
const none = reporting.assign({ users: 0 });
const fewer = reporting.assign({ users: ({ context }) => context.users - 1 });
const ofDevice = ({ context }: { readonly context: Context }) => ({ device: context.device });

export const faultReportingMachine = reporting.createMachine({
  id: 'fault-reporting',
  context: ({ input }) => ({
    device: input.device,
    pri: input.pri,
    rules: input.rules ?? LIFETIME_7_3,
    users: 0,
  }),
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'off',
  states: {
    off: {
      on: {
        'reporting.enable': [
          {
            guard: 'hasPri',
            target: 'on',
            actions: [{ type: 'addDevice', params: ofDevice }, more],
          },
          {
            actions: { type: 'refuse', params: { errno: 'ENODEV', reason: 'PRI is not enabled' } },
          },
        ],
        'reporting.disable': {
          actions: { type: 'warn', params: { reason: 'disabled more often than enabled' } },
        },
      },
    },
    on: {
      on: {
        'reporting.enable': { guard: 'hasRoom', actions: more },
        'reporting.disable': [
          {
            guard: 'countsNobody',
            target: 'off',
            actions: [none, { type: 'removeDevice', params: ofDevice }],
          },
          {
            guard: 'isLastUser',
            target: 'off',
            actions: [fewer, { type: 'removeDevice', params: ofDevice }],
          },
          { actions: fewer },
        ],
      },
    },
  },
});

export const faultReportingHolds = holds({ users: count(FAULT_REPORTING_MAX) });
