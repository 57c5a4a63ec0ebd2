/**
 * Machine pages: what each machine is, as docs/machines.md has it, from its header, its events and its chart.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyStateMachine } from 'xstate';

import { packageRoot } from '../src/scenarios/package-root.ts';
import { type ChartState, type ChartTransition, chartOf, statesWithin } from '../src/viz/chart.ts';
import { chartFileName } from '../src/viz/chart-format.ts';
import { MACHINES } from '../src/viz/machine-list.ts';
import { headerMarkdown, markdown } from './source-header.ts';

const FOLDER = 'src/machines';

const HEAD = `# The machines

Every machine of the model: what it is, the states it may be in, the events it is sent and by whom. Written from the
sources by \`npm run machines\`; a test says when it is stale. The operations of drivers are lists of steps, and one machine
each: their charts are [among the others](charts/README.md), their steps in \`src/machines/operation-steps.ts\`.`;

export const machinePages = (): string =>
  `${[HEAD, MACHINES.map(({ id }) => `- [${id}](#${id})`).join('\n'), ...MACHINES.map(section)].join('\n\n')}\n`;

function section(machine: AnyStateMachine): string {
  const { id } = machine;
  const source = `${FOLDER}/${id}.ts`;
  const text = readText(source);
  const { root } = chartOf(machine);
  return [
    `## ${id}`,
    headerMarkdown(text),
    `Source: [\`${source}\`](../${source}).`,
    `![State chart of ${id}](charts/${chartFileName(id, 'svg')})`,
    ...eventTable(root, text + termsOf(id)),
    ...stateTable(root),
  ].join('\n\n');
}

/** Where a machine's events have a file of their own. */
function termsOf(id: string): string {
  try {
    return readText(`${FOLDER}/${id}-terms.ts`);
  } catch {
    return '';
  }
}

const readText = (path: string): string => readFileSync(join(packageRoot(), path), 'utf8');

type SentEvent = { readonly fields: readonly string[]; readonly sender: string };

/** Members of unions of events: their fields, and who sends them, as the comment behind them says. */
function sentEvents(source: string): ReadonlyMap<string, SentEvent> {
  const members = source.split(/\n {2}\| |Event = /).map((part) => part.split('\n\n')[0] ?? '');
  return new Map(
    members.flatMap((member) => {
      const [, type] = /readonly type:\s*'([^']+)'/.exec(member) ?? [];
      if (type === undefined) return [];
      const fields = [...member.matchAll(/readonly (\w+)\??:/g)].map(([, field = '']) => field);
      const [, sender = ''] = /\/\/\s*from (.*)/.exec(member) ?? [];
      return [[type, { fields: fields.filter((field) => field !== 'type'), sender }] as const];
    }),
  );
}

function eventTable(root: ChartState, source: string): readonly string[] {
  const known = sentEvents(source);
  const transitions = statesWithin(root).flatMap((state) => state.transitions);
  const events = [...new Set(transitions.map(({ event }) => event))].filter(
    (event) => event !== '' && event !== '*',
  );
  if (events.length === 0) return [];
  const rows = events.map((event) => {
    const { fields = [], sender = '' } = known.get(event) ?? {};
    return [`\`${event}\``, fields.map((field) => `\`${field}\``).join(', '), markdown(sender)];
  });
  return [table(['event', 'with', 'from'], rows)];
}

function stateTable(root: ChartState): readonly string[] {
  const rows = statesWithin(root)
    .filter(({ id }) => id !== root.id)
    .map((state) => [
      `\`${below(state.id, root)}\``,
      [...(state.kind === 'atomic' ? [] : [state.kind]), ...state.tags].join(', '),
      [...new Set(state.transitions.map((transition) => leaving(transition, root)))].join('; '),
    ]);
  return rows.length === 0 ? [] : [table(['state', 'is', 'takes'], rows)];
}

const below = (id: string, root: ChartState): string => id.slice(root.id.length + 1);

const leaving = ({ event, targets }: ChartTransition, root: ChartState): string => {
  const taken = event === '' ? 'at once' : `\`${event}\``;
  const to = targets.map((target) => `\`${below(target, root)}\``).join(', ');
  return to === '' ? taken : `${taken} to ${to}`;
};

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
