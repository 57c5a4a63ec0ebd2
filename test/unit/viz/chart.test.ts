/** The chart of a definition: what it keeps, in whose words, in which order. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { transitionCounts } from '../../../src/explore/transition-counts.ts';
import { chartOf, statesWithin, transitionText } from '../../../src/viz/chart.ts';
import { arrowsOf } from '../../../src/viz/chart-arrows.ts';
import { chartAscii } from '../../../src/viz/chart-ascii.ts';
import { chartCatalogue, drawnChart } from '../../../src/viz/chart-catalogue.ts';
import { chartDot } from '../../../src/viz/chart-dot.ts';
import { heatedChart } from '../../../src/viz/heated-chart.ts';
import { bareMachine, doorMachine, lampMachine, nestMachine } from './odd-machines.ts';

const door = chartOf(doorMachine);
const catalogue = chartCatalogue();

describe('a chart', () => {
  it('says events, guards and actions in words, in the order of the definition', () => {
    expect(chartAscii(door)).toMatchInlineSnapshot(`
      "door
      |   any other event / ring
      | > shut #safe
      |       entry / ring
      |       exit / count
      |       push [isOpen and not isLocked]  -> ajar
      |       push [(isNight and isLocked) or in shut.bolted] / refuse(EPERM, it is locked)
      |       push [else] / ring
      |       knock (ignored)
      |   ajar
      |       always [isNight] / assign  -> shut
      | . gone

      > first state   = region   . final state   #tag   -> where it leads; none: it stays
      "
    `);
  });

  it('keeps nesting, regions and every target', () => {
    expect(chartAscii(chartOf(nestMachine))).toMatchInlineSnapshot(`
      "nest
      |   reset  -> left
      |   any other event (ignored)
      | = left
      |   |   again  -> left
      |   |   begin  -> inner
      |   | > idle
      |   |       go  -> inner
      |   |       hop  -> left.inner.b.two
      |   |   inner
      |   |   |   leave  -> idle
      |   |   |   loop  -> inner
      |   |   |   all within are done  -> idle
      |   |   | = a
      |   |   |   | > one
      |   |   |   |       next  -> left.inner.a.two
      |   |   |   |   two
      |   |   | = b
      |   |   |   | > one
      |   |   |   |       next  -> left.inner.b.two
      |   |   |   |       self  -> left.inner.b.one
      |   |   |   |   two
      |   |   |   |       out  -> idle
      |   |   |   |       up  -> left
      | = right
      |   | > only
      |   |       self  -> only
      |   |       both  -> later
      |   |       both [else]  -> only
      |   |       after 500  -> later
      |   |   later
      |   |       back  -> right

      > first state   = region   . final state   #tag   -> where it leads; none: it stays
      "
    `);
  });

  it('draws arrows from and to what a reader would point at', () => {
    const nest = arrowsOf(chartOf(nestMachine)).map(
      ({ id, transitions }) => `${id} : ${transitions.map(({ event }) => event).join(' ')}`,
    );
    expect(nest).toMatchInlineSnapshot(`
      [
        "nest any -> nest.left : reset",
        "nest.left dot -> nest.left.idle : ",
        "nest.left any -> nest.left dot : again",
        "nest.left any -> nest.left.inner : begin",
        "nest.left.idle -> nest.left.inner : go",
        "nest.left.idle -> nest.left.inner.b.two : hop",
        "nest.left.inner -> nest.left.idle : leave xstate.done.state.nest.left.inner",
        "nest.left.inner.a dot -> nest.left.inner.a.one : ",
        "nest.left.inner.a.one -> nest.left.inner.a.two : next",
        "nest.left.inner.b dot -> nest.left.inner.b.one : ",
        "nest.left.inner.b.one -> nest.left.inner.b.two : next",
        "nest.left.inner.b.one -> nest.left.inner.b.one : self",
        "nest.left.inner.b.two -> nest.left.idle : out",
        "nest.left.inner.b.two -> nest.left dot : up",
        "nest.right dot -> nest.right.only : ",
        "nest.right.only -> nest.right.only : self both",
        "nest.right.only -> nest.right.later : both xstate.after.500.nest.right.only",
        "nest.right.later -> nest.right dot : back",
      ]
    `);
  });

  it('is one box for a machine without states', () => {
    expect(statesWithin(chartOf(bareMachine).root)).toHaveLength(1);
  });

  it('names params that never vary, and no others', () => {
    const [shut] = door.root.states;
    expect(shut?.exit).toEqual([{ name: 'count', constants: {}, computed: true }]);
    expect(shut?.transitions.map(transitionText)[1]).toContain('refuse(EPERM, it is locked)');
  });
});

describe('a heated chart', () => {
  const [push] = door.root.states[0]?.transitions ?? [];
  const counted = { from: 'door.shut', event: 'push', index: 0, count: 3 };

  it('adds counts up, and counts none for what is not listed', () => {
    const heated = heatedChart(door, { transitions: [counted, counted] });
    const taken = heated.ok
      ? heated.value.root.states[0]?.transitions.map((each) => each.taken)
      : [];
    expect(push?.id).toBe('door.shut push 0');
    expect(taken).toEqual([6, 0, 0, 0]);
  });

  it('refuses a transition the chart has not', () => {
    const stranger = { ...counted, index: 9 };
    expect(heatedChart(door, { transitions: [counted, stranger] })).toEqual({
      ok: false,
      error: stranger,
    });
  });

  it('says so in words', () => {
    const heated = heatedChart(door, { transitions: [{ ...counted, count: 12_345 }] });
    expect(heated.ok ? chartAscii(heated.value) : '').toContain(
      'push [isOpen and not isLocked]  -> ajar  (12,345 times)',
    );
  });
});

describe('transition counts', () => {
  it('of a run become the heat of its chart', () => {
    const taken = new Map<object, number>();
    const actor = createActor(lampMachine, {
      inspect: (event) => {
        if (event.type !== '@xstate.microstep') return;
        for (const one of event._transitions) taken.set(one, (taken.get(one) ?? 0) + 1);
      },
    }).start();
    for (const type of ['press', 'press', 'press', 'flicker', 'unheard']) actor.send({ type });

    const counts = transitionCounts(lampMachine, taken);
    const heated = heatedChart(chartOf(lampMachine), { transitions: counts });
    expect(heated.ok ? chartAscii(heated.value) : '').toMatchInlineSnapshot(`
      "lamp
      |   any other event (ignored)  (once)
      | > dark
      |       press  -> warming  (2 times)
      |       flicker  -> dark  (never)
      |   warming
      |       always  -> lit  (2 times)
      |   lit
      |       press  -> dark  (once)
      |       flicker (ignored)  (once)

      > first state   = region   . final state   #tag   -> where it leads; none: it stays
      "
    `);
  });
});

describe('DOT', () => {
  it('nests clusters, and ends edges at their borders', () => {
    expect(chartDot(chartOf(nestMachine))).toMatchInlineSnapshot(`
      "digraph "nest" {
        compound=true; fontname="Helvetica"; fontsize=12; labeljust=l;
        node [shape=box, style=rounded, fontname="Helvetica", fontsize=11];
        edge [fontname="Helvetica", fontsize=10];
        subgraph "cluster nest" {
          label="nest\\lany other event (ignored)\\l"; style=dashed;
          "nest any" [label="any state", style="rounded,dashed"];
          subgraph "cluster nest.left" {
            label="left\\l"; style=rounded;
            "nest.left dot" [shape=point, width=0.12];
            "nest.left any" [label="any state", style="rounded,dashed"];
            "nest.left.idle" [label="idle\\l"];
            subgraph "cluster nest.left.inner" {
              label="inner\\lloop\\l"; style=dashed;
              subgraph "cluster nest.left.inner.a" {
                label="a\\l"; style=rounded;
                "nest.left.inner.a dot" [shape=point, width=0.12];
                "nest.left.inner.a.one" [label="one\\l"];
                "nest.left.inner.a.two" [label="two\\l"];
              }
              subgraph "cluster nest.left.inner.b" {
                label="b\\l"; style=rounded;
                "nest.left.inner.b dot" [shape=point, width=0.12];
                "nest.left.inner.b.one" [label="one\\l"];
                "nest.left.inner.b.two" [label="two\\l"];
              }
            }
          }
          subgraph "cluster nest.right" {
            label="right\\l"; style=rounded;
            "nest.right dot" [shape=point, width=0.12];
            "nest.right.only" [label="only\\l"];
            "nest.right.later" [label="later\\l"];
          }
        }
        "nest any" -> "nest.left.idle" [label="reset\\l", lhead="cluster nest.left"];
        "nest.left dot" -> "nest.left.idle";
        "nest.left any" -> "nest.left dot" [label="again\\l"];
        "nest.left any" -> "nest.left.inner.a.one" [label="begin\\l", lhead="cluster nest.left.inner"];
        "nest.left.idle" -> "nest.left.inner.a.one" [label="go\\l", lhead="cluster nest.left.inner"];
        "nest.left.idle" -> "nest.left.inner.b.two" [label="hop\\l"];
        "nest.left.inner.a.one" -> "nest.left.idle" [label="leave\\lall within are done\\l", ltail="cluster nest.left.inner"];
        "nest.left.inner.a dot" -> "nest.left.inner.a.one";
        "nest.left.inner.a.one" -> "nest.left.inner.a.two" [label="next\\l"];
        "nest.left.inner.b dot" -> "nest.left.inner.b.one";
        "nest.left.inner.b.one" -> "nest.left.inner.b.two" [label="next\\l"];
        "nest.left.inner.b.one" -> "nest.left.inner.b.one" [label="self\\l"];
        "nest.left.inner.b.two" -> "nest.left.idle" [label="out\\l"];
        "nest.left.inner.b.two" -> "nest.left dot" [label="up\\l"];
        "nest.right dot" -> "nest.right.only";
        "nest.right.only" -> "nest.right.only" [label="self\\lboth [else]\\l"];
        "nest.right.only" -> "nest.right.later" [label="both\\lafter 500\\l"];
        "nest.right.later" -> "nest.right dot" [label="back\\l"];
      }
      "
    `);
  });
});

describe.each(catalogue)('the chart of $name', (drawn) => {
  const chart = drawnChart(drawn);
  const states = statesWithin(chart.root);

  it('has an id for every state and transition, and leads only to states it has', () => {
    const ids = [...states, ...states.flatMap(({ transitions }) => transitions)].map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(states.map(({ id }) => id));
    const targets = states.flatMap(({ transitions, initial }) => [
      ...initial,
      ...transitions.flatMap((transition) => transition.targets),
    ]);
    expect(targets.filter((id) => !known.has(id))).toEqual([]);
  });

  it('leaves nothing without a name', () => {
    expect(chartAscii(chart)).not.toContain('unnamed');
  });
});

it('every machine of the folder is in the catalogue', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const folder = new URL('../../../src/machines/', import.meta.url);
  const ids = readdirSync(folder).flatMap((file) =>
    [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(
        /createMachine\(\{\n\s+id: '([\w-]+)'/g,
      ),
    ].map(([, id]) => id ?? ''),
  );
  expect(ids.length).toBeGreaterThan(15);
  expect(ids.filter((id) => !catalogue.some(({ name }) => name === id))).toEqual([]);
});
