/**
 * Goal:   what a player shows of a step is what the trace says, from any page of it, and what is in sight is what is
 *         drawn, however long the trace is.
 * Method: a recorded race, told in pages; the state after each step against the model's own; windows by arithmetic.
 */
import { describe, expect, test } from 'vitest';

import { driverWith } from '../../../src/actors/drivers.ts';
import { openingOf } from '../../../src/explore/opening.ts';
import { foundIn, type RecordedTrace, recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { explore } from '../../../src/explore/search.ts';
import type { World } from '../../../src/explore/world.ts';
import { EXPLORE_SCENARIOS } from '../../../src/scenarios/explore/scenarios.ts';
import { chartOf, statesWithin } from '../../../src/viz/chart.ts';
import type { PlayerPage } from '../../../src/viz/player-shape.ts';
import { playerTrace } from '../../../src/viz/player-trace.ts';
import { statePaths } from '../../../src/viz/state-text.ts';
import { activeIds } from '../../../ui/src/player/active-ids.ts';
import { changedBy, heldAfter, pageOf, slotsOf } from '../../../ui/src/player/held.ts';
import { lanesLayout, stepBox } from '../../../ui/src/player/lanes-layout.ts';
import {
  HEIGHT_MAX,
  rowsWindow,
  scrolledHeight,
  scrolledTo,
} from '../../../ui/src/player/rows-window.ts';
import { stepSentence } from '../../../ui/src/player/step-words.ts';

function raceOf(name: string): { readonly world: World; readonly trace: RecordedTrace } {
  const scenario = EXPLORE_SCENARIOS.find((each) => each.name === name);
  const driver = driverWith('vtd@7.3', []);
  if (scenario === undefined || !driver.ok) throw new Error(`no ${name}`);
  const world = scenario.world(driver.value);
  const outcome = explore(world);
  const wrong = outcome.ok ? foundIn(outcome.value) : undefined;
  if (wrong === undefined) throw new Error(`nothing is found in ${name}`);
  const origin = { scenario: name, driver: 'vtd@7.3', quirks: [], strategy: 'bfs' };
  return { world, trace: recordedTrace(origin, world, wrong.violation, wrong.trace) };
}

const { world, trace: race } = raceOf('exit-unbind');
const opening = openingOf(world);
if (!opening.ok) throw new Error('the world does not open');
const slots = opening.value;
const TITLE = { id: 'race', title: 'a race', differences: [] };

/** The race over and over: what a page says does not depend on whether it makes sense. */
const long: RecordedTrace = {
  ...race,
  steps: Array.from({ length: 20 }, () => race.steps).flat(),
};
const player = playerTrace(long, slots, TITLE);
const { summary } = player;
const pageAt = (step: number): PlayerPage => {
  const page = player.page(pageOf(summary, step));
  if (page === undefined) throw new Error(`step ${step} is on no page`);
  return page;
};

describe('a trace in pages', () => {
  test('has every step once, and no page beyond', () => {
    expect(summary.steps).toBe(620);
    expect(summary.pageSteps).toBe(200);
    const pages = [0, 1, 2, 3].map((number) => player.page(number));
    expect(pages.map((page) => page?.first)).toEqual([0, 200, 400, 600]);
    expect(pages.flatMap((page) => page?.steps.map(({ label }) => label) ?? [])).toEqual(
      long.steps.map(({ label }) => label),
    );
    expect(player.page(4)).toBeUndefined();
    expect(playerTrace({ ...race, steps: [] }, slots, TITLE).page(0)?.steps).toEqual([]);
  });

  test('says after each step what every slot is, from whichever page', () => {
    const held = new Map(
      slots.map(({ slot, state, fields }) => [
        slot,
        { state, fields: Object.fromEntries(fields.map(({ field, to }) => [field, to])) },
      ]),
    );
    for (const [index, { changes, fields }] of long.steps.entries()) {
      for (const { slot, to } of changes) {
        const before = held.get(slot);
        if (before !== undefined) held.set(slot, { ...before, state: to });
      }
      for (const { slot, field, to } of fields) {
        const before = held.get(slot);
        if (before !== undefined) {
          held.set(slot, { ...before, fields: { ...before.fields, [field]: to } });
        }
      }
      const step = index + 1;
      expect(heldAfter(pageAt(step), step), `after step ${step}`).toEqual(held);
    }
  });

  test('begins with what slots are before the first step', () => {
    const before = heldAfter(pageAt(0), 0);
    expect([...before.keys()]).toEqual(slots.map(({ slot }) => slot));
    expect(before.get('mm')).toEqual({
      state: 'alive',
      fields: { users: '1', structure: '3', pasid: '1' },
    });
  });

  test('names whoever takes a step first, then what it changes', () => {
    const [first] = pageAt(1).steps;
    if (first === undefined) throw new Error('no step');
    expect(slotsOf(first)).toEqual(['exit', 'mm']);
    expect([...changedBy(first)]).toEqual(['exit', 'mm']);
    expect(summary.lanes[first.lane]).toBe('process');
  });

  test('is told as sentences, and the last says what is wrong', () => {
    const last = playerTrace(race, slots, TITLE).page(0)?.steps.at(-1);
    expect(stepSentence(31, { ...summary, steps: 31 }, last)).toBe(
      'Step 31 of 31: unbind-sva free-handle; attach-handle: freed. S6 is violated: unbind-sva has returned, and a request from before it is in the ring.',
    );
    expect(stepSentence(0, summary, undefined)).toBe('Step 0 of 620: before the first step.');
  });

  test('has an overview as long as itself, or as wide as a screen', () => {
    expect(playerTrace(race, slots, TITLE).summary.overview).toHaveLength(31);
    const steps = Array.from({ length: 100 }, () => race.steps).flat();
    const { overview } = playerTrace({ ...race, steps }, slots, TITLE).summary;
    expect(overview).toHaveLength(1200);
    expect([...new Set(overview)].sort()).toEqual([0, 1]);
  });
});

test('states are lit by the ids that charts have, a leaf a region', () => {
  for (const { definition, state } of slots) {
    const chart = chartOf(definition);
    const states = statesWithin(chart.root);
    const lit = activeIds(chart.root.id, state).map((id) => states.find((each) => each.id === id));
    expect(lit).not.toContain(undefined);
    const leaves = lit.filter((each) => each?.states.length === 0);
    expect(leaves).toHaveLength(Math.max(1, statePaths(state).length));
  }
});

describe('the lanes', () => {
  const layout = lanesLayout({ lanes: ['a', 'b', 'c'], objects: ['x', 'y'] }, 700);

  test('stand within the width, threads before objects, in order', () => {
    const all = [layout.gutter, ...layout.threads, layout.threadsEnd, ...layout.objects, 700];
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(layout.width).toBe(700);
  });

  test('are as wide as they must be where there is no room', () => {
    const objects = Array.from({ length: 20 }, (_, at) => `object ${at}`);
    expect(lanesLayout({ lanes: ['a'], objects }, 300).width).toBeGreaterThan(600);
  });

  test.each([0, 1, 2])(
    'have the box of a step of lane %i beside its lane and among the threads',
    (lane) => {
      const at = layout.threads[lane] ?? 0;
      for (const label of ['short', 'a much longer label of a step', 'x'.repeat(200)]) {
        const step = { label, details: ['what it did to others, at some length'], passes: false };
        const { x, width, side } = stepBox(step, at, layout);
        expect(x).toBeGreaterThanOrEqual(layout.gutter - 2);
        expect(x + width).toBeLessThanOrEqual(layout.threadsEnd + 2);
        expect(Math.abs((side === 'left' ? x : x + width) - at)).toBeLessThanOrEqual(2);
      }
    },
  );
});

describe('the rows in sight', () => {
  const list = (rows: number) => ({ rows, rowHeight: 34, viewHeight: 500 });

  test.each([1, 40, 100_000, 1_000_000])('of %i are few, wherever one is', (rows) => {
    const of = list(rows);
    expect(scrolledHeight(of)).toBeLessThanOrEqual(HEIGHT_MAX);
    for (const row of [0, Math.floor(rows / 2), rows - 1]) {
      const scrollTop = scrolledTo(of, 0, row);
      const { first, end, top } = rowsWindow(of, scrollTop);
      expect(first).toBeLessThanOrEqual(row);
      expect(end).toBeGreaterThan(row);
      expect(end - first).toBeLessThanOrEqual(24);
      const place = top + (row - first) * 34 - scrollTop;
      expect(place).toBeGreaterThanOrEqual(-1);
      expect(place + 34).toBeLessThanOrEqual(501);
    }
  });

  test('stay where they are while the one that is looked at is in sight', () => {
    expect(scrolledTo(list(100), 340, 15)).toBe(340);
    expect(scrolledTo(list(100), 340, 60)).not.toBe(340);
  });
});
