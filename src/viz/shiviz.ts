/**
 * ShiViz: a trace as a log with vector clocks, which ShiViz draws as a space-time diagram of happens-before.
 *
 * Source: ShiViz, "Input log format"; the parser's expression is SHIVIZ_EXPRESSION.
 * Method: threads and objects are hosts. A step is an event of its thread; what it changes has an event behind it,
 *         and the thread, which called and waited, knows of that in its next one.
 * Policy: reads leave no mark in a trace. Two steps that look concurrent here may still have read each other.
 */
import { type DrawnStep, type DrawnTrace, laneTitle, stateText } from './drawn-trace.ts';

/** What to give ShiViz as the log's parser. */
export const SHIVIZ_EXPRESSION = '(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)';

type Clock = Readonly<Record<string, number>>;

export function shivizLog({ columns, steps }: DrawnTrace): string {
  const actors = new Set(steps.map(({ actor }) => actor));
  const hostOf = (slot: string): string =>
    (actors.has(slot) ? laneTitle(columns, slot) : slot).replaceAll(/\s+/g, '-');
  const clocks = new Map<string, Clock>();
  const lines: string[] = [];

  const event = (host: string, after: Clock, text: string): void => {
    const merged = latest(clocks.get(host) ?? {}, after);
    const clock = { ...merged, [host]: (merged[host] ?? 0) + 1 };
    clocks.set(host, clock);
    lines.push(`${host} ${JSON.stringify(clock)}`, text);
  };
  for (const step of steps) {
    const host = hostOf(step.actor);
    event(host, {}, step.label);
    const caller = clocks.get(host) ?? {};
    let answered = caller;
    for (const [slot, text] of changedBy(step)) {
      if (hostOf(slot) === host) continue;
      event(hostOf(slot), caller, text);
      answered = latest(answered, clocks.get(hostOf(slot)) ?? {});
    }
    clocks.set(host, answered);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Each other slot once. */
const changedBy = ({ actor, changes, effects }: DrawnStep): ReadonlyMap<string, string> =>
  new Map(
    [
      ...changes.map(({ slot, to }) => [slot, stateText(to)] as const),
      ...effects
        .filter(({ type }) => type === 'violate')
        .map(({ slot }) => [slot, 'violated'] as const),
    ].filter(([slot]) => slot !== actor),
  );

const latest = (a: Clock, b: Clock): Clock =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((host) => [
      host,
      Math.max(a[host] ?? 0, b[host] ?? 0),
    ]),
  );
