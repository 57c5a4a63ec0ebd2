/** The report of an exploration: what was found, drawn; how far it went; what may be said. */

import type { Figures } from '../scenarios/explore/explore-scenario.ts';
import type { Explored, Extent, Found } from '../scenarios/explored.ts';
import { columnsOf } from '../viz/columns.ts';
import type { ExplorePlan } from './explore-options.ts';
import type { Paint } from './output.ts';

/** `again` are the commands that replay what was found and find it again. */
export function exploreReport(
  plan: ExplorePlan,
  explored: Explored,
  again: readonly string[],
  paint: Paint,
): string {
  const { options, course } = plan;
  const { scenario, driver, quirks } = plan.found;
  const { strategy, properties } = options;
  const headline = [
    `explore ${scenario.name}`,
    ...(driver === undefined ? [] : [`driver ${[driver, ...quirks].join(' + ')}`]),
    `strategy ${strategy}`,
    ...(course.kind === 'sampling' ? [`seed ${course.seed}`] : []),
    ...(properties.length === 0 ? [] : [`property ${properties.join(', ')}`]),
    `${explored.elapsedSeconds.toFixed(2)} s`,
  ].join('   ');
  return [
    paint('bold', headline),
    ...figuresOf(explored).map((line) => `  ${line}`),
    ...notReduced(plan, explored).map((line) => `  ${line}`),
    ...verdictOf(plan, explored, paint),
    ...figuresTable(scenario.figures?.()),
    ...again,
    '',
  ].join('\n');
}

/** Orders were to be left out, and all were searched. */
function notReduced({ options }: ExplorePlan, { extent }: Explored): readonly string[] {
  if (extent.kind !== 'search' || options.reduction !== 'por') return [];
  if (extent.reductions.includes('por')) return [];
  const where = 'depth first, where a goal is judged, and with more than 31 actors';
  return [`every order was searched: --reduction por leaves none out ${where}`];
}

function figuresOf({ extent, coverage, elapsedSeconds }: Explored): readonly string[] {
  const { transitionsSeen, transitionsTotal } = coverage;
  return [
    ...extentOf(extent, elapsedSeconds),
    `${count(transitionsSeen)} of ${count(transitionsTotal)} transitions of the machines seen`,
  ];
}

function extentOf(extent: Extent, elapsedSeconds: number): readonly string[] {
  const rate = (value: number): string =>
    elapsedSeconds > 0 ? count(value / elapsedSeconds) : 'unknown';
  switch (extent.kind) {
    case 'search': {
      const { states, transitions, depth, bytes, diskBytes, reductions } = extent;
      const onDisk = diskBytes === 0 ? '' : ` and ${(diskBytes / states).toFixed(1)} on disk`;
      const reduced = reductions.length === 0 ? '' : `   reduced by ${reductions.join(', ')}`;
      return [
        `${count(states)} states   ${count(transitions)} transitions   depth ${depth}${reduced}`,
        `${rate(states)} states/s   ${(bytes / states).toFixed(1)} bytes a state${onDisk}`,
      ];
    }
    case 'sampling': {
      const { walks, steps, longest, cut } = extent;
      const cutShort = cut === 0 ? '' : `   ${count(cut)} cut short`;
      return [
        `${count(walks)} walks   ${count(steps)} steps   longest ${longest}${cutShort}`,
        `${rate(walks)} walks/s   ${rate(steps)} steps/s`,
      ];
    }
  }
}

const STAYS_IN_MEMORY = '--disk holds no search that judges a goal';

const limitedWithDisk = ({ diskFolder }: ExplorePlan['options'], { limit }: Explored): boolean =>
  diskFolder !== undefined && limit === 'bytes';

function verdictOf(plan: ExplorePlan, explored: Explored, paint: Paint): readonly string[] {
  const { scenario } = plan.found;
  const { properties } = plan.options;
  const { complete, unseen, found } = explored;
  if (found !== undefined) {
    const title = paint('red', `VIOLATED ${found.violation.property}`);
    const how = howFound(found, scenario.name);
    return ['', `${title} ${how}: ${found.violation.sentence}`, '', columnsOf(found.trace)];
  }
  if (complete && unseen.length === 0) {
    const what = properties.length === 0 ? 'nothing is' : `${properties.join(', ')} never`;
    return ['', `${paint('green', 'CLEAN')}: every reachable state was seen, ${what} violated`, ''];
  }
  const why = complete
    ? `nothing is violated, but the world is too small; never met: ${unseen.join(', ')}`
    : whyUnknown(explored);
  const stays = limitedWithDisk(plan.options, explored) ? `; ${STAYS_IN_MEMORY}` : '';
  return ['', `${paint('yellow', 'NOT KNOWN')}: ${why}${stays}`, ''];
}

/** The scenario's own numbers: words to the left, numbers to the right. */
function figuresTable(figures: Figures | undefined): readonly string[] {
  if (figures === undefined) return [];
  const { title, columns, rows } = figures;
  const cells = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  return [title, '', ...cells.map(line), ''];
}

function howFound({ trace, stepsFound }: Found, scenario: string): string {
  const steps = trace.steps.length;
  return [
    `after ${count(steps)} step${steps === 1 ? '' : 's'}`,
    ...(trace.scenario === scenario ? [] : [`in ${trace.scenario}`]),
    ...(stepsFound === undefined ? [] : [`(shortened from ${count(stepsFound)})`]),
  ].join(' ');
}

function whyUnknown({ extent, limit = 'interrupted' }: Explored): string {
  const found =
    extent.kind === 'sampling'
      ? `nothing found in ${count(extent.walks)} walks; what other walks would find is unknown`
      : 'nothing found so far; what lies beyond is unknown';
  return `${found} (${LIMITS[limit]})`;
}

const LIMITS: Readonly<Record<NonNullable<Explored['limit']>, string>> = {
  states: 'the limit of states was met',
  depth: 'the limit of depth was met',
  bytes: 'the limit of memory was met',
  disk: 'the disk was full',
  time: 'the time was up',
  walks: 'the limit of walks was met',
  steps: 'the limit of steps was met',
  interrupted: 'interrupted',
};

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
