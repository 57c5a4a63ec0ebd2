/**
 * ITF: a trace in Apalache's Informal Trace Format, which Quint, modelator and the TLA+ tools read.
 *
 * Source: Apalache ADR 015, "Informal Trace Format in JSON".
 * Policy: control values and fields are texts; names are plain words, as the format wants them. A variable of a trace
 *         that does not tell what it began with holds the text of UNTOLD until it changes. Each state says in its
 *         `#meta` which step led to it and which variables that changed.
 */
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import { stateText } from './state-text.ts';

export const UNTOLD = '(as at first)';

type State = Readonly<Record<string, unknown>>;

/** One JSON object, ended by a line break: a state before the first step, and one behind each. */
export function itfTrace({ scenario, slots = [], steps, violation }: RecordedTrace): string {
  const assigned = steps.map(({ changes, fields }) => [
    ...changes.map(({ slot, to }) => [slot, stateText(to)] as const),
    ...fields.map(({ slot, field, to }) => [`${slot}.${field}`, to] as const),
  ]);
  const first = slots.flatMap(({ slot, state, fields }) => [
    [slot, stateText(state)] as const,
    ...fields.map(({ field, to }) => [`${slot}.${field}`, to] as const),
  ]);
  const variableOf = variables([...first, ...assigned.flat()].map(([name]) => name));

  let values: State = Object.fromEntries([
    ...assigned.flat().map(([name]) => [variableOf(name), UNTOLD] as const),
    ...first.map(([name, text]) => [variableOf(name), text] as const),
  ]);
  const vars = ['actor', 'action', ...Object.keys(values)];
  const states: State[] = [{ '#meta': { index: 0 }, actor: '', action: 'init', ...values }];
  for (const [index, { actor, event, label }] of steps.entries()) {
    const news = (assigned[index] ?? []).map(([name, text]) => [variableOf(name), text] as const);
    values = { ...values, ...Object.fromEntries(news) };
    const meta = { index: index + 1, event, changed: news.map(([name]) => name) };
    states.push({ '#meta': meta, actor, action: label, ...values });
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

/** `queue[1].entries` as `queue_1_entries`; what would come to the same gets a number behind it. */
function variables(names: readonly string[]): (name: string) => string {
  const known = new Map<string, string>();
  const taken = new Set(['actor', 'action']);
  for (const name of names) {
    if (known.has(name)) continue;
    const plain = name.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '');
    let variable = plain;
    for (let more = 2; taken.has(variable); more += 1) variable = `${plain}_${more}`;
    taken.add(variable);
    known.set(name, variable);
  }
  return (name) => known.get(name) ?? name;
}
