/** Swim lanes: a small trace whole, and a real race measured. */
import { describe, expect, it } from 'vitest';

import { swimlanesOf } from '../../../src/viz/swimlanes.ts';
import { swimlanesSvg } from '../../../src/viz/swimlanes-svg.ts';
import { type Named, overlaps } from './boxes.ts';
import { RACE, SMALL } from './race-trace.ts';

describe('lanes', () => {
  it('are threads as the trace titles them, then what they change', () => {
    expect(swimlanesOf(SMALL).lanes.map(({ title, kind }) => `${kind} ${title}`)).toEqual([
      'thread worker 1',
      'thread worker 0',
      'thread device',
      'object ring',
      'object page',
    ]);
  });

  it('have a row a step, but one for steps that pass', () => {
    const rows = swimlanesOf(SMALL).rows.map(
      ({ first, last, lane, label, passes, touches }) =>
        `${first}-${last} in ${lane}${passes ? ' passes' : ''} ${label}${touches
          .map((touch) => ` -> ${touch.lane} ${touch.violates ? 'violates ' : ''}${touch.text}`)
          .join('')}`,
    );
    expect(rows).toEqual([
      '1-1 in 2 sends -> 3 head.moved, bell.rung',
      '2-3 in 0 passes looking, waiting',
      '4-4 in 1 frees -> 4 freed -> 3 bell.still',
      '5-5 in 0 frees <again> & "again" -> 4 violates S1',
    ]);
  });

  it('draw nothing of a trace without steps but its ending', () => {
    expect(swimlanesOf({ ...SMALL, steps: [] })).toMatchObject({ lanes: [], rows: [] });
    expect(swimlanesSvg({ ...SMALL, steps: [] })).toContain('a page is freed once');
  });
});

describe('the picture of a race', () => {
  const svg = swimlanesSvg(RACE);

  it('has every step, the violation where it happens, and the property at the end', () => {
    const shown = [...svg.matchAll(/data-step="(\d+)"/g)].map(([, step]) => Number(step));
    expect(shown.at(0)).toBe(1);
    expect(shown.at(-1)).toBe(RACE.steps.length);
    expect([...svg.matchAll(/class="touch violates"/g)]).toHaveLength(1);
    expect(svg).toContain('class="ending"');
    expect(svg.replaceAll(/<[^>]+>/g, '')).toContain('S8 no access to a freed group');
  });

  it.each([
    ['the race', svg],
    ['the small trace', swimlanesSvg(SMALL)],
  ])('has no box of %s on another, and none outside', (_, drawn) => {
    const boxes = boxesIn(drawn);
    expect(boxes.length).toBeGreaterThan(7);
    expect(overlaps(boxes)).toEqual([]);
    const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn) ?? []).map(
      Number,
    );
    expect(boxes.filter((box) => box.x + box.width > width || box.y + box.height > height)).toEqual(
      [],
    );
  });

  it('is one element, its texts escaped', () => {
    const drawn = swimlanesSvg(SMALL);
    expect(drawn).toContain('frees &lt;again&gt; &amp; &quot;again&quot;');
    expect(unbalanced(drawn)).toEqual([]);
    expect(unbalanced(svg)).toEqual([]);
  });
});

/** Boxes of heads, steps, what they touch, and the ending. */
const boxesIn = (svg: string): readonly Named[] =>
  [
    ...svg
      .replaceAll(/<rect class="(page|band)"[^>]*>/g, '')
      .matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
  ].map(([name, x, y, width, height]) => ({
    name,
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));

/** Tags that are closed by another, or never. */
function unbalanced(markup: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, closing, name = '', empty] of markup.matchAll(/<(\/?)([\w-]+)[^<>]*?(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) wrong.push(name);
    } else if (empty !== '/') open.push(name);
  }
  return [...wrong, ...open];
}
