/**
 * ITF: a trace in Apalache's Informal Trace Format, which Quint, modelator and the TLA+ tools read.
 *
 * Source: Apalache ADR 015, "Informal Trace Format in JSON".
 * Policy: a trace tells what changed and not what it began with, so a variable that has not changed yet holds the
 *         text of UNCHANGED. Control values and fields are texts; names are plain words, as the format wants them.
 */
import { type DrawnTrace, stateText } from './drawn-trace.ts';

export const UNCHANGED = '(as at first)';

type State = Readonly<Record<string, unknown>>;

/** One JSON object, ended by a line break: a state before the first step, and one behind each. */
export function itfTrace({ scenario, steps, violation }: DrawnTrace): string {
  const assigned = steps.map(({ changes, fields }) => [
    ...changes.map(({ slot, to }) => [variable(slot), stateText(to)] as const),
    ...fields.map(({ slot, field, to }) => [variable(`${slot}.${field}`), to] as const),
  ]);
  const held = [...new Set(assigned.flatMap((pairs) => pairs.map(([name]) => name)))];
  const vars = ['actor', 'action', ...held];

  let values: State = Object.fromEntries(held.map((name) => [name, UNCHANGED]));
  const states: State[] = [{ '#meta': { index: 0 }, actor: '', action: 'init', ...values }];
  for (const [index, { actor, label }] of steps.entries()) {
    values = { ...values, ...Object.fromEntries(assigned[index] ?? []) };
    states.push({ '#meta': { index: index + 1 }, actor, action: label, ...values });
  }
  return `${JSON.stringify({
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source: `stormdrain ${scenario}`,
      ...(violation === undefined
        ? {}
        : { status: 'violation', description: `${violation.property}: ${violation.sentence}` }),
    },
    vars,
    states,
  })}\n`;
}

/** `page-request-queue[1].entries` as `page_request_queue_1_entries`. */
const variable = (name: string): string => name.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '');
