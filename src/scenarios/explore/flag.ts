/**
 * Flag: one bit of a world that has no noun of its own: a page is mapped, a pair is linked, a transfer is in flight.
 *
 * Actor: an object; setting what is set and clearing what is clear changes nothing.
 */
import { setup } from 'xstate';

import { alike, type SlotKind } from '../../explore/slot-kind.ts';
import { type Call, call, type Read, where } from '../../explore/wiring.ts';
import { object, type Part } from '../../explore/world.ts';

const flag = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as { readonly type: 'flag.set' } | { readonly type: 'flag.clear' },
  },
});

const flagMachine = flag.createMachine({
  id: 'flag',
  context: {},
  initial: 'clear',
  states: {
    clear: { on: { 'flag.set': 'set', 'flag.clear': {} } },
    set: { on: { 'flag.clear': 'clear', 'flag.set': {} } },
  },
});

export type Flags = {
  readonly kind: SlotKind<typeof flagMachine>;
  readonly part: Part;
  set(index?: number): Call;
  clear(index?: number): Call;
  isSet(index?: number): Read;
  isClear(index?: number): Read;
};

/** Flags that actors set, clear and look at, all clear at first. */
export function flags(name: string, count = 1): Flags {
  const kind = alike(name, flagMachine, {}, count);
  return {
    kind,
    part: object(kind),
    set: (index = 0) => call(kind, index, { type: 'flag.set' }),
    clear: (index = 0) => call(kind, index, { type: 'flag.clear' }),
    isSet: (index = 0) => where(kind, index, ({ value }) => value === 'set'),
    isClear: (index = 0) => where(kind, index, ({ value }) => value === 'clear'),
  };
}
