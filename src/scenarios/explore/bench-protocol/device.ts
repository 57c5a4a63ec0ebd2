/**
 * Bench device: raises the two page requests of one group, first and last.
 *
 * Actor:   active, one per group.
 * Effects: push, complete, refuse.
 * Asks:    isAdmitted, ringIsFull. A request that finds the ring full is answered by hardware at once.
 */
import { and, setup } from 'xstate';

import { effect, question } from '../../../machines/wiring-types.ts';

type Input = { readonly group: number };
type Group = { readonly group: number };
type Entry = Group & { readonly last: boolean };
type Of = { readonly context: Input };

const device = setup({
  types: { context: {} as Input, events: {} as { readonly type: 'request' }, input: {} as Input },
  actions: { push: effect<Entry>(), complete: effect<Group>(), refuse: effect<Group>() },
  guards: {
    isAdmitted: question('isAdmitted'),
    ringIsFull: question('ringIsFull'),
    findsFull: and(['isAdmitted', 'ringIsFull']),
  },
});

const push = (last: boolean) =>
  ({ type: 'push', params: ({ context }: Of) => ({ group: context.group, last }) }) as const;
const ofGroup = ({ context }: Of): Group => ({ group: context.group });
const refuse = { target: 'done', actions: { type: 'refuse', params: ofGroup } } as const;

export const benchDeviceMachine = device.createMachine({
  id: 'bench-device',
  context: ({ input }) => input,
  initial: 'first',
  states: {
    first: {
      on: {
        request: [
          { guard: 'findsFull', ...refuse },
          { guard: 'isAdmitted', target: 'last', actions: push(false) },
        ],
      },
    },
    last: {
      on: {
        request: [
          { guard: 'findsFull', ...refuse },
          {
            guard: 'isAdmitted',
            target: 'done',
            actions: [push(true), { type: 'complete', params: ofGroup }],
          },
        ],
      },
    },
    done: {},
  },
});
