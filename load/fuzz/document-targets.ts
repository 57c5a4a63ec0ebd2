/** Document targets: readers of what people write and of what we write ourselves, from their text. */

import { parseCampaign } from '../../src/campaign/campaign-file.ts';
import { parseRun } from '../../src/campaign/campaign-folder.ts';
import { type CampaignJob, jobKey, readSentJob } from '../../src/campaign/campaign-job.ts';
import { campaignJobs } from '../../src/campaign/campaign-matrix.ts';
import { checkRecord } from '../../src/campaign/job-record.ts';
import { recordIn, recordLine } from '../../src/campaign/results-file.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import type { Result } from '../../src/core/result.ts';
import { type BadInput, badInputSentence } from '../../src/scenarios/bad-input.ts';
import { parseCoverage } from '../../src/scenarios/coverage-file.ts';
import { isDataTooDeep } from '../../src/scenarios/nesting.ts';
import { planStorm } from '../../src/scenarios/plan-storm.ts';
import { STORM_PROFILE_DEFAULTS } from '../../src/scenarios/storm-profile.ts';
import { parseStormProfile } from '../../src/scenarios/storm-profile-file.ts';
import { parseTrace } from '../../src/scenarios/trace-file.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { KNOWN, NAMES } from './known-names.ts';
import { seedFiles, text } from './seed-files.ts';

const told = (read: Result<unknown, BadInput>): string | undefined =>
  read.ok ? undefined : badInputSentence(read.error);

const MODEL = 'model';
const JOBS: readonly CampaignJob[] = [
  {
    ...{ kind: 'search', scenario: 'exit-unbind', driver: 'vtd', quirks: [], strategy: 'bfs' },
    ...{ reduction: 'symmetry', statesMax: 1000, depthMax: undefined, properties: ['S6'] },
  },
  {
    ...{ kind: 'walks', scenario: 'exit-unbind', driver: 'vtd', quirks: [], strategy: 'surw' },
    ...{ seed: 1, walks: 10, depthMax: 9, properties: undefined },
  },
  { kind: 'storm', seed: 1, profile: { ...STORM_PROFILE_DEFAULTS, name: 'steady', groups: 9 } },
];
const SENT = JOBS.map((job) => ({ key: jobKey(job, MODEL), model: MODEL, secondsMax: 9, job }));

const RECORD = {
  ...{ key: 'k', model: MODEL, seconds: 0.5 },
  outcome: {
    ...{ kind: 'explored', verdict: 'clean', sentence: '', states: 1, transitions: 1 },
    ...{ walks: 0, steps: 0 },
    machines: [
      { machine: 'm', transitionsTotal: 2, taken: [{ from: 'm.a', event: 'e', index: 0 }] },
    ],
  },
};
const STORMED = {
  ...{ key: 'k', model: MODEL, seconds: 0.5 },
  outcome: { kind: 'stormed', groups: 1, lost: 0, duplicated: 0, violations: [] },
  storm: {
    ...{ pageRequests: 1, success: 1, invalid: 0, failure: 0, overflows: 0, attaches: 1 },
    ...{ detaches: 1, exits: 0, groupLatencies: [[1500, 1]], detachLatencies: [] },
  },
};

/** Aliases that multiply, and nesting: what YAML is known for. */
const YAML = [
  'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nquirks: [*c, *c]\n',
  `devices: ${'['.repeat(150)}`,
  'base: &base { devices: 2 }\n<<: *base\n? [1, 2]\n: 3\n',
].map((each) => Buffer.from(each));

const ARGUMENTS = [
  ['storm', 'steady', '--devices', '2', '--groups', '10k', '--seed', '0x10', '--json'],
  [
    'explore',
    'exit-unbind',
    '--driver',
    'vtd',
    '--quirk',
    'x',
    '--strategy',
    'pct',
    '--max-time=5s',
  ],
  ['races', 'run', '--all', '--workers', '2'],
  ['campaign', 'nightly', '--engine', 'bullmq', '--redis', 'redis://h:1/2', '--resume', 'a'],
  ['worker', '--redis', 'redis://:p@[::1]:6379', '--workers', '64'],
  ['replay', 'FILE', '--format', 'columns'],
  ['import', 'FILE', '--out', 'DIR'],
  ['charts', '--out', 'DIR', '--format', 'svg', '--machine', 'domain'],
  ['conform', 'a', 'b', '--driver', 'mock@7.3'],
  ['ui', '--port', '0'],
  ['validate', 'FILE', '--driver', 'vtd', '--max-states', '1000', '--json'],
  ['init', 'DIR', '--json'],
  ['completion', 'zsh'],
  ['quirks', '--json'],
].map((each) => Buffer.from(each.join('\n')));

const parsed = (input: Buffer): unknown => {
  try {
    return JSON.parse(input.toString('utf8'));
  } catch {
    return undefined;
  }
};

export const DOCUMENT_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'arguments',
    share: 120,
    seeds: () => ARGUMENTS,
    read: (input) => told(readArguments(input.toString('utf8').split('\n'))),
  },
  {
    name: 'profile',
    share: 70,
    seeds: () => [...seedFiles('load/profiles', '.yaml'), text(STORM_PROFILE_DEFAULTS), ...YAML],
    read: async (input) => {
      const read = parseStormProfile(input.toString('utf8'), 'fuzz.yaml', KNOWN);
      // What reads well must plan well; recordings are read elsewhere.
      if (read.ok) return told(await planStorm({ ...read.value, processes: [] }, {}, 1));
      return told(read);
    },
  },
  {
    name: 'campaign-file',
    share: 60,
    seeds: () => [...seedFiles('load/campaigns', '.yaml'), ...YAML],
    read: async (input) => {
      const read = await parseCampaign(input.toString('utf8'), 'fuzz.yaml', NAMES);
      if (read.ok) campaignJobs(read.value, NAMES.scenarios, 1);
      return told(read);
    },
  },
  {
    name: 'campaign-run',
    share: 40,
    seeds: () => [
      text({
        ...{ schema: 'stormdrain.campaign-run/1', id: 'a-1', name: 'a', model: MODEL },
        ...{ secondsMax: 9, jobs: JOBS },
      }),
    ],
    read: (input) => told(parseRun(input.toString('utf8'), 'campaign.json')),
  },
  {
    name: 'results-line',
    share: 60,
    seeds: () => [...[RECORD, STORMED].map(text), Buffer.from(recordLine(RECORD as never).trim())], // as a file has it
    read: (input) => {
      const line = input.toString('utf8');
      if (recordIn(line) !== undefined) return undefined;
      const value = parsed(input);
      return !isDataTooDeep(value) && checkRecord(value, []).ok ? undefined : 'no record';
    },
  },
  {
    name: 'sent-job',
    share: 60,
    seeds: () => SENT.map(text),
    read: (input) => {
      const read = readSentJob(parsed(input), MODEL);
      return read.ok ? undefined : read.error;
    },
  },
  {
    name: 'trace',
    share: 60,
    seeds: () => seedFiles('test/fixtures', '.trace.json', 2 ** 20).map(shortTrace),
    read: (input) => told(parseTrace(input.toString('utf8'), 'fuzz.json')),
  },
  {
    name: 'coverage',
    share: 40,
    seeds: () => [
      text({
        ...{ schema: 'stormdrain.coverage/1', machine: 'domain' },
        transitions: [{ from: 'domain.live', event: 'domain.freed', index: 0, count: 3 }],
      }),
      text([{ schema: 'stormdrain.coverage/1', machine: 'mm', transitions: [] }]),
    ],
    read: (input) => told(parseCoverage(input.toString('utf8'), 'fuzz.json')),
  },
];

/** A few steps of each kind are as good as all of them. */
function shortTrace(bytes: Buffer): Buffer {
  const trace: { readonly steps: readonly unknown[] } = JSON.parse(bytes.toString('utf8'));
  return text({ ...trace, steps: trace.steps.slice(0, 4) });
}
