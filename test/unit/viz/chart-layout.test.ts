/**
 * Goal:   no picture has anything on top of anything else, and none in docs/charts is older than its machine.
 * Method: every chart is laid out once; its boxes are measured, its file compared. The measures are shown to see.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';

import { type Chart, chartOf, statesWithin } from '../../../src/viz/chart.ts';
import type { Placed } from '../../../src/viz/chart-boxes.ts';
import { chartCatalogue, drawnChart } from '../../../src/viz/chart-catalogue.ts';
import { chartFileName } from '../../../src/viz/chart-format.ts';
import { chartIndex } from '../../../src/viz/chart-index.ts';
import { chartLayout, type PlacedChart } from '../../../src/viz/chart-layout.ts';
import { chartSvg } from '../../../src/viz/chart-svg.ts';
import { mermaidChart } from '../../../src/viz/mermaid.ts';
import { blockWidth } from '../../../src/viz/text-line.ts';
import {
  arrowsThroughBoxes,
  bordersThroughLabels,
  isInside,
  labels,
  overlaps,
  solidBoxes,
} from './boxes.ts';
import { bareMachine, doorMachine, nestMachine } from './odd-machines.ts';

const CHARTS = new URL('../../../docs/charts/', import.meta.url);
const STALE = 'run "npm run charts"';

const catalogue = chartCatalogue();

function expectRoom(placed: PlacedChart): void {
  const page = { x: 0, y: 0, width: placed.width, height: placed.height };
  const boxes = solidBoxes(placed);
  expect(overlaps(boxes)).toEqual([]);
  expect(bordersThroughLabels(placed)).toEqual([]);
  expect(arrowsThroughBoxes(placed)).toEqual([]);
  expect(boxes.filter((box) => !isInside(box, page))).toEqual([]);
  for (const { state, ...outer } of placed.states) {
    const below = { ...outer, y: outer.y + outer.size.header };
    const inner = placed.states.filter((each) =>
      state.states.some(({ id }) => id === each.state.id),
    );
    expect(inner.filter((box) => !isInside(box, below)).map((box) => box.state.id)).toEqual([]);
    const widest = Math.max(0, ...outer.inside.map(({ lines }) => blockWidth(lines)));
    expect(widest).toBeLessThanOrEqual(outer.width);
  }
}

/** Every state, and every arrow with a beginning and an end on its boxes. */
function expectWhole(chart: Chart, placed: PlacedChart): void {
  expect(placed.states).toHaveLength(statesWithin(chart.root).length);
  const boxOf = new Map<string, Placed>([
    ...placed.states.map((box) => [`${box.state.id} state`, box] as const),
    ...placed.ends.map((box) => [`${box.end.state} ${box.end.part}`, box] as const),
  ]);
  for (const { arrow, points } of placed.arrows) {
    for (const [end, point] of [
      [arrow.from, points.at(0)],
      [arrow.to, points.at(-1)],
    ] as const) {
      const box = boxOf.get(`${end.state} ${end.part}`);
      const spot = point === undefined ? undefined : { ...point, width: 0, height: 0 };
      expect(box !== undefined && spot !== undefined && isInside(spot, box), arrow.id).toBe(true);
    }
  }
}

describe('the measures', () => {
  const box = (name: string, x: number) => ({ name, x, y: 0, width: 10, height: 10 });

  it('see boxes that overlap, and not those that touch', () => {
    expect(overlaps([box('a', 0), box('b', 9), box('c', 19)])).toEqual(['a | b']);
  });

  it('see what is moved onto something else', async () => {
    const placed = await chartLayout(chartOf(doorMachine));
    const [shut, ajar] = placed.states.slice(1);
    const moved = placed.states.map((each) =>
      each === ajar && shut !== undefined ? { ...each, x: shut.x, y: shut.y } : each,
    );
    expect(overlaps(solidBoxes({ ...placed, states: moved }))).toContain('door.shut | door.ajar');
    const [label] = labels(placed);
    const crossed = placed.arrows.map((each) =>
      each.arrow.from.part === 'dot' && label !== undefined
        ? {
            ...each,
            points: [
              { x: label.x + 1, y: 0 },
              { x: label.x + 1, y: label.y + 9 },
            ],
          }
        : each,
    );
    expect(arrowsThroughBoxes({ ...placed, arrows: crossed })).not.toEqual([]);
  });
});

describe.each([doorMachine, nestMachine, bareMachine])('the odd machine $id', (machine) => {
  it.each(['down', 'right'] as const)(
    'is drawn whole, with room for everything, %s',
    async (way) => {
      const chart = chartOf(machine);
      const placed = await chartLayout(chart, [way]);
      expectRoom(placed);
      expectWhole(chart, placed);
    },
  );
});

describe.each(catalogue)('$name', (drawn) => {
  test('has nothing on top of anything, and its file is up to date', async () => {
    const chart = drawnChart(drawn);
    const placed = await chartLayout(chart);
    expectRoom(placed);
    expectWhole(chart, placed);
    expect(committed(chartFileName(drawn.name, 'svg')), STALE).toBe(chartSvg(placed));
    expect(committed(chartFileName(drawn.name, 'mermaid')), STALE).toBe(
      mermaidChart(drawn.machine),
    );
  });
});

test('docs/charts has one picture and one text a machine, a page that shows them, and nothing else', () => {
  const expected = catalogue.flatMap(({ name }) => [
    chartFileName(name, 'svg'),
    chartFileName(name, 'mermaid'),
  ]);
  expect(readdirSync(CHARTS).sort(), STALE).toEqual([...expected, 'README.md'].sort());
  expect(committed('README.md'), STALE).toBe(chartIndex(catalogue));
});

test('a picture of a heated chart marks what was never taken', async () => {
  const chart = chartOf(doorMachine);
  const cold = { ...chart, root: cooled(chart.root) };
  const svg = chartSvg(await chartLayout(cold));
  expect(svg).toContain('<g class="arrow never" data-arrow="door.shut push 0">');
  expect(svg).toContain('(never)');
});

function cooled(state: Chart['root']): Chart['root'] {
  return {
    ...state,
    transitions: state.transitions.map((each) => ({ ...each, taken: 0 })),
    states: state.states.map(cooled),
  };
}

function committed(file: string): string | undefined {
  const url = new URL(file, CHARTS);
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined;
}
