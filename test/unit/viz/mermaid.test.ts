/**
 * Charts as text: each shape of a state chart, drawn whole. Machines are made here, so that a chart that changes
 * is the generator's doing.
 */
import { describe, expect, it } from 'vitest';
import { and, createMachine, not, setup } from 'xstate';

import { mermaidChart } from '../../../src/viz/mermaid.ts';

const ring = setup({
  guards: { hasRoom: () => true, isOpen: () => true },
  actions: { store: () => {}, drop: () => {}, raise: () => {} },
});

describe('a Mermaid chart', () => {
  it('shows guards, actions, final states and what a state does without leaving it', () => {
    const machine = ring.createMachine({
      id: 'request-ring',
      initial: 'open',
      states: {
        open: {
          entry: 'raise',
          on: {
            'request.received': [
              { guard: 'hasRoom', actions: ['store', 'raise'] },
              { target: 'overflowed', actions: 'drop' },
            ],
          },
        },
        overflowed: { on: { 'overflow.cleared': 'open', 'ring.freed': 'freed' } },
        freed: { type: 'final' },
      },
    });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> open
        state "open" as open
        open : entry / raise
        open : request.received [hasRoom] / store, raise
        state "overflowed" as overflowed
        state "freed" as freed
        open --> overflowed : request.received / drop
        overflowed --> open : overflow.cleared
        overflowed --> freed : ring.freed
        freed --> [*]
      "
    `);
  });

  it('draws what the whole machine does in a box of its own', () => {
    const machine = ring.createMachine({
      initial: 'open',
      on: { '*': { actions: 'drop' }, 'ring.reset': '.open' },
      states: { open: {} },
    });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> open
        state "open" as open
        state "any state" as _machine___any
        _machine___any : any other event / drop
        _machine___any --> open : ring.reset
      "
    `);
  });

  it('nests states, with each arrow in the innermost state around both its ends', () => {
    const machine = ring.createMachine({
      id: 'drain',
      initial: 'draining',
      states: {
        draining: {
          initial: 'scanning',
          exit: 'raise',
          on: { 'drain.restarted': '.scanning', 'drain.abandoned': 'idle' },
          states: {
            scanning: { on: { step: 'waiting' } },
            waiting: { on: { step: { guard: 'isOpen', target: '#drain.idle' } } },
          },
        },
        idle: { always: { guard: 'hasRoom', target: 'draining' } },
      },
    });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> draining
        state "draining" as draining {
          [*] --> draining__scanning
          state "scanning" as draining__scanning
          state "waiting" as draining__waiting
          state "any state of draining" as draining__any
          draining__any : exit / raise
          draining__any --> draining__scanning : drain.restarted
          draining__scanning --> draining__waiting : step
        }
        state "idle" as idle
        draining --> idle : drain.abandoned
        draining__waiting --> idle : step [isOpen]
        idle --> draining : always [hasRoom]
      "
    `);
  });

  it('divides parallel states, each region named by the arrow into it', () => {
    const machine = createMachine({
      id: 'unit',
      type: 'parallel',
      states: {
        queue: { initial: 'empty', states: { empty: { on: { filled: 'full' } }, full: {} } },
        power: { initial: 'on', states: { on: { on: { lost: 'off' } }, off: { type: 'final' } } },
      },
    });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        state "unit" as unit {
          [*] --> queue__empty : queue
          state "empty" as queue__empty
          state "full" as queue__full
          queue__empty --> queue__full : filled
          --
          [*] --> power__on : power
          state "on" as power__on
          state "off" as power__off
          power__on --> power__off : lost
          power__off --> [*]
        }
        [*] --> unit
      "
    `);
  });

  it('draws a machine without states as one box', () => {
    const machine = ring.createMachine({ id: 'counter', on: { counted: { actions: 'store' } } });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        state "counter" as counter
        counter : counted / store
        [*] --> counter
      "
    `);
  });

  it('escapes what Mermaid would read as its own, and keeps names apart', () => {
    const machine = createMachine({
      initial: 'a-b',
      states: {
        'a-b': { on: { 'x:y;z': 'a_b', 'x.*': 'end' } },
        a_b: {},
        end: { on: { 'is "it" <b>': 'a-b' } },
      },
    });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> a_b
        state "a-b" as a_b
        state "a_b" as a_b_2
        state "end" as end_
        a_b --> a_b_2 : x#58;y#59;z
        a_b --> end_ : any other x event
        end_ --> a_b : is #34;it#34; #60;b#62;
      "
    `);
  });

  it('names joined guards by their parts, assignments as such, and owns up to what has no name', () => {
    const machine = ring.createMachine({
      initial: 'open',
      states: {
        open: {
          on: {
            both: { guard: and(['isOpen', not('hasRoom')]), actions: ring.assign({}) },
            neither: { guard: () => true, actions: () => {} },
          },
        },
      },
    });

    expect(mermaidChart(machine)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> open
        state "open" as open
        open : both [isOpen and not hasRoom] / assign
        open : neither [unnamed] / unnamed
      "
    `);
  });
});
