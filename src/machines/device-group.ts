/**
 * Device group: one PRG index of a function, through the groups of page requests it is used for.
 *
 * Spec:    PCIe Base, "Page Request Services", "PRG Response Message", "Stop Marker".
 * Actor:   active, one per (function, PRG index); where a rude device uses one index for two PASIDs at once, one
 *          per (function, PRG index, PASID).
 * Effects: send, takeCredit, settle, violate.
 * Asks:    hasCredit, pasidIsStopped.
 *
 * An index waits for its response before its next use, unless the device is rude. Each use has a hidden
 * number, the PRG epoch, so that a request can be told from one of a later use. A transition that does nothing
 * (no target, no actions) is no step: it says under what condition the event is not possible.
 */
import { assign, setup } from 'xstate';

import { iovaPfn, type Pasid, type PrgIndex, prgIndex, type RequesterId } from '../core/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { Access, PageRequest } from '../core/page-request.ts';
import type { RequestRecord } from './page-request-queue.ts';
import { count, effect, holds, question, type Violation } from './wiring-types.ts';

/** Requests a modelled group may have. */
export const GROUP_MODEL_PAGES_MAX = 4;
/** Times a modelled device may use one index. */
export const PRG_EPOCHS_MODEL_MAX = 7;

export type DeviceGroupEvent =
  /** `owner` is who has the PASID now, read from its slot. */
  | { readonly type: 'request.send'; readonly owner: number } // from the scheduler
  | { readonly type: 'marker.send'; readonly owner: number } //  from the scheduler
  | { readonly type: 'group.cut' } //                            from the scheduler, to rude devices
  | {
      readonly type: 'response.received'; // from the IOMMU
      /** The wire's, 0 to 15. */
      readonly code: number;
      /** Hidden: the use of the index the response was written for. */
      readonly prgEpoch: number;
    }
  | { readonly type: 'pri.stopped' }; // from device

export type DeviceGroupInput = {
  readonly rid: RequesterId;
  readonly pasid: Pasid | undefined;
  readonly prgi: PrgIndex;
  /** What the group asks for, in order; the last one closes it. */
  readonly pages: readonly Pick<PageRequest, 'iovaPfn' | 'access'>[];
  /** What its later uses ask for, in as many requests; undefined: the same. */
  readonly laterPages?: readonly Pick<PageRequest, 'iovaPfn' | 'access'>[];
  /** Times the index may be used, 1 or more. */
  readonly usesMax: number;
  /** Rude: begins the next group without waiting for the response (S4). */
  readonly reusesIndex: boolean;
  /** Says with a stop marker that a stopped PASID sends no more. */
  readonly sendsStopMarker: boolean;
};

type Context = DeviceGroupInput & {
  /** Requests sent of the group under way; 0 between groups. */
  readonly sent: number;
  /** Groups begun so far: the PRG epoch of the group under way. */
  readonly uses: number;
};
type Send = { readonly context: Context; readonly event: { readonly owner: number } };
type Response = {
  readonly context: Context;
  readonly event: { readonly code: number };
};
type OfFunction = { readonly rid: RequesterId };
type OfProcess = OfFunction & { readonly pasid: Pasid | undefined };

const NO_ACCESS: Access = { read: false, write: false, exec: false, privileged: false };

const group = setup({
  types: {
    context: {} as Context,
    events: {} as DeviceGroupEvent,
    input: {} as DeviceGroupInput,
    tags: '' as 'owes-response',
  },
  actions: {
    beginGroup: assign({ sent: 1, uses: ({ context }) => context.uses + 1 }),
    continueGroup: assign({ sent: ({ context }) => context.sent + 1 }),
    endGroup: assign({ sent: 0 }),
    send: effect<{ readonly request: RequestRecord }>(),
    takeCredit: effect<OfFunction>(),
    settle: effect<OfFunction & { readonly code: number; readonly requests: number }>(),
    violate: effect<Violation>(),
  },
  guards: {
    isComplete: ({ context }) => context.sent === context.pages.length,
    isSpent: ({ context }) => context.uses === context.usesMax,
    isPolite: ({ context }) => !context.reusesIndex,
    sendsNoMarker: ({ context }) => !context.sendsStopMarker,
    isForeign: ({ context, event }) =>
      event.type === 'response.received' && event.prgEpoch !== context.uses,
    isSuccess: ({ event }) => event.type === 'response.received' && event.code === 0,
    hasCredit: question<OfFunction>('hasCredit'),
    pasidIsStopped: question<OfProcess>('pasidIsStopped'),
  },
});

const ofFunction = ({ context }: { readonly context: Context }): OfFunction => ({
  rid: context.rid,
});
const hasCredit = { type: 'hasCredit', params: ofFunction } as const;
const pasidIsStopped = {
  type: 'pasidIsStopped',
  params: ({ context }: { readonly context: Context }): OfProcess => ({
    rid: context.rid,
    pasid: context.pasid,
  }),
} as const;

/** The request just counted in `sent`. */
function requestOf({ context, event }: Send): { readonly request: RequestRecord } {
  const asked = context.uses > 1 ? (context.laterPages ?? context.pages) : context.pages;
  const page = asked[context.sent - 1];
  invariant(page !== undefined, `a group of ${context.pages.length} has sent ${context.sent}`);
  const { rid, pasid, prgi, uses } = context;
  const last = context.sent === context.pages.length;
  return { request: { rid, pasid, prgi, ...page, last, owner: event.owner, prgEpoch: uses } };
}

/** A stop marker: last, and neither read nor write; its index and address mean nothing. */
const stopMarker = ({ context, event }: Send): { readonly request: RequestRecord } => ({
  request: {
    rid: context.rid,
    pasid: context.pasid,
    prgi: prgIndex(0),
    iovaPfn: iovaPfn(0),
    access: NO_ACCESS,
    last: true,
    owner: event.owner,
    prgEpoch: 0,
  },
});

const send = [
  { type: 'send', params: requestOf },
  { type: 'takeCredit', params: ofFunction },
] as const;
const begin = {
  guard: hasCredit,
  target: '#device-group.sending',
  actions: ['beginGroup', ...send],
} as const;
const settle = {
  type: 'settle',
  params: ({ context, event }: Response) => ({
    rid: context.rid,
    code: event.code,
    requests: context.sent,
  }),
} as const;
const ghostResponse = (sentence: string) =>
  ({
    type: 'violate',
    params: { unexpected: 'response.received', property: 'S2', sentence },
  }) as const;
const stop = { target: '#device-group.free.dropped', actions: 'endGroup' } as const;

export const deviceGroupMachine = group.createMachine({
  id: 'device-group',
  options: { maxIterations: 1000 },
  context: ({ input }) => {
    invariant(
      input.pages.length >= 1 && input.pages.length <= GROUP_MODEL_PAGES_MAX,
      `a modelled group has 1 to ${GROUP_MODEL_PAGES_MAX} requests, not ${input.pages.length}`,
    );
    invariant(
      input.laterPages === undefined || input.laterPages.length === input.pages.length,
      'all uses of a modelled index have as many requests',
    );
    invariant(
      input.usesMax >= 1 && input.usesMax <= PRG_EPOCHS_MODEL_MAX,
      `a modelled index is used 1 to ${PRG_EPOCHS_MODEL_MAX} times, not ${input.usesMax}`,
    );
    return { ...input, sent: 0, uses: 0 };
  },
  initial: 'free',
  states: {
    free: {
      initial: 'idle',
      on: {
        'request.send': [{ guard: 'isSpent' }, { guard: pasidIsStopped }, begin],
        'marker.send': [
          { guard: 'sendsNoMarker' },
          {
            guard: pasidIsStopped,
            target: '.stopped',
            actions: { type: 'send', params: stopMarker },
          },
        ],
        'response.received': {
          actions: [ghostResponse('a response came for an index that is not outstanding'), settle],
        },
      },
      states: {
        idle: {},
        // Success: the pages were made resident at some instant; the translation is asked for again.
        retry: {},
        // Invalid, or the function's PRI has stopped: the access is given up.
        dropped: {},
        // The group's last request never follows: its credits stay taken until PRI is reset.
        cut: {},
        stopped: { on: { 'marker.send': {} } },
      },
    },
    sending: {
      always: { guard: 'isComplete', target: 'awaiting' },
      on: {
        'request.send': { guard: hasCredit, actions: ['continueGroup', ...send] },
        'group.cut': { guard: pasidIsStopped, target: 'free.cut', actions: 'endGroup' },
        'response.received': {
          actions: ghostResponse('a response came before the last request of the group'),
        },
        'pri.stopped': stop,
      },
    },
    awaiting: {
      tags: 'owes-response',
      on: {
        'request.send': [
          { guard: 'isPolite' },
          { guard: 'isSpent' },
          { guard: pasidIsStopped },
          begin,
        ],
        'response.received': [
          {
            guard: 'isForeign',
            actions: ghostResponse('a response came that was written for another use of the index'),
          },
          { guard: 'isSuccess', target: 'free.retry', actions: [settle, 'endGroup'] },
          { target: 'free.dropped', actions: [settle, 'endGroup'] },
        ],
        'pri.stopped': stop,
      },
    },
  },
});

export const deviceGroupHolds = holds({
  sent: count(GROUP_MODEL_PAGES_MAX),
  uses: count(PRG_EPOCHS_MODEL_MAX),
});
