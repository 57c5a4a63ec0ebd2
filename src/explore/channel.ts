/**
 * Channel: messages from one sender to one receiver, first in, first out; a list with a bound.
 *
 * Actor:   an object, one per (sender, receiver). Sending is a call; delivery is a step of the receiver's own.
 * Effects: violate, when there is no room.
 *
 * A message the receiver has no transition for stays at the front: what follows it waits.
 */
import { assign, type EventObject, setup } from 'xstate';

import { type Bound, effect, type Fields, list, type Violation } from '../machines/wiring-types.ts';
import type { RecordedCall } from './outcome.ts';
import { type SlotKind, slotKind } from './slot-kind.ts';
import { type Call, call, offerFrom, type Take } from './wiring.ts';

type Context = { readonly messages: readonly EventObject[] };
type ChannelEvent =
  | { readonly type: 'message.sent'; readonly message: EventObject } // from the sender
  | { readonly type: 'message.delivered' }; //                          from the receiver
type Input = { readonly room: number };

/** The machine's id. */
export const CHANNEL = 'channel';

const channel = setup({
  types: {
    context: {} as Context & Input,
    events: {} as ChannelEvent,
    input: {} as Input,
  },
  actions: {
    append: assign(({ context }, { message }: { readonly message: EventObject }) => ({
      messages: [...context.messages, message],
    })),
    remove: assign({ messages: ({ context }) => context.messages.slice(1) }),
    violate: effect<Violation>(),
  },
  guards: { hasRoom: ({ context }) => context.messages.length < context.room },
});

const channelMachine = channel.createMachine({
  id: CHANNEL,
  context: ({ input }) => ({ ...input, messages: [] }),
  on: {
    'message.sent': [
      {
        guard: 'hasRoom',
        actions: { type: 'append', params: ({ event }) => ({ message: event.message }) },
      },
      {
        actions: {
          type: 'violate',
          params: ({ event, context }) => ({
            unexpected: event.message.type,
            sentence: `a channel holds at most ${context.room} messages`,
          }),
        },
      },
    ],
    'message.delivered': { actions: 'remove' },
  },
});

export type Channel = SlotKind<typeof channelMachine>;

/** `message` bounds what is sent, its type included. */
export const channels = (
  name: string,
  room: number,
  message: Bound | Fields,
  count = 1,
): Channel => {
  const inputs = Array.from({ length: count }, () => ({ room }));
  return slotKind(name, channelMachine, { messages: list(room, message) }, inputs);
};

export const sent = <const Message extends EventObject>(
  to: Channel,
  index: number,
  message: Message,
): Call => call(to, index, { type: 'message.sent', message });

/** What a call does to a channel; undefined when the call is of something else. */
export function channelUse({ event }: RecordedCall): ChannelEvent | undefined {
  const isOfChannel = event.type === 'message.sent' || event.type === 'message.delivered';
  return isOfChannel ? (event as ChannelEvent) : undefined; // no other machine has events of these types
}

/** Takes the oldest message as an event; `read` makes the event, and undefined of what is not for the receiver. */
export const received = <Event extends EventObject>(
  from: Channel,
  index: number,
  read: (message: EventObject) => Event | undefined,
): Take<Event> =>
  offerFrom(
    from,
    index,
    ({ context: { messages } }) => (messages[0] === undefined ? undefined : read(messages[0])),
    [call(from, index, { type: 'message.delivered' })],
  );
