/**
 * Goal:   what other tools read of a trace keeps their formats' rules, and tells the same story.
 * Method: each export of a small trace and of a real race is read back and held to the rules.
 */
import { describe, expect, it } from 'vitest';
import { itfTrace, UNTOLD } from '../../../src/viz/itf.ts';
import { perfettoTrace } from '../../../src/viz/perfetto.ts';
import { SHIVIZ_EXPRESSION, shivizLog } from '../../../src/viz/shiviz.ts';
import { stateText } from '../../../src/viz/state-text.ts';
import { RACE, SMALL, TALK, UNTOLD_RACE } from './race-trace.ts';

const TRACES = [
  { name: 'the small trace', trace: SMALL },
  { name: 'a race', trace: RACE },
  { name: 'a race without calls', trace: UNTOLD_RACE },
  { name: 'a talk', trace: TALK },
];

type TraceEvent = {
  readonly ph: string;
  readonly name: string;
  readonly cat: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id: number;
  readonly args: { readonly step?: number; readonly name?: string };
};

describe.each(TRACES)('Perfetto, $name', ({ trace }) => {
  const { traceEvents }: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse(
    perfettoTrace(trace),
  );
  const ofPhase = (phase: string) => traceEvents.filter(({ ph }) => ph === phase);
  const slices = ofPhase('X');

  it('has one slice a step, in order, on a track that has a name', () => {
    const own = slices.filter(({ cat }) => cat === 'step');
    expect(own.map(({ name }) => name)).toEqual(trace.steps.map(({ label }) => label));
    expect(own.map(({ args }) => args.step)).toEqual(trace.steps.map((_, index) => index + 1));
    const named = ofPhase('M').map(({ pid, tid }) => `${pid} ${tid}`);
    expect(slices.filter(({ pid, tid }) => !named.includes(`${pid} ${tid}`))).toEqual([]);
  });

  it('has a slice a call, on its own track', () => {
    const called = slices.filter(({ cat }) => cat === 'call').map(({ name }) => name);
    const calls = trace.steps.flatMap((step) => step.calls ?? []);
    expect(called).toEqual(calls.map(({ event }) => event.type));
  });

  it('gives no two tracks one thread id, for Perfetto names threads by that alone', () => {
    const ids = ofPhase('M').map(({ tid }) => tid);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has slices of a track nest or stay apart', () => {
    const wrong = slices.filter((one, at) =>
      slices.slice(at + 1).some((other) => {
        const isSame = one.pid === other.pid && one.tid === other.tid;
        const [first, next] = one.ts <= other.ts ? [one, other] : [other, one];
        const end = first.ts + first.dur;
        return isSame && next.ts < end && next.ts + next.dur > end;
      }),
    );
    expect(wrong).toEqual([]);
    expect(slices.filter(({ dur }) => !(dur > 0))).toEqual([]);
  });

  it('begins and ends every flow inside slices, and never goes back', () => {
    const inside = ({ pid, tid, ts }: TraceEvent): boolean =>
      slices.some(
        (slice) =>
          slice.pid === pid && slice.tid === tid && slice.ts <= ts && ts < slice.ts + slice.dur,
      );
    const starts = ofPhase('s');
    const ends = new Map(ofPhase('f').map((end) => [end.id, end]));
    expect(starts.length).toBeGreaterThan(0);
    expect(ends.size).toBe(starts.length);
    for (const start of starts) {
      const end = ends.get(start.id);
      expect(end).toMatchObject({ bp: 'e', cat: start.cat, name: start.name });
      expect(end?.ts).toBeGreaterThanOrEqual(start.ts);
    }
    expect([...starts, ...ends.values()].filter((flow) => !inside(flow))).toEqual([]);
  });

  it('marks the violation', () => {
    const marks = ofPhase('i').map(({ name }) => name);
    const property = trace.violation?.property;
    expect([...new Set(marks)]).toEqual(property === undefined ? [] : [`violates ${property}`]);
  });
});

it('Perfetto: messages flow from who sent them to who received them', () => {
  const { traceEvents }: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse(
    perfettoTrace(TALK),
  );
  const names = new Map(
    traceEvents.filter(({ ph }) => ph === 'M').map(({ tid, args }) => [tid, args.name]),
  );
  const ends = traceEvents
    .filter(({ ph, cat }) => cat === 'message' && (ph === 's' || ph === 'f'))
    .map(({ ph, name, tid, ts }) => `${ph} ${name} ${names.get(tid)} in ${Math.floor(ts / 1000)}`);
  expect(ends).toEqual([
    's question unit in 1',
    'f question device in 2',
    's answer device in 2',
    'f answer driver in 3',
  ]);
});

describe.each(TRACES)('ITF, $name', ({ trace }) => {
  const itf: {
    readonly vars: readonly string[];
    readonly states: readonly Readonly<Record<string, unknown>>[];
  } = JSON.parse(itfTrace(trace));

  it('gives every variable a value in every state, and no other', () => {
    expect(itf.states).toHaveLength(trace.steps.length + 1);
    for (const [index, state] of itf.states.entries()) {
      const { '#meta': meta, ...values } = state;
      expect(meta).toMatchObject({ index });
      expect(Object.keys(values).sort()).toEqual([...itf.vars].sort());
    }
    expect(itf.vars.filter((name) => !/^[A-Za-z]\w*$/.test(name))).toEqual([]);
  });

  it('holds the last value of each slot in the end', () => {
    const end = itf.states.at(-1) ?? {};
    const changes = trace.steps.flatMap((step) => step.changes);
    const last = new Map(changes.map(({ slot, to }) => [slot, to]));
    expect(last.size).toBeGreaterThan(0);
    for (const [slot, to] of last) {
      const name = slot.replaceAll(/\W+/g, '_').replace(/_$/, '');
      expect(end[name]).toBe(stateText(to));
    }
  });

  it('says in each state which variables are other than in the one before', () => {
    for (const [index, state] of itf.states.entries()) {
      const before = itf.states[index - 1];
      if (before === undefined) continue;
      const { changed } = metaOf(state);
      const differing = itf.vars.filter(
        (name) => !['actor', 'action'].includes(name) && state[name] !== before[name],
      );
      expect([...changed]).toEqual(expect.arrayContaining(differing));
      expect(itf.vars).toEqual(expect.arrayContaining([...changed]));
    }
  });
});

const metaOf = (state: Readonly<Record<string, unknown>>) =>
  state['#meta'] as { readonly changed: readonly string[] }; // as the test before found

it('ITF tells a state before the first step, and changes one by one', () => {
  const { states } = JSON.parse(itfTrace(SMALL));
  expect(states.map((state: { page: string }) => state.page)).toEqual([
    UNTOLD,
    UNTOLD,
    UNTOLD,
    UNTOLD,
    'freed',
    'freed',
  ]);
});

it('ITF begins with what a trace tells of its slots', () => {
  const { vars, states } = JSON.parse(itfTrace(TALK));
  expect(vars).toEqual(['actor', 'action', 'unit', 'down', 'down_messages', 'up', 'up_messages']);
  expect(states.map((state: { unit: string }) => state.unit)).toEqual([
    'idle',
    'idle',
    'busy',
    'busy',
    'busy',
  ]);
  expect(states[2]['#meta']).toEqual({
    index: 2,
    event: { type: 'step' },
    changed: ['unit'],
  });
});

it('ITF keeps variables apart whose names come to the same', () => {
  const state = { machine: 'm', role: 'object', state: 's', fields: [] } as const;
  const slots = ['a-b', 'a.b', 'actor'].map((slot) => ({ slot, ...state }));
  const { vars } = JSON.parse(itfTrace({ ...SMALL, steps: [], slots }));
  expect(vars).toEqual(['actor', 'action', 'a_b', 'a_b_2', 'actor_2']);
});

describe.each(TRACES)('ShiViz, $name', ({ trace }) => {
  const events = [...shivizLog(trace).matchAll(new RegExp(SHIVIZ_EXPRESSION, 'g'))].map(
    ([, host = '', clock = '{}', text = '']) => ({
      host,
      clock: JSON.parse(clock) as Readonly<Record<string, number>>, // checked below
      text,
    }),
  );

  it('is read whole by the expression that goes with it', () => {
    expect(
      `# ShiViz parser: ${SHIVIZ_EXPRESSION}\n${events
        .map(({ host, clock, text }) => `${host} ${JSON.stringify(clock)}\n${text}\n`)
        .join('')}`,
    ).toBe(shivizLog(trace));
  });

  it('counts each host from 1, knows only what has happened, and never forgets', () => {
    const latest = new Map<string, Readonly<Record<string, number>>>();
    for (const { host, clock } of events) {
      const before = latest.get(host) ?? {};
      expect(clock[host]).toBe((before[host] ?? 0) + 1);
      for (const [other, count] of Object.entries(clock)) {
        expect(count).toBeGreaterThanOrEqual(before[other] ?? 0);
        if (other !== host) expect(count).toBeLessThanOrEqual(latest.get(other)?.[other] ?? 0);
      }
      latest.set(host, clock);
    }
  });
});

it('ShiViz: who changes what another changed has it behind him', () => {
  const log = shivizLog(SMALL);
  expect(log).toContain('page {"worker-0":1,"page":2,"worker-1":3}\nviolates S1');
});

it('ShiViz: who looks at an object has what was done to it behind him, and what is done next has him behind it', () => {
  const log = shivizLog(TALK);
  // The device takes the question that the unit put there, and looks at the unit.
  expect(log).toContain('\ndevice {"device":2,"down":2,"driver":1,"unit":1}\nanswers twice\n');
  // Before that it took another message, which the unit's use of the channel has behind it.
  expect(log).toContain('\ndown {"device":1,"down":2,"driver":1,"unit":1}\nmessage sent\n');
});
