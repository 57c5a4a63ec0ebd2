/**
 * Teardown requester: a function that raises page-request groups of one page each, and the port that receives them.
 *
 * Actor:   both active, one each; between them is a channel, so a request can be on its way.
 * Effects: send (of the function); accept, refuse (of the port).
 * Asks:    mayUse (of the function): its driver stops it before it unbinds; entryTranslates (of the port): hardware
 *          answers what it can't accept.
 */
import { and, assign, setup } from 'xstate';

import { count, effect, holds, question } from '../../../machines/wiring-types.ts';

export const GROUPS_MODEL_MAX = 4;

type Group = { readonly group: number };
type Input = { readonly groups: number };

const requester = setup({
  types: {
    context: {} as Input & { readonly sent: number },
    events: {} as { readonly type: 'step' },
    input: {} as Input,
  },
  actions: {
    send: effect<Group>(),
    countSent: assign({ sent: ({ context }) => context.sent + 1 }),
  },
  guards: {
    hasMore: ({ context }) => context.sent < context.groups,
    mayUse: question('mayUse'),
    sends: and(['hasMore', 'mayUse']),
  },
});

export const teardownRequesterMachine = requester.createMachine({
  id: 'teardown-requester',
  context: ({ input }) => ({ ...input, sent: 0 }),
  on: {
    step: {
      guard: 'sends',
      actions: [{ type: 'send', params: ({ context }) => ({ group: context.sent }) }, 'countSent'],
    },
  },
});

export const teardownRequesterHolds = holds({ sent: count(GROUPS_MODEL_MAX) });

const port = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'request' } & Group,
  },
  actions: { accept: effect<Group>(), refuse: effect<Group>() },
  guards: { entryTranslates: question('entryTranslates') },
});

const ofGroup = ({ event }: { readonly event: Group }): Group => ({ group: event.group });

export const teardownPortMachine = port.createMachine({
  id: 'teardown-port',
  context: {},
  on: {
    request: [
      { guard: 'entryTranslates', actions: { type: 'accept', params: ofGroup } },
      { actions: { type: 'refuse', params: ofGroup } },
    ],
  },
});
