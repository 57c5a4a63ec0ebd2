/**
 * Group watch: one index of a device, the group that is under way on it, and what has truly been done for it.
 *
 * Actor:   an object, one per device group.
 * Effects: violate (S1, S3).
 *
 * It knows by the hidden epoch which use of the index a response or a page is for. A response that hardware makes
 * up for a request it dropped is no promise that pages are there, so S3 does not judge it.
 */
import { assign, setup } from 'xstate';

import { GROUP_MODEL_PAGES_MAX, PRG_EPOCHS_MODEL_MAX } from '../../../../machines/device-group.ts';
import { count, effect, holds, type Violation } from '../../../../machines/wiring-types.ts';

type OfEpoch = { readonly prgEpoch: number };
export type GroupWatchEvent =
  | ({ readonly type: 'request.sent' } & OfEpoch) //                             from device group
  /** `bit` is 2 to the place of the page among the group's. */
  | ({ readonly type: 'page.resolved'; readonly bit: number } & OfEpoch) //     from fault worker, in its own space
  | ({
      readonly type: 'response.emitted'; //                                     from the five who answer
      readonly isSuccess: boolean;
      readonly bySoftware: boolean;
    } & OfEpoch);

type Input = { readonly pages: number };
type Context = Input & { readonly epoch: number; readonly resolved: number };

const watch = setup({
  types: { context: {} as Context, events: {} as GroupWatchEvent, input: {} as Input },
  actions: {
    begin: assign(({ event }) => ({ epoch: event.prgEpoch, resolved: 0 })),
    note: assign(({ context, event }) =>
      event.type === 'page.resolved' ? { resolved: withBit(context.resolved, event.bit) } : {},
    ),
    end: assign({ resolved: 0 }),
    violate: effect<Violation>(),
  },
  guards: {
    isCurrent: ({ context, event }) => event.prgEpoch === context.epoch,
    isFalse: ({ context, event }) =>
      event.type === 'response.emitted' &&
      event.isSuccess &&
      event.prgEpoch === context.epoch &&
      context.resolved !== 2 ** context.pages - 1,
    isMadeUp: ({ event }) => event.type === 'response.emitted' && !event.bySoftware,
    isOther: ({ context, event }) => event.prgEpoch !== context.epoch,
  },
});

const withBit = (bits: number, bit: number): number =>
  Math.floor(bits / bit) % 2 === 1 ? bits : bits + bit;
const violate = (property: string, sentence: string) =>
  ({ type: 'violate', params: { unexpected: 'response.emitted', property, sentence } }) as const;
const secondResponse = violate('S1', 'a group receives at most one response');
const falseSuccess = violate(
  'S3',
  'SUCCESS is sent for a group of which a page was never made resident for the owner of its PASID',
);

export const groupWatchMachine = watch.createMachine({
  id: 'group-watch',
  context: ({ input }) => ({ ...input, epoch: 0, resolved: 0 }),
  on: { 'request.sent': { guard: 'isOther', target: '.open', actions: 'begin' } },
  initial: 'none',
  states: {
    none: {},
    open: {
      on: {
        'page.resolved': { guard: 'isCurrent', actions: 'note' },
        'response.emitted': [
          { guard: 'isMadeUp', target: 'none', actions: 'end' },
          { guard: 'isFalse', target: 'answered', actions: [falseSuccess, 'end'] },
          { guard: 'isCurrent', target: 'answered', actions: 'end' },
        ],
      },
    },
    answered: {
      on: {
        'response.emitted': [{ guard: 'isOther' }, { actions: secondResponse }],
      },
    },
  },
});

export const groupWatchHolds = holds({
  epoch: count(PRG_EPOCHS_MODEL_MAX),
  resolved: count(2 ** GROUP_MODEL_PAGES_MAX - 1),
});
