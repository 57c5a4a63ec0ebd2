/**
 * Judge: hears of breaches that a wiring sees in what passes between others, and names the property.
 *
 * Actor:   an object, one per world; it has no state of its own.
 * Effects: violate.
 */
import { setup } from 'xstate';

import type { SlotKind } from '../../../../explore/slot-kind.ts';
import { type Call, call } from '../../../../explore/wiring.ts';
import { effect, type Violation } from '../../../../machines/wiring-types.ts';

export type Breach = { readonly property: string; readonly sentence: string };
export type JudgeEvent = { readonly type: 'breach.seen' } & Breach; // from whoever a wiring watches

const judge = setup({
  types: { context: {} as Record<string, never>, events: {} as JudgeEvent },
  actions: { violate: effect<Violation>() },
});

export const judgeMachine = judge.createMachine({
  id: 'judge',
  context: {},
  on: {
    'breach.seen': {
      actions: {
        type: 'violate',
        params: ({ event }) => ({
          unexpected: event.type,
          property: event.property,
          sentence: event.sentence,
        }),
      },
    },
  },
});

export type Judge = SlotKind<typeof judgeMachine>;

export const breach = (judge: Judge, property: string, sentence: string): Call =>
  call(judge, 0, { type: 'breach.seen', property, sentence });
