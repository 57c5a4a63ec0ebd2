/** The tables of docs/races.md, as they follow from the catalogue and from the left-out steps. */

import { RACES } from '../../../../src/scenarios/races/catalogue.ts';
import { LEFT_OUT_STEPS, type Noticed } from '../../../../src/scenarios/races/left-out-steps.ts';
import { expectationText, type Race } from '../../../../src/scenarios/races/race.ts';

type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

const code = (text: string): string => `\`${text}\``;

const modelledRows = (race: Race): readonly (readonly string[])[] =>
  race.status !== 'modelled'
    ? []
    : race.experiments.map(({ scenario, quirks, expects, aside }, place) => [
        place === 0 ? code(race.id) : '',
        place === 0 ? race.grade : '',
        code(scenario.name),
        quirks.map(code).join(' '),
        `${expectationText(expects)}${aside === undefined ? '' : `; ${aside.properties.join(', ')} set aside`}`,
      ]);

const evenIn = ({ evenIn: scenario }: Extract<Noticed, { redundant: string }>): string =>
  scenario === undefined ? '' : `, even in ${code(scenario.name)}`;

const noticedText = (noticed: Noticed): string =>
  'in' in noticed
    ? `${noticed.by} in ${code(noticed.in.name)}`
    : `redundant: ${noticed.redundant}${evenIn(noticed)}`;

const MODELLED: Table = {
  head: ['race', 'grade', 'scenario', 'with these quirks on `vtd`', 'the explorer finds'],
  rows: RACES.flatMap(modelledRows),
};
const OPEN: Table = {
  head: ['race', 'grade', 'lacks, or why not'],
  rows: RACES.flatMap((race) =>
    race.status === 'pending'
      ? [[code(race.id), race.grade, `pending: ${race.lacks}`]]
      : race.status === 'not-explored'
        ? [[code(race.id), race.grade, `not explored: ${race.why}`]]
        : [],
  ),
};
const LEFT_OUT: Table = {
  head: ['list', 'step', 'noticed by'],
  rows: LEFT_OUT_STEPS.map(({ operation, step, noticed }, at, all) => [
    all[at - 1]?.operation === operation ? '' : code(operation),
    code(step),
    noticedText(noticed),
  ]),
};

export const TABLES: readonly string[] = [MODELLED, OPEN, LEFT_OUT].map(({ head, rows }) => {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
});
