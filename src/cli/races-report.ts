/** What `races` prints for people: the catalogue as a table, and a run with what was found. */
import { type Expectation, expectationText, type Race } from '../scenarios/races/race.ts';
import {
  type ExperimentResult,
  isCleanWithout,
  isReproduced,
  type RaceResult,
  verdictOf,
} from '../scenarios/races/race-run.ts';
import type { RaceFinding } from '../scenarios/races/race-search.ts';
import type { Paint } from './output.ts';
import type { RacesRun } from './races-json.ts';

const TITLE_COLUMNS_MIN = 30;

/** One row a race; titles are cut to what fits. */
export function racesTable(races: readonly Race[], columns: number, paint: Paint): string {
  const rows = races.map(({ id, grade, status, properties }) => [
    id,
    grade,
    status,
    properties.join(' '),
  ]);
  const head = ['id', 'grade', 'status', 'properties'];
  const widths = head.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  const room = Math.max(TITLE_COLUMNS_MIN, columns - line(head).length - 2);
  const count = (status: Race['status']): number =>
    races.filter((race) => race.status === status).length;
  return [
    paint('bold', `${line(head)}  title`),
    ...races.map(({ title, status }, at) => {
      const cells = paint(status === 'modelled' ? 'green' : 'dim', line(rows[at] ?? []));
      return `${cells}  ${cut(title, room)}`;
    }),
    '',
    [
      `${races.length} races: ${count('modelled')} modelled`,
      `${count('pending')} pending`,
      `${count('not-explored')} not explored`,
    ].join(', '),
    'grades: A the fix or report was read, B confirmed and reconstructed, C derived from source, D from memory',
    '',
  ].join('\n');
}

const cut = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;

/** A block a race that was run, a line each for those that can't be. */
export function racesRunReport(run: RacesRun, wasAll: boolean, paint: Paint): string {
  const all = run.results.filter(({ experiments }) => experiments.length > 0);
  // What was cut short has nothing to tell.
  const ran = all.filter((result) => !run.interrupted || verdictOf(result) !== 'unknown');
  const others = run.results.filter(({ experiments }) => experiments.length === 0);
  const counted = (verdict: string): number =>
    ran.filter((result) => verdictOf(result) === verdict).length;
  const refuted = counted('refuted');
  const unknown = all.length - ran.length + counted('unknown');
  return [
    ...ran.flatMap((result) => raceLines(result, paint)),
    ...(wasAll ? [] : others.flatMap(({ race }) => otherLines(race, paint))),
    [
      all.length === 0 ? 'nothing to run' : `${counted('confirmed')} of ${all.length} confirmed`,
      ...(refuted > 0 ? [paint('red', `${refuted} NOT`)] : []),
      ...(unknown > 0 ? [paint('yellow', `${unknown} not known`)] : []),
      ...(wasAll && others.length > 0
        ? [`${others.length} more pending or not explored, see "stormdrain races"`]
        : []),
      `${run.elapsedSeconds.toFixed(1)} s`,
      ...(run.interrupted ? ['interrupted'] : []),
    ].join(', '),
    '',
  ].join('\n');
}

function otherLines(race: Race, paint: Paint): readonly string[] {
  if (race.status === 'modelled') return [`${race.id}: ${paint('yellow', 'not run')}`];
  const why =
    race.status === 'pending' ? `pending, lacks ${race.lacks}` : `not explored: ${race.why}`;
  return [`${race.id}: ${paint('dim', why)}`];
}

function raceLines(result: RaceResult, paint: Paint): readonly string[] {
  const { race, experiments } = result;
  const verdict = verdictOf(result);
  const style = verdict === 'confirmed' ? 'green' : verdict === 'unknown' ? 'yellow' : 'red';
  const word = { confirmed: 'confirmed', refuted: 'NOT CONFIRMED', unknown: 'not known' };
  return [
    `${paint('bold', race.id)}  ${paint(style, verdict === undefined ? '' : word[verdict])}`,
    ...experiments.flatMap((each) => experimentLines(race, each)),
  ];
}

function experimentLines(race: Race, result: ExperimentResult): readonly string[] {
  const experiment = race.status === 'modelled' ? race.experiments[result.place] : undefined;
  if (experiment === undefined) return [];
  const { name, scenario, quirks, expects, aside } = experiment;
  const setAside =
    aside === undefined ? '' : ` but for ${aside.properties.join(', ')}: ${aside.why}`;
  const isOther = isReproduced(race, result) === false;
  const expected = isOther ? `; expected ${expectationText(expects)}` : '';
  return [
    `  ${scenario.name}${name === undefined ? '' : `, ${name}`}`,
    `    with ${quirks.join(', ')}: ${foundText(result.withQuirks, expects)}${expected}`,
    `    without: ${withoutText(result)}${setAside} (${statesText(result.without)})`,
  ];
}

const statesText = ({ states }: RaceFinding): string => `${states.toLocaleString('en-US')} states`;

function foundText(found: RaceFinding, expects: Expectation): string {
  const states = statesText(found);
  switch (found.kind) {
    case 'violated': {
      const steps = found.trace?.steps.length ?? 0;
      const way = `${steps} ${steps === 1 ? 'step' : 'steps'}`;
      return `${found.property} in ${way} (${states}): ${found.sentence}`;
    }
    case 'clean':
      return `${expects.kind === 'spares' ? `${expects.property} kept` : 'clean'} (${states})`;
    default:
      return `${found.sentence}`;
  }
}

function withoutText(result: ExperimentResult): string {
  if (isCleanWithout(result) === true) return 'complete and clean';
  const { property, sentence } = result.without;
  return [property, sentence].filter((part) => part !== undefined).join(' ');
}
