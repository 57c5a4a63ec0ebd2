/**
 * ShiViz: a trace as a log with vector clocks, which ShiViz draws as a space-time diagram of happens-before.
 *
 * Source: ShiViz, "Input log format"; the parser's expression is SHIVIZ_EXPRESSION, and the first line repeats it.
 * Method: threads and objects are hosts. A step is an event of its thread, a call one of the object called, behind the
 *         caller's; the thread, which waited, knows of it in its next. Who looks at an object has what was last done
 *         to it behind him, and what is done to it later has him behind it. Two steps look concurrent only if
 *         neither called or looked at what the other called.
 * Policy: a trace that tells no calls and reads is ordered by its changes alone.
 */
import type { RecordedStep, RecordedTrace } from '../explore/recorded-trace.ts';
import { propertyIn } from '../explore/violation.ts';
import { wordsOf } from '../explore/words-of.ts';
import { laneTitle } from './lane-titles.ts';
import { stateText } from './state-text.ts';

/** What to give ShiViz as the log's parser; lines that it does not match are passed over. */
export const SHIVIZ_EXPRESSION = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

type Clock = Readonly<Record<string, number>>;

export function shivizLog({ columns, steps }: RecordedTrace): string {
  const actors = new Set(steps.map(({ actor }) => actor));
  const hostOf = (slot: string): string =>
    (actors.has(slot) ? laneTitle(columns, slot) : slot).replaceAll(/\s+/g, '-');
  const clocks = new Map<string, Clock>();
  /** By host: who has looked at it since the last thing that was done to it. */
  const readers = new Map<string, Clock>();
  const lines = [`# ShiViz parser: ${SHIVIZ_EXPRESSION}`];

  const known = (host: string): Clock => clocks.get(host) ?? {};
  const event = (host: string, after: Clock, text: string): void => {
    const merged = latest(latest(known(host), after), readers.get(host) ?? {});
    readers.delete(host);
    const clock = { ...merged, [host]: (merged[host] ?? 0) + 1 };
    clocks.set(host, clock);
    lines.push(`${host} ${JSON.stringify(clock)}`, text);
  };
  for (const step of steps) {
    const host = hostOf(step.actor);
    const seen = (step.reads ?? []).map(hostOf).filter((other) => other !== host);
    event(host, seen.map(known).reduce(latest, {}), step.label);
    for (const other of seen) readers.set(other, latest(readers.get(other) ?? {}, known(host)));
    let answered = known(host);
    for (const { from, to, text } of doneBy(step)) {
      if (hostOf(to) === host) continue;
      event(hostOf(to), hostOf(from) === host ? answered : known(hostOf(from)), text);
      answered = latest(answered, known(hostOf(to)));
    }
    clocks.set(host, answered);
  }
  return lines.map((line) => `${line}\n`).join('');
}

type Done = { readonly from: string; readonly to: string; readonly text: string };

/** Calls in order, then what changed or objected without one; with what became of the object at its last call. */
function doneBy({ actor, calls = [], changes, effects }: RecordedStep): readonly Done[] {
  const became = (slot: string): readonly string[] => [
    ...changes.filter((one) => one.slot === slot).map(({ to }) => stateText(to)),
    ...effects
      .filter((one) => one.slot === slot && one.type === 'violate')
      .map((one) => `violates ${propertyIn(one.params)}`),
  ];
  const isLast = (at: number): boolean =>
    calls.slice(at + 1).every(({ to }) => to !== calls[at]?.to);
  const others = [...changes, ...effects.filter(({ type }) => type === 'violate')]
    .map(({ slot }) => slot)
    .filter((slot, at, all) => all.indexOf(slot) === at)
    .filter((slot) => slot !== actor && calls.every(({ to }) => to !== slot));
  return [
    ...calls.map(({ from, to, event }, at) => {
      const news = isLast(at) ? became(to) : [];
      const words = wordsOf(event.type);
      return { from, to, text: news.length === 0 ? words : `${words}: ${news.join(', ')}` };
    }),
    ...others.map((to) => ({ from: actor, to, text: became(to).join(', ') })),
  ];
}

const latest = (a: Clock, b: Clock): Clock =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((host) => [
      host,
      Math.max(a[host] ?? 0, b[host] ?? 0),
    ]),
  );
