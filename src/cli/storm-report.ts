/**
 * The report of a storm: a compact table on a terminal or in a file.
 *
 * Units: latencies arrive in microseconds and are shown in the unit that reads best.
 */
import type { Percentiles, StormPlan, StormResult, Violation } from '../workers/storm-plan.ts';
import type { Paint, Style } from './output.ts';

/** As wide as the widest title. */
const TITLE_WIDTH = 'answered'.length;

/** A figure and what it counts. */
type Cell = { readonly figure: string; readonly label: string; readonly style?: Style | undefined };

type Row = { readonly title: string; readonly cells: readonly Cell[]; readonly note?: string };

/** The report's text; `repeat` is the command that runs the storm again. */
export function stormReport(
  plan: StormPlan,
  result: StormResult,
  repeat: string,
  paint: Paint,
): string {
  const lines = [
    paint('bold', headline(plan, result)),
    ...table(countRows(result), paint),
    ...table(latencyRows(result), paint),
    ...result.violations.flatMap((violation) => violationLines(violation, paint)),
  ];
  for (const each of result.misbehaviours) lines.push(`${paint('yellow', 'MISBEHAVED')} ${each}`);
  if (isViolated(result)) lines.push('', `run it again: ${repeat}`);
  return `${lines.join('\n')}\n`;
}

/** Whether any property failed; a group lost or answered twice is one, whoever noticed it. */
export const isViolated = (result: StormResult): boolean =>
  result.violations.length > 0 || result.lost > 0 || result.duplicated > 0;

function headline(plan: StormPlan, result: StormResult): string {
  const load =
    plan.rate === undefined
      ? 'closed loop, saturated'
      : `open loop, ${count(plan.rate)} groups/s${plan.burst === undefined ? '' : ' in bursts'}`;
  return [
    `storm ${plan.name}`,
    `driver ${[plan.ownDriver ?? plan.driver, ...plan.quirks].join(' + ')}`,
    `seed ${plan.seed}`,
    `${plural(plan.devices, 'device')} x ${plural(plan.pasids, 'PASID')}`,
    load,
    `${result.elapsedSeconds.toFixed(2)} s${result.interrupted ? ', interrupted' : ''}`,
  ].join('   ');
}

function countRows(result: StormResult): readonly Row[] {
  const { responses, threads } = result;
  const bad = (value: number): Style => (value > 0 ? 'red' : 'green');
  const rate = result.elapsedSeconds > 0 ? result.groups / result.elapsedSeconds : 0;
  const cores = result.elapsedSeconds > 0 ? result.cpuSeconds / result.elapsedSeconds : 0;
  return [
    row('offered', [
      cell(result.groups, 'groups'),
      cell(result.pageRequests, 'requests'),
      cell(rate, 'groups/s'),
    ]),
    row('answered', [
      cell(responses.success + responses.invalid + responses.failure, 'groups'),
      cell(responses.success, 'success'),
      cell(responses.invalid, 'invalid'),
      cell(responses.failure, 'failure'),
    ]),
    row('overflow', [
      cell(result.overflows, 'times', result.overflows > 0 ? 'yellow' : undefined),
      cell(result.droppedRequests, 'dropped'),
      cell(result.autoResponses, 'auto-answered'),
    ]),
    row('churn', [
      cell(result.attaches, 'attaches'),
      cell(result.detaches, 'detaches'),
      cell(result.exits, 'exits'),
      cell(result.unmaps, 'unmaps'),
      ...(result.functionSwitches > 0 ? [cell(result.functionSwitches, 'function switches')] : []),
    ]),
    row('retry', [cell(result.retryMisses, 'misses'), cell(result.strays, 'strays')]),
    row('ledger', [
      cell(result.lost, 'lost', bad(result.lost)),
      cell(result.duplicated, 'duplicated', bad(result.duplicated)),
      cell(result.violations.length, 'violations', bad(result.violations.length)),
    ]),
    row('threads', [
      cell(threads.device, 'device'),
      cell(threads.prq, 'PRQ'),
      cell(threads.resolvers, threads.resolvers === 1 ? 'resolver' : 'resolvers'),
      ...(result.resolverDeaths > 0 ? [cell(result.resolverDeaths, 'died, replaced')] : []),
      { figure: cores.toFixed(2), label: 'cores used (CPU over wall)' },
    ]),
  ];
}

/** Latency counts from when a group was due, so a queue that holds senders back hides nothing. */
const latencyRows = (result: StormResult): readonly Row[] => [
  row('latency', percentileCells(result.groupLatencyUs), 'from the intended start'),
  ...(result.detaches > 0 ? [row('detach', percentileCells(result.detachLatencyUs))] : []),
];

const row = (title: string, cells: readonly Cell[], note?: string): Row => ({
  title,
  cells,
  ...(note === undefined ? {} : { note }),
});

const cell = (value: number, label: string, style?: Style): Cell => ({
  figure: count(value),
  label,
  style,
});

const percentileCells = (percentiles: Percentiles): readonly Cell[] => [
  { figure: duration(percentiles.p50), label: 'p50' },
  { figure: duration(percentiles.p90), label: 'p90' },
  { figure: duration(percentiles.p99), label: 'p99' },
  { figure: duration(percentiles.p999), label: 'p99.9' },
  { figure: duration(percentiles.max), label: 'max' },
];

/** Figures to the right and labels to the left of each column, columns as wide as their widest. */
function table(all: readonly Row[], paint: Paint): readonly string[] {
  const widest = (column: number, part: 'figure' | 'label'): number =>
    Math.max(0, ...all.map(({ cells }) => cells[column]?.[part].length ?? 0));

  return all.map(({ title, cells, note }) => {
    const parts = cells.map(({ figure, label, style }, column) => {
      const shown = figure.padStart(widest(column, 'figure'));
      const figured = style === undefined ? shown : paint(style, shown);
      const isLast = column === cells.length - 1 && note === undefined;
      return `${figured} ${isLast ? label : label.padEnd(widest(column, 'label'))}`;
    });
    const noted = note === undefined ? [] : [paint('dim', `(${note})`)];
    return `  ${[paint('dim', title.padEnd(TITLE_WIDTH)), ...parts, ...noted].join('  ')}`;
  });
}

function violationLines(violation: Violation, paint: Paint): readonly string[] {
  const events = violation.events.map((event) => `    ${event}`);
  return [
    '',
    `${paint('red', `VIOLATED ${violation.property}`)}: ${violation.message}`,
    ...(events.length === 0 ? [] : ['  last events:', ...events]),
  ];
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const plural = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** Microseconds in the unit that reads best. */
function duration(microseconds: number): string {
  if (microseconds < 1000) return `${trimmed(microseconds)} µs`;
  if (microseconds < 1e6) return `${trimmed(microseconds / 1000)} ms`;
  return `${trimmed(microseconds / 1e6)} s`;
}

/** Three digits or so: more would claim a precision nobody has. */
const trimmed = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
