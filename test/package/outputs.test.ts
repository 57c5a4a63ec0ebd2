/**
 * Goal: what each command prints as JSON, and each file it writes, keeps to the schema that ships with it; and a schema
 * refuses what is not so.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

import { sealedFaults, shippedFaults } from '../unit/schemas/validator.ts';
import { project, stormdrain } from './run.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const CAPTURE = join(FIXTURES, 'captures/process_exit.txt');
const PATCHED = join(FIXTURES, 'captures/patched_process_exit.txt');
const SEQUENCES = join(FIXTURES, 'oracle/hand.jsonl');

const inProject = (path: string): string => join(project, path);
const jsonIn = (path: string): unknown => JSON.parse(readFileSync(inProject(path), 'utf8'));
const linesIn = (path: string): readonly string[] =>
  readFileSync(inProject(path), 'utf8').trim().split('\n');

const DEFECT = 'explore exit-unbind --driver vtd@7.3';

/** In this order, for some read what others have written. */
const PRINTED: readonly (readonly [file: string, code: number, command: string])[] = [
  ['storm.json', 0, 'storm steady --groups 300 --seed 1 --record rec.txt --coverage storm.json'],
  ['storm.json', 1, 'storm exit-storm --driver vtd@7.3 --seed 1 --duration 2s'],
  ['explore.json', 1, `${DEFECT} --trace found.json --coverage search.json`],
  ['explore.json', 1, `${DEFECT} --strategy portfolio --seed 1`],
  ['explore.json', 3, 'explore exit-unbind --max-states 500'],
  ['replay.json', 0, 'replay found.json'],
  ['races.json', 0, 'races'],
  ['races-run.json', 0, 'races run fault-without-param-unanswered'],
  ['quirks.json', 0, 'quirks'],
  ['init.json', 0, 'init made'],
  ['orders.json', 0, 'orders vtd attach'],
  ['orders.json', 3, 'orders vtd@7.3 attach --max-states 10'],
  ['conform.json', 0, `conform ${SEQUENCES}`],
  ['conform.json', 1, 'conform other.jsonl'],
  ['validate.json', 0, 'validate rec.txt'],
  ['validate.json', 1, `validate ${PATCHED}`],
  ['import.json', 0, `import ${CAPTURE} --out imported`],
  ['charts.json', 0, 'charts --machine mm --heat search.json --heat storm.json --out charts'],
  ['charts-list.json', 0, 'charts --list'],
  ['campaign.json', 1, 'campaign campaign.json --runs runs'],
];

const CAMPAIGN = {
  explorations: [
    { scenarios: ['exit-unbind'], drivers: ['vtd@7.3'], strategies: ['bfs', 'random'], walks: 5 },
  ],
  storms: [{ profiles: ['steady'], groups: 200 }],
};

/** A kernel that answers its first operation otherwise. */
function otherKernel(): string {
  const [line = ''] = readFileSync(SEQUENCES, 'utf8').split('\n');
  const sequence = JSON.parse(line);
  return JSON.stringify({ ...sequence, results: [{ ret: -99 }, ...sequence.results.slice(1)] });
}
writeFileSync(inProject('other.jsonl'), `${otherKernel()}\n`);
writeFileSync(inProject('campaign.json'), JSON.stringify(CAMPAIGN));

/** The same without one field, or with one that is no text, number, list or mapping of anything. */
const wrongOnes = (value: object): readonly object[] =>
  Object.keys(value).flatMap((field) => {
    const { [field]: _, ...without } = Object(value);
    return [without, { ...value, [field]: [[Number.NaN]] }];
  });

/** Fields that may be absent. */
const optionalIn = (file: string, value: object): number =>
  Object.keys(value).filter((field) => {
    const { [field]: _, ...without } = Object(value);
    return shippedFaults(file, without).length === 0;
  }).length;

it.each(PRINTED)('%s describes, with exit code %i, %s', async (file, expected, command) => {
  const { code, stdout, stderr } = await stormdrain(...command.split(' '), '--json');
  expect(code, stderr).toBe(expected);
  const value: object = JSON.parse(stdout);
  expect(sealedFaults(file, value)).toEqual([]);
  const accepted = wrongOnes(value).filter((wrong) => shippedFaults(file, wrong).length === 0);
  expect(accepted.length).toBe(optionalIn(file, value));
});

it.each([
  ['trace.json', 'found.json'],
  ['coverage.json', 'search.json'],
  ['coverage.json', 'storm.json'],
])('%s describes the file %s', (schema, file) => {
  expect(sealedFaults(schema, jsonIn(file))).toEqual([]);
});

it('describes what a run of a campaign keeps', () => {
  const [run = ''] = readdirSync(inProject('runs'));
  expect(sealedFaults('campaign-run.json', jsonIn(`runs/${run}/campaign.json`))).toEqual([]);
  expect(sealedFaults('coverage.json', jsonIn(`runs/${run}/coverage.json`))).toEqual([]);
  const traces = readdirSync(inProject(`runs/${run}/traces`));
  expect(traces.length).toBeGreaterThan(0);
  for (const file of traces) {
    expect(sealedFaults('trace.json', jsonIn(`runs/${run}/traces/${file}`))).toEqual([]);
  }
});

it('describes the header of a recorded storm, and every line of an event trace', () => {
  const mark = '# stormdrain.recording/1 ';
  const header = linesIn('rec.txt').find((line) => line.startsWith(mark)) ?? '';
  expect(sealedFaults('recording.json', JSON.parse(header.slice(mark.length)))).toEqual([]);
  const events = linesIn('imported/process_exit.events.jsonl');
  expect(events.length).toBeGreaterThan(10);
  expect(events.flatMap((line) => sealedFaults('events.json', JSON.parse(line)))).toEqual([]);
});

it('describes a chart', async () => {
  const { stdout } = await stormdrain('charts', '--machine', 'mm-notifier', '--format', 'json');
  expect(sealedFaults('chart.json', JSON.parse(stdout))).toEqual([]);
});
