/**
 * Device: the Page Request Interface of one PCI function, its credits and what a response does to it.
 *
 * Kernel:  drivers/pci/ats.c, pci_enable_pri(), pci_disable_pri(), pci_reset_pri().
 * Spec:    PCIe Base, "Page Request Services", "PRI Extended Capability".
 * Actor:   an object, one per function; its page-request groups are actors of their own.
 * Lock:    none: the function's own registers, each access atomic.
 * Units:   credits are page requests: each takes one of the allocation, a response returns its whole group's.
 * Effects: retry, abandon, stopPri, setStopped, flagUnexpectedIndex, return, ignore, violate.
 *
 * Linux 7.3 never reads the failure and unexpected-index bits, and doesn't wait for Stopped after disabling.
 */
import { assign, setup } from 'xstate';

import { PRI_ALLOCATION_MAX } from '../core/limits.ts';
import { bit, count, type Errno, effect, holds, type Violation } from './wiring-types.ts';

export type DeviceEvent =
  | { readonly type: 'pri.enable'; readonly allocation: number } // from attach, probe
  | { readonly type: 'pri.disable' } //                             from detach, release
  | { readonly type: 'pri.reset' } //                               from attach, probe
  | { readonly type: 'request.sent' } //                            from device group
  /** `code` is the wire's, 0 to 15; `requests` is what the answered group had outstanding, 0 for no such group. */
  | { readonly type: 'response.received'; readonly code: number; readonly requests: number }; // from IOMMU

export type DeviceInput = {
  readonly device: number;
  /** Most requests the function can have outstanding. */
  readonly capacity: number;
};

type Context = DeviceInput & {
  /** min(capacity, asked) while PRI is enabled; 0 otherwise. */
  readonly allocation: number;
  /** Never above `allocation` while enabled. */
  readonly outstanding: number;
  readonly responseFailed: boolean;
  readonly unexpectedIndex: boolean;
};

type Requests = { readonly requests: number };
type Response = { readonly event: Extract<DeviceEvent, { type: 'response.received' }> };

const device = setup({
  types: { context: {} as Context, events: {} as DeviceEvent, input: {} as DeviceInput },
  actions: {
    grant: assign(({ context }, params: { readonly asked: number }) => ({
      allocation: Math.min(context.capacity, params.asked),
      responseFailed: false,
      unexpectedIndex: false,
    })),
    takeCredit: assign({ outstanding: ({ context }) => context.outstanding + 1 }),
    returnCredits: assign(({ context }, params: Requests) => ({
      outstanding: context.outstanding - params.requests,
    })),
    returnAllCredits: assign({ outstanding: 0 }),
    revoke: assign({ allocation: 0 }),
    noteFailure: assign({ responseFailed: true }),
    noteUnexpectedIndex: assign({ unexpectedIndex: true }),
    retry: effect<Requests>(),
    abandon: effect<Requests>(),
    stopPri: effect<{ readonly device: number }>(),
    setStopped: effect<{ readonly device: number }>(),
    flagUnexpectedIndex: effect<{ readonly device: number }>(),
    return: effect<{ readonly errno: Errno }>(),
    ignore: effect<{ readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    hasCredit: ({ context }) => context.outstanding < context.allocation,
    isIdle: ({ context }) => context.outstanding === 0,
    isUnexpected: ({ context, event }) =>
      event.type === 'response.received' &&
      (event.requests === 0 || event.requests > context.outstanding),
    isSuccess: ({ event }) => event.type === 'response.received' && event.code === 0,
    isInvalid: ({ event }) => event.type === 'response.received' && event.code === 1,
    isFailure: ({ event }) => event.type === 'response.received' && event.code > 1,
    isLastOutstanding: ({ context, event }) =>
      event.type === 'response.received' && event.requests === context.outstanding,
  },
});

const ofDevice = ({ context }: { readonly context: Context }) => ({ device: context.device });
const ofGroup = ({ event }: Response): Requests => ({ requests: event.requests });
const returns = (errno: Errno) => ({ type: 'return', params: { errno } }) as const;
const ignore = (reason: string) => ({ type: 'ignore', params: { reason } }) as const;
const stopped = { type: 'setStopped', params: ofDevice } as const;
const returnCredits = { type: 'returnCredits', params: ofGroup } as const;
const unexpected = {
  guard: 'isUnexpected',
  actions: ['noteUnexpectedIndex', { type: 'flagUnexpectedIndex', params: ofDevice }],
} as const;

export const deviceMachine = device.createMachine({
  id: 'device',
  context: ({ input }) => ({
    ...input,
    allocation: 0,
    outstanding: 0,
    responseFailed: false,
    unexpectedIndex: false,
  }),
  on: {
    '*': { actions: { type: 'violate', params: ({ event }) => ({ unexpected: event.type }) } },
  },
  initial: 'disabled',
  states: {
    // Enable = 0, Stopped = 1
    disabled: {
      on: {
        'pri.enable': {
          target: 'enabled',
          actions: [
            { type: 'grant', params: ({ event }) => ({ asked: event.allocation }) },
            returns(0),
          ],
        },
        'pri.reset': { actions: returns(0) },
        'pri.disable': { actions: ignore('PRI is already off') },
        'response.received': { actions: ignore('PRI is off: nothing waits for a response') },
      },
    },
    enabled: {
      on: {
        'pri.enable': { actions: returns('EBUSY') },
        'pri.reset': { actions: returns('EBUSY') },
        'pri.disable': [
          { guard: 'isIdle', target: 'disabled', actions: ['revoke', stopped] },
          { target: 'stopping', actions: 'revoke' },
        ],
        'request.sent': { guard: 'hasCredit', actions: 'takeCredit' },
        'response.received': [
          unexpected,
          { guard: 'isSuccess', actions: [returnCredits, { type: 'retry', params: ofGroup }] },
          { guard: 'isInvalid', actions: [returnCredits, { type: 'abandon', params: ofGroup }] },
          // Response Failure, and the codes 2 to 14 that no specification uses
          {
            target: 'failed',
            actions: ['noteFailure', 'returnAllCredits', { type: 'stopPri', params: ofDevice }],
          },
        ],
      },
    },
    // Enable = 0, Stopped = 0: sends nothing, waits for the responses to what it has sent
    stopping: {
      on: {
        'pri.enable': { actions: returns('EBUSY') },
        'pri.disable': { actions: ignore('PRI is already off') },
        'pri.reset': {
          target: 'disabled',
          actions: ['returnAllCredits', stopped, returns(0)],
        },
        'response.received': [
          unexpected,
          {
            guard: 'isFailure',
            target: 'disabled',
            actions: ['noteFailure', 'returnAllCredits', stopped],
          },
          {
            guard: 'isLastOutstanding',
            target: 'disabled',
            actions: [returnCredits, stopped],
          },
          { actions: returnCredits },
        ],
      },
    },
    // Enable reads 1 still, and nothing is sent; only disable, reset, enable bring PRI back
    failed: {
      on: {
        'pri.enable': { actions: returns('EBUSY') },
        'pri.reset': { actions: returns('EBUSY') },
        'pri.disable': { target: 'disabled', actions: ['revoke', stopped] },
        'response.received': { actions: ignore('a function that got Response Failure ignores it') },
      },
    },
  },
});

export const deviceHolds = holds({
  allocation: count(PRI_ALLOCATION_MAX),
  outstanding: count(PRI_ALLOCATION_MAX),
  responseFailed: bit,
  unexpectedIndex: bit,
});
