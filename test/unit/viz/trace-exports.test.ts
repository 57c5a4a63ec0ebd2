/**
 * Goal:   what other tools read of a trace keeps their formats' rules, and tells the same story.
 * Method: each export of a small trace and of a real race is read back and held to the rules.
 */
import { describe, expect, it } from 'vitest';

import { stateText } from '../../../src/viz/drawn-trace.ts';
import { itfTrace, UNCHANGED } from '../../../src/viz/itf.ts';
import { perfettoTrace } from '../../../src/viz/perfetto.ts';
import { SHIVIZ_EXPRESSION, shivizLog } from '../../../src/viz/shiviz.ts';
import { RACE, SMALL } from './race-trace.ts';

const TRACES = [
  { name: 'the small trace', trace: SMALL },
  { name: 'a race', trace: RACE },
];

type TraceEvent = {
  readonly ph: string;
  readonly name: string;
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
    const steps = slices.filter(({ pid }) => pid === 1);
    const own = steps.filter(
      (each, index) => steps.findIndex(({ ts }) => ts === each.ts) === index,
    );
    expect(own.map(({ name }) => name)).toEqual(trace.steps.map(({ label }) => label));
    expect(own.map(({ args }) => args.step)).toEqual(trace.steps.map((_, index) => index + 1));
    const named = ofPhase('M').map(({ pid, tid }) => `${pid} ${tid}`);
    expect(slices.filter(({ pid, tid }) => !named.includes(`${pid} ${tid}`))).toEqual([]);
  });

  it('has no two slices of a track at once', () => {
    const at = slices.map(({ pid, tid, ts }) => `${pid} ${tid} ${ts}`);
    expect(new Set(at).size).toBe(at.length);
  });

  it('begins and ends every flow inside slices', () => {
    const inside = ({ pid, tid, ts }: TraceEvent): boolean =>
      slices.some(
        (slice) =>
          slice.pid === pid && slice.tid === tid && slice.ts <= ts && ts <= slice.ts + slice.dur,
      );
    const ids = (phase: string) => ofPhase(phase).map(({ id }) => id);
    expect(ids('s').length).toBeGreaterThan(0);
    expect(ids('s')).toEqual(ids('f'));
    expect([...ofPhase('s'), ...ofPhase('f')].filter((flow) => !inside(flow))).toEqual([]);
  });

  it('marks the violation', () => {
    expect(ofPhase('i').map(({ name }) => name)).toContain(`violates ${trace.violation?.property}`);
  });
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
      expect(meta).toEqual({ index });
      expect(Object.keys(values).sort()).toEqual([...itf.vars].sort());
    }
    expect(itf.vars.filter((name) => !/^[A-Za-z]\w*$/.test(name))).toEqual([]);
  });

  it('holds the last value of each slot in the end', () => {
    const end = itf.states.at(-1) ?? {};
    const changes = trace.steps.flatMap((step) => step.changes);
    const last = new Map(changes.map(({ slot, to }) => [slot, to]));
    expect(last.size).toBeGreaterThan(1);
    for (const [slot, to] of last) {
      const name = slot.replaceAll(/\W+/g, '_').replace(/_$/, '');
      expect(end[name]).toBe(stateText(to));
    }
  });
});

it('ITF tells a state before the first step, and changes one by one', () => {
  const { states } = JSON.parse(itfTrace(SMALL));
  expect(states.map((state: { page: string }) => state.page)).toEqual([
    UNCHANGED,
    UNCHANGED,
    UNCHANGED,
    UNCHANGED,
    'freed',
    'freed',
  ]);
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
      events.map(({ host, clock, text }) => `${host} ${JSON.stringify(clock)}\n${text}\n`).join(''),
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
  expect(log).toContain('page {"worker-0":1,"page":2,"worker-1":3}\nviolated');
});
