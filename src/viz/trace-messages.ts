/**
 * Trace messages: what went through channels in a trace, from the step that sent it to the step that received it.
 *
 * Policy: a channel keeps its order, so the first that was sent is the first to be received. What was in a channel
 *         before the first step has no sender here, what is in it at the end no receiver.
 */
import type { EventObject } from 'xstate';

import { CHANNEL, channelUse } from '../explore/channel.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';

/** A call of a trace: which step, and which of its calls; both from 0. */
export type CallPlace = { readonly step: number; readonly call: number };

export type TraceMessage = {
  readonly channel: string;
  /** Undefined where nobody is seen to send it. */
  readonly message: EventObject | undefined;
  readonly sent: CallPlace | undefined;
  readonly received: CallPlace | undefined;
};

export function messagesOf({
  steps,
  slots = [],
}: Pick<RecordedTrace, 'steps' | 'slots'>): readonly TraceMessage[] {
  const messages: TraceMessage[] = [];
  /** By channel: places among the messages of those not received yet. */
  const waiting = new Map<string, number[]>();
  for (const { slot: channel, machine, fields } of slots) {
    if (machine !== CHANNEL) continue;
    const before = listLength(fields.find(({ field }) => field === 'messages')?.to ?? '[]');
    const unseen = { channel, message: undefined, sent: undefined, received: undefined };
    waiting.set(
      channel,
      Array.from({ length: before }, () => messages.push(unseen) - 1),
    );
  }
  for (const [step, { calls = [] }] of steps.entries()) {
    for (const [call, each] of calls.entries()) {
      const use = channelUse(each);
      if (use === undefined) continue;
      const channel = each.to;
      const queue = waiting.get(channel) ?? [];
      waiting.set(channel, queue);
      if (use.type === 'message.sent') {
        const { message } = use;
        queue.push(
          messages.push({ channel, message, sent: { step, call }, received: undefined }) - 1,
        );
        continue;
      }
      const received = { step, call };
      const at = queue.shift();
      const known = at === undefined ? undefined : messages[at];
      if (at === undefined || known === undefined) {
        messages.push({ channel, message: undefined, sent: undefined, received });
      } else {
        messages[at] = { ...known, received };
      }
    }
  }
  return messages;
}

/** Of a list as one text: `[a, [b, c], {d, e}]` has three elements. */
function listLength(text: string): number {
  let depth = 0;
  let commas = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',' && depth === 1) commas += 1;
  }
  return text === '[]' ? 0 : commas + 1;
}
