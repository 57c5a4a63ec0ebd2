/**
 * Swim lanes: small traces whole; a real race, and traces made by chance, measured: nothing stands on anything else.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RecordedStep, RecordedTrace } from '../../../src/explore/recorded-trace.ts';
import { swimlanesOf } from '../../../src/viz/swimlanes.ts';
import { swimlanesLayout } from '../../../src/viz/swimlanes-layout.ts';
import { swimlanesSvg } from '../../../src/viz/swimlanes-svg.ts';
import { messagesOf } from '../../../src/viz/trace-messages.ts';
import { overlaps, throughBoxes } from './boxes.ts';
import { callOf, RACE, SMALL, TALK, UNTOLD_RACE } from './race-trace.ts';
import { stepOf, traceOf } from './traces.ts';

describe('lanes', () => {
  it('are threads as the trace titles them, then what they change', () => {
    expect(lanesOf(SMALL)).toEqual([
      'thread worker 1',
      'thread worker 0',
      'thread device',
      'object ring',
      'object page',
    ]);
  });

  it('of channels say so', () => {
    expect(lanesOf(TALK)).toEqual([
      'thread device',
      'thread driver',
      'object unit',
      'channel down',
      'object page',
      'channel up',
    ]);
  });

  it('have a row a step, but one for steps that pass', () => {
    expect(rowsOf(SMALL)).toEqual([
      '1-1 in 2 sends -> 3 head.moved, bell.rung',
      '2-3 in 0 passes looking, waiting',
      '4-4 in 1 frees -> 4 freed -> 3 bell.still',
      '5-5 in 0 frees <again> & "again" -> 4 violates S1',
    ]);
  });

  it('tell calls by who made them, and the same one to neighbours once', () => {
    expect(rowsOf(TALK)).toEqual([
      '1-1 in 0 hears of the start',
      '2-2 in 1 asks -> 2 unit told: busy -> (0) 3 question -> 4[0-1] page held',
      '3-3 in 0 answers twice -> 5 answer -> 5 answer',
      '4-4 in 1 takes an answer',
    ]);
  });

  it('have messages from who sent them to who received them, in the order of their channel', () => {
    expect(swimlanesOf(TALK).messages).toEqual([
      { lane: 3, sent: undefined, receivedIn: 0 },
      { lane: 3, sent: { row: 1, touch: 1 }, receivedIn: 2 },
      { lane: 5, sent: { row: 2, touch: 0 }, receivedIn: 3 },
      { lane: 5, sent: { row: 2, touch: 1 }, receivedIn: undefined },
    ]);
    expect(messagesOf(TALK).map(({ message }) => message?.type)).toEqual([
      undefined,
      'question',
      'answer',
      'answer',
    ]);
  });

  it('draw nothing of a trace without steps but its ending', () => {
    expect(swimlanesOf({ ...SMALL, steps: [] })).toMatchObject({ lanes: [], rows: [] });
    expect(swimlanesSvg({ ...SMALL, steps: [] })).toContain('a page is freed once');
  });

  it('say of an actor that it finds a property violated itself', () => {
    const violate = { slot: 'device', type: 'violate', params: { property: 'S7' } };
    const trace = traceOf([stepOf('device', 'frees', ['twice'], { effects: [violate] })]);
    expect(swimlanesOf(trace).rows[0]).toMatchObject({ violates: ['S7'], effects: [] });
    expect(swimlanesSvg(trace)).toContain('class="step violates"');
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
    ['the race', RACE],
    ['the race without calls', UNTOLD_RACE],
    ['the small trace', SMALL],
    ['the talk', TALK],
  ])('of %s is clear', (_, trace) => {
    expect(faultsOf(trace)).toEqual([]);
  });

  it('is one element, its texts escaped', () => {
    const drawn = swimlanesSvg(SMALL);
    expect(drawn).toContain('frees &lt;again&gt; &amp; &quot;again&quot;');
    for (const each of [drawn, svg, swimlanesSvg(TALK)]) expect(unbalanced(each)).toEqual([]);
  });

  it('has both themes, or the one that is asked for', () => {
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toContain('data-theme="');
    expect(swimlanesSvg(RACE, { theme: 'dark' })).toContain('data-theme="dark"');
  });
});

it('measures see what is wrong', () => {
  const { rows } = swimlanesLayout(swimlanesOf(RACE));
  const boxes = rows.map(({ box }, at) => ({ ...box, y: 0, name: `row ${at}` }));
  expect(overlaps(boxes).length).toBeGreaterThan(0);
  const across = [
    {
      name: 'line',
      ends: [],
      points: [
        { x: 0, y: 5 },
        { x: 5000, y: 5 },
      ],
    },
  ];
  expect(throughBoxes(across, boxes).length).toBe(boxes.length);
});

describe('traces made by chance', () => {
  const actor = fc.constantFrom('thread[0]', 'thread[1]', 'device', 'a-thread-with-a-long-name');
  const slot = fc.constantFrom('ring', 'page[0]', 'page[1]', 'page[2]', 'a-slot-with-a-long-name');
  const words = fc.constantFrom('told', 'ring.head.moved', 'page.installed-and-answered-at-once');
  const channel = fc.constantFrom('up', 'down[0]', 'down[1]');
  const message = { type: 'message.sent', message: { type: 'answer' } };
  const call = fc.oneof(
    { weight: 4, arbitrary: fc.record({ to: slot, type: words, nested: fc.boolean() }) },
    {
      weight: 2,
      arbitrary: fc.record({ to: channel, type: fc.constant(''), nested: fc.boolean() }),
    },
  );
  const step = fc
    .record({
      actor,
      label: words,
      received: fc.array(channel, { maxLength: 2 }),
      calls: fc.array(call, { maxLength: 6 }),
      changed: fc.array(slot, { maxLength: 3 }),
      violated: fc.option(slot),
    })
    .map(({ actor, label, received, calls, changed, violated }): RecordedStep => {
      let from: string = actor;
      const told = calls.map(({ to, type, nested }) => {
        const made = callOf(nested ? from : actor, to, type === '' ? message : { type });
        from = type === '' ? from : to;
        return made;
      });
      const taken = received.map((to) => callOf(actor, to, { type: 'message.delivered' }));
      return stepOf(actor, label, ['did'], {
        event: { type: 'taken' },
        calls: [...taken, ...told],
        changes: changed.map((slot) => ({
          slot,
          to: { one: 'state', other: 'state-with-a-name' },
        })),
        effects:
          violated === null
            ? []
            : [{ slot: violated, type: 'violate', params: { property: 'S1', sentence: 'no' } }],
      });
    });

  it('are drawn with nothing on anything else', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        expect(faultsOf(traceOf(steps))).toEqual([]);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

const lanesOf = (trace: RecordedTrace): readonly string[] =>
  swimlanesOf(trace).lanes.map(({ title, kind }) => `${kind} ${title}`);

const rowsOf = (trace: RecordedTrace): readonly string[] =>
  swimlanesOf(trace).rows.map(({ first, last, lane, label, passes, touches }) => {
    const told = touches.map(({ lane, index, within, events, states, violates }) => {
      const said = [...events, ...violates.map((one) => `violates ${one}`)].join(', ');
      const became = states.join(', ');
      const text = said !== '' && became !== '' ? `${said}: ${became}` : said + became;
      const by = within === undefined ? '' : `(${within}) `;
      const which = index === '' ? '' : `[${index}]`;
      return ` -> ${by}${lane}${which} ${text}`;
    });
    return `${first}-${last} in ${lane}${passes ? ' passes' : ''} ${label}${told.join('')}`;
  });

/** Boxes on others or outside, and lines through boxes that they neither leave nor enter. */
function faultsOf(trace: RecordedTrace): readonly string[] {
  const placed = swimlanesLayout(swimlanesOf(trace));
  const steps = placed.rows.map(({ box }, at) => ({ ...box, name: `step ${at}` }));
  const touches = placed.rows.flatMap(({ touches }, row) =>
    touches.map(({ box }, at) => ({ ...box, name: `touch ${row} ${at}` })),
  );
  const boxes = [
    ...placed.lanes.map(({ box, lane }) => ({ ...box, name: `head of ${lane.title}` })),
    ...steps,
    ...touches,
    ...(placed.ending === undefined ? [] : [{ ...placed.ending.box, name: 'ending' }]),
  ];
  const outside = boxes.filter(
    ({ x, y, width, height }) =>
      x < 0 || y < 0 || x + width > placed.width || y + height > placed.height,
  );
  const lines = [
    ...placed.rows.flatMap(({ touches }, row) =>
      touches.map(({ way, touch: { within } }, at) => ({
        name: `call ${row} ${at}`,
        points: way,
        ends: [
          `touch ${row} ${at}`,
          within === undefined ? `step ${row}` : `touch ${row} ${within}`,
        ],
      })),
    ),
    ...swimlanesOf(trace).messages.map(({ sent, receivedIn, lane }, at) => ({
      name: `message ${at}`,
      points: placed.messages[at]?.way ?? [],
      ends: [
        sent === undefined
          ? `head of ${placed.lanes[lane]?.lane.title}`
          : `touch ${sent.row} ${sent.touch}`,
        `step ${receivedIn}`,
      ],
    })),
  ];
  return [
    ...overlaps(boxes),
    ...outside.map(({ name }) => `${name} is outside`),
    ...throughBoxes(lines, boxes),
  ];
}

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
