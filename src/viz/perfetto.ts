/**
 * Perfetto: a trace as Chrome trace events, which Perfetto and chrome://tracing open.
 *
 * Source: Google, "Trace Event Format": complete events, flow events with binding point "enclosing slice", metadata.
 * Units:  a trace has no clock: a step is a millisecond, in the format's microseconds.
 * Policy: threads are tracks of one process, objects of another; a flow leads from a step to what it changed.
 */
import { violationIn } from '../explore/violation.ts';
import { type DrawnTrace, laneTitle, laneTitles, stateText } from './drawn-trace.ts';

const STEP = 1000;
/** A slice ends before the next step begins, so that neighbours stay apart. */
const DURATION = 900;
const THREADS = 1;
const OBJECTS = 2;

type TraceEvent = Readonly<Record<string, unknown>>;

/** One JSON object, ended by a line break. */
export function perfettoTrace(trace: DrawnTrace): string {
  const { scenario, columns, steps } = trace;
  const threads = laneTitles(trace);
  const actors = new Set(steps.map(({ actor }) => actor));
  const objects = [
    ...new Set(
      steps
        .flatMap(({ changes, effects }) => [...changes, ...effects].map(({ slot }) => slot))
        .filter((slot) => !actors.has(slot)),
    ),
  ];
  const track = (slot: string): { readonly pid: number; readonly tid: number } =>
    actors.has(slot)
      ? { pid: THREADS, tid: threads.indexOf(laneTitle(columns, slot)) + 1 }
      : { pid: OBJECTS, tid: objects.indexOf(slot) + 1 };

  let flows = 0;
  const events = steps.flatMap((step, index): readonly TraceEvent[] => {
    const ts = index * STEP;
    const from = track(step.actor);
    const { type, ...params } = step.event;
    const own = {
      ph: 'X',
      cat: 'step',
      name: step.label,
      ts,
      dur: DURATION,
      ...from,
      args: {
        step: index + 1,
        actor: step.actor,
        event: type,
        params,
        effects: step.effects.map((effect) => `${effect.slot} ${effect.type}`),
        fields: step.fields.map(({ slot, field, to }) => `${slot} ${field} = ${to}`),
      },
    };
    const changed = step.changes
      .filter(({ slot }) => slot !== step.actor)
      .flatMap(({ slot, to }): readonly TraceEvent[] => {
        flows += 1;
        const flow = { cat: 'change', name: 'changes', id: flows };
        // A thread that another changed has no slice of its own in this step.
        const slice = { ph: 'X', cat: 'state', name: stateText(to), ts, dur: DURATION };
        return [
          { ...slice, ...track(slot), args: { slot, step: index + 1 } },
          { ...flow, ph: 's', ts, ...from },
          { ...flow, ph: 'f', bp: 'e', ts: ts + DURATION / 2, ...track(slot) },
        ];
      });
    const violated = step.effects
      .filter((effect) => effect.type === 'violate')
      .map((effect): TraceEvent => {
        const { property, sentence } = violationIn(effect);
        const name = `violates ${property}`;
        return {
          ph: 'i',
          s: 'g',
          cat: 'violation',
          name,
          ts,
          ...track(effect.slot),
          args: { sentence },
        };
      });
    return [own, ...changed, ...violated];
  });

  const named = (name: string, pid: number, tid: number, value: string): TraceEvent => ({
    ph: 'M',
    name,
    pid,
    tid,
    args: { name: value },
  });
  const tracks = [
    named('process_name', THREADS, 0, scenario),
    named('process_name', OBJECTS, 0, `${scenario}: objects`),
    ...threads.map((title, index) => named('thread_name', THREADS, index + 1, title)),
    ...objects.map((slot, index) => named('thread_name', OBJECTS, index + 1, slot)),
  ];
  const { violation } = trace;
  return `${JSON.stringify({
    displayTimeUnit: 'ms',
    otherData: {
      scenario,
      time: 'one step is one millisecond',
      ...(violation === undefined
        ? {}
        : { violation: `${violation.property}: ${violation.sentence}` }),
    },
    traceEvents: [...tracks, ...events],
  })}\n`;
}
