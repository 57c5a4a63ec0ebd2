/**
 * Response table: the groups of one iommufd fault queue that were read and await their answer, by fault cookie.
 *
 * Kernel:  drivers/iommu/iommufd/eventq.c, the response xarray of struct iommufd_fault, iommufd_fault_fops_write(),
 *          iommufd_auto_response_faults(), iommufd_fault_destroy().
 * Actor:   an object, one per fault queue.
 * Lock:    the queue's mutex.
 * Effects: answer, answerAll, refuse, violate.
 *
 * A cookie is the lowest free number from 1, free again as soon as it is answered. Answering cookie 0 while the table
 * is not empty erases an entry that was never there and thereby makes 0 allocatable, for good.
 */
import { and, assign, setup } from 'xstate';

import type { PageResponseCode } from '../core/page-request.ts';
import type { CookieRule } from './iommufd-rules.ts';
import { bit, count, effect, holds, id, list, type Violation } from './wiring-types.ts';

/** Groups a modelled table may hold; a live one has no limit. */
export const AWAITED_GROUPS_MODEL_MAX = 4;

type Awaited = { readonly cookie: number; readonly group: number; readonly handle: number };

export type ResponseTableEvent =
  | { readonly type: 'cookie.allot'; readonly group: number; readonly handle: number } // from a reader of the file
  | { readonly type: 'cookie.erase'; readonly group: number } //                          from the same: its copy failed
  | {
      readonly type: 'cookie.answer'; //                                                  from a writer of the file
      readonly cookie: number;
      readonly code: PageResponseCode;
      /** Hidden: the group whose records the writer had read under this cookie. */
      readonly meant: number | undefined;
    }
  | { readonly type: 'handle.sweep'; readonly handle: number } //                         from detach, replace
  | { readonly type: 'table.sweep' }; //                                                  from the queue's destruction

export type ResponseTableInput = { readonly cookies: CookieRule };

type Context = ResponseTableInput & {
  /** Ascending by cookie. */
  readonly awaited: readonly Awaited[];
  readonly allotsZero: boolean;
};
type Of = { readonly context: Context };
type Answer = { readonly event: Extract<ResponseTableEvent, { type: 'cookie.answer' }> };

const table = setup({
  types: {
    context: {} as Context,
    events: {} as ResponseTableEvent,
    input: {} as ResponseTableInput,
  },
  actions: {
    allot: assign(({ context }, params: { readonly group: number; readonly handle: number }) => {
      const cookie = freeCookie(context);
      const at = context.awaited.findIndex((each) => each.cookie > cookie);
      const end = at < 0 ? context.awaited.length : at;
      return { awaited: context.awaited.toSpliced(end, 0, { cookie, ...params }) };
    }),
    eraseGroup: assign(({ context }, params: { readonly group: number }) => ({
      awaited: context.awaited.filter(({ group }) => group !== params.group),
    })),
    eraseCookie: assign(({ context }, params: { readonly cookie: number }) => ({
      awaited: context.awaited.filter(({ cookie }) => cookie !== params.cookie),
    })),
    dropHandle: assign(({ context }, params: { readonly handle: number }) => ({
      awaited: context.awaited.filter(({ handle }) => handle !== params.handle),
    })),
    clear: assign({ awaited: [] }),
    freeZero: assign({ allotsZero: true }),
    answer: effect<{ readonly group: number; readonly code: PageResponseCode }>(),
    answerAll: effect<{ readonly groups: readonly number[] }>(),
    refuse: effect<{ readonly errno: 'EINVAL'; readonly reason: string }>(),
    violate: effect<Violation>(),
  },
  guards: {
    isKnown: ({ context, event }) => groupOf(context, event) !== undefined,
    isMeant: ({ context, event }) =>
      event.type === 'cookie.answer' &&
      (event.meant === undefined || groupOf(context, event) === event.meant),
    knowsUses: ({ context }) => context.cookies === 'number-and-use',
    knownAndMeant: and(['isKnown', 'isMeant']),
    isZero: ({ event }) => event.type === 'cookie.answer' && event.cookie === 0,
    isHeld: ({ context }) => context.awaited.length > 0,
    zeroWhileHeld: and(['isZero', 'isHeld']),
  },
});

/** The cookie the next group gets. */
export function freeCookie({ awaited, allotsZero }: Context): number {
  let cookie = allotsZero ? 0 : 1;
  for (const taken of awaited) {
    if (taken.cookie === cookie) cookie += 1;
  }
  return cookie;
}

const groupOf = ({ awaited }: Context, event: ResponseTableEvent): number | undefined =>
  event.type === 'cookie.answer'
    ? awaited.find(({ cookie }) => cookie === event.cookie)?.group
    : undefined;

const answer = [
  {
    type: 'answer',
    params: ({ context, event }: Of & Answer) => ({
      group: groupOf(context, event) ?? 0,
      code: event.code,
    }),
  },
  { type: 'eraseCookie', params: ({ event }: Answer) => ({ cookie: event.cookie }) },
] as const;
const unknown = {
  type: 'refuse',
  params: { errno: 'EINVAL', reason: 'no group awaits an answer under this cookie' },
} as const;

export const responseTableMachine = table.createMachine({
  id: 'response-table',
  context: ({ input }) => ({ ...input, awaited: [], allotsZero: false }),
  on: {
    'cookie.allot': {
      actions: {
        type: 'allot',
        params: ({ event }) => ({ group: event.group, handle: event.handle }),
      },
    },
    'cookie.erase': {
      actions: { type: 'eraseGroup', params: ({ event }) => ({ group: event.group }) },
    },
    'cookie.answer': [
      { guard: 'knownAndMeant', actions: [...answer] },
      { guard: 'zeroWhileHeld', actions: ['freeZero', unknown] },
      { guard: 'knowsUses', actions: unknown },
      {
        guard: 'isKnown',
        actions: [
          {
            type: 'violate',
            params: {
              unexpected: 'cookie.answer',
              property: 'S3',
              sentence: 'an answer reaches a group that was never read under this cookie',
            },
          },
          ...answer,
        ],
      },
      { actions: unknown },
    ],
    'handle.sweep': {
      actions: [
        {
          type: 'answerAll',
          params: ({ context, event }) => ({
            groups: context.awaited
              .filter(({ handle }) => handle === event.handle)
              .map(({ group }) => group),
          }),
        },
        { type: 'dropHandle', params: ({ event }) => ({ handle: event.handle }) },
      ],
    },
    'table.sweep': {
      actions: [
        {
          type: 'answerAll',
          params: ({ context }) => ({ groups: context.awaited.map(({ group }) => group) }),
        },
        'clear',
      ],
    },
  },
});

export const responseTableHolds = holds({
  awaited: list(AWAITED_GROUPS_MODEL_MAX, {
    cookie: count(AWAITED_GROUPS_MODEL_MAX),
    group: id('group'),
    handle: id('handle'),
  }),
  allotsZero: bit,
});
