/**
 * Perfetto: a trace as Chrome trace events, which Perfetto and chrome://tracing open.
 *
 * Source: Google, "Trace Event Format": complete events, flow events with binding point "enclosing slice", metadata.
 * Units:  a trace has no clock: a step is a millisecond, in the format's microseconds.
 * Policy: threads are tracks of one process, objects of another; a call is a slice of its object, and a flow leads to
 *         it from its caller, as one does from a message's sender to its receiver. Slices of a track nest or are
 *         apart. No two tracks share a thread id, for Perfetto names threads by that alone.
 */
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { propertyIn } from '../explore/violation.ts';
import { nestedCalls } from './call-tree.ts';
import { laneTitle, laneTitles } from './lane-titles.ts';
import { stateText } from './state-text.ts';
import { type CallPlace, messagesOf } from './trace-messages.ts';

const STEP = 1000;
/** A slice ends before the next step begins, so that neighbours stay apart. */
const DURATION = 900;
const THREADS = 1;
const OBJECTS = 2;
/** The first thread id: equal ones of a process and a thread would make it that process's main thread. */
const FIRST_TID = 11;

type TraceEvent = Readonly<Record<string, unknown>>;
type Track = { readonly pid: number; readonly tid: number };
/** When a slice begins, and on which track. */
type Start = Track & { readonly ts: number };

/** One JSON object, ended by a line break. */
export function perfettoTrace(trace: RecordedTrace): string {
  const { scenario, columns, steps, violation } = trace;
  const actors = new Set(steps.map(({ actor }) => actor));
  const threads = laneTitles(trace);
  const objects = [...new Set(steps.flatMap(touchedBy))].filter((slot) => !actors.has(slot));
  const trackOf = (slot: string): Track =>
    actors.has(slot)
      ? { pid: THREADS, tid: FIRST_TID + threads.indexOf(laneTitle(columns, slot)) }
      : { pid: OBJECTS, tid: FIRST_TID + threads.length + objects.indexOf(slot) };

  let flows = 0;
  const flow = (cat: string, name: string, from: Start, to: Start): readonly TraceEvent[] => {
    flows += 1;
    const own = { cat, name, id: flows };
    return [
      { ph: 's', ...own, ...from },
      { ph: 'f', bp: 'e', ...own, ...to },
    ];
  };
  const startOf = ({ step, call }: CallPlace): Start => {
    const { actor = '', calls = [] } = steps[step] ?? {};
    return { ...trackOf(calls[call]?.from ?? actor), ts: step * STEP + callStart(calls, call) };
  };
  const messages = messagesOf(trace).flatMap(({ message, sent, received }) =>
    sent === undefined || received === undefined
      ? []
      : flow('message', message?.type ?? '', startOf(sent), {
          ...trackOf(steps[received.step]?.actor ?? ''),
          ts: received.step * STEP,
        }),
  );
  const named = (name: string, { pid, tid }: Track, value: string): TraceEvent => ({
    ph: 'M',
    name,
    pid,
    tid,
    args: { name: value },
  });
  return `${JSON.stringify({
    displayTimeUnit: 'ms',
    otherData: {
      scenario,
      time: 'one step is one millisecond',
      ...(violation && { violation: `${violation.property}: ${violation.sentence}` }),
    },
    traceEvents: [
      named('process_name', { pid: THREADS, tid: THREADS }, scenario),
      named('process_name', { pid: OBJECTS, tid: OBJECTS }, `${scenario}: objects`),
      ...threads.map((title, at) =>
        named('thread_name', { pid: THREADS, tid: FIRST_TID + at }, title),
      ),
      ...objects.map((slot) => named('thread_name', trackOf(slot), slot)),
      ...steps.flatMap((step, index) => stepEvents(step, index, trackOf, flow)),
      ...messages,
    ],
  })}\n`;
}

const touchedBy = ({ calls = [], changes, effects }: RecordedStep): readonly string[] => [
  ...calls.map(({ to }) => to),
  ...[...changes, ...effects].map(({ slot }) => slot),
];

/** Calls share the time of their step evenly, the actor's own beginning first. */
const callStart = (calls: readonly unknown[], call: number): number =>
  Math.floor((DURATION * (call + 1)) / (calls.length + 1));

function stepEvents(
  step: RecordedStep,
  index: number,
  trackOf: (slot: string) => Track,
  flow: (cat: string, name: string, from: Start, to: Start) => readonly TraceEvent[],
): readonly TraceEvent[] {
  const { actor, calls = [], changes, effects, fields, reads } = step;
  const ts = index * STEP;
  const { type, ...params } = step.event;
  const became = (slot: string) => ({
    ...changesOf(step, slot),
    fields: fields.filter((one) => one.slot === slot).map(({ field, to }) => `${field} = ${to}`),
  });
  const own: TraceEvent = {
    ...{ ph: 'X', cat: 'step', name: step.label, ts, dur: DURATION, ...trackOf(actor) },
    args: {
      step: index + 1,
      actor,
      event: type,
      params,
      effects: effects.map((effect) => `${effect.slot} ${effect.type}`),
      ...(reads && { reads }),
      ...became(actor),
    },
  };
  const called = nestedCalls(step).flatMap(({ call, last }, at): readonly TraceEvent[] => {
    const { type: name, ...params } = call.event;
    const begin = ts + callStart(calls, at);
    const dur = ts + callStart(calls, last + 1) - begin - 1;
    const args = { step: index + 1, from: call.from, params, ...became(call.to) };
    const to = { ...trackOf(call.to), ts: begin };
    return [
      { ph: 'X', cat: 'call', name, dur, args, ...to },
      ...flow('call', name, { ...trackOf(call.from), ts: begin }, to),
    ];
  });
  // A trace that tells no calls tells at least what changed.
  const uncalled = changes
    .filter(({ slot }) => slot !== actor && calls.every(({ to }) => to !== slot))
    .flatMap(({ slot, to }): readonly TraceEvent[] => {
      const start = { ...trackOf(slot), ts };
      const args = { step: index + 1, ...became(slot) };
      return [
        { ph: 'X', cat: 'state', name: stateText(to), dur: DURATION, args, ...start },
        ...flow('change', 'changes', { ...trackOf(actor), ts }, start),
      ];
    });
  const violated = effects
    .filter((effect) => effect.type === 'violate')
    .map((effect): TraceEvent => {
      const name = `violates ${propertyIn(effect.params)}`;
      const at = { ts: ts + DURATION - 1, ...trackOf(effect.slot) };
      return { ph: 'i', s: 't', cat: 'violation', name, args: effect.params, ...at };
    });
  return [own, ...called, ...uncalled, ...violated];
}

function changesOf({ changes }: RecordedStep, slot: string): { readonly becomes?: string } {
  const change = changes.find((one) => one.slot === slot);
  return change === undefined ? {} : { becomes: stateText(change.to) };
}
