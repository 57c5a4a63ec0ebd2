/** Jobs and records of every kind, small and made up. */
import type { CampaignJob } from '../../../src/campaign/campaign-job.ts';
import { jobKey } from '../../../src/campaign/campaign-job.ts';
import type {
  ExploredOutcome,
  JobOutcome,
  JobRecord,
  StormMeasures,
} from '../../../src/campaign/job-record.ts';
import type { RecordedTrace } from '../../../src/explore/recorded-trace.ts';
import { checkDefinition } from '../../../src/scenarios/own/told-driver.ts';
import { STORM_PROFILE_DEFAULTS } from '../../../src/scenarios/storm-profile.ts';

export const MODEL = 'model-1';

export const search = (scenario: string): CampaignJob => ({
  kind: 'search',
  scenario,
  driver: 'vtd',
  quirks: [],
  properties: undefined,
  depthMax: undefined,
  strategy: 'bfs',
  reduction: 'symmetry',
  statesMax: 1000,
});

export const walks = (seed: number): CampaignJob => ({
  kind: 'walks',
  scenario: 'exit-unbind',
  driver: 'vtd',
  quirks: ['skip-drain'],
  properties: ['S6'],
  depthMax: undefined,
  strategy: 'surw',
  seed,
  walks: 10,
});

export const storm = (seed: number): CampaignJob => ({
  kind: 'storm',
  seed,
  profile: { ...STORM_PROFILE_DEFAULTS, name: 'steady', groups: 100 },
});

/** Of a driver of a user's own. */
export const ownSearch = (...detach: readonly string[]): CampaignJob => {
  const definition = { name: 'own', operations: { 'detach-pasid': [...detach, 'erase-slot'] } };
  const checked = checkDefinition(definition, []);
  if (!checked.ok) throw new Error('the fixture is no driver');
  return { ...search('a'), driver: 'own', definition: checked.value } as CampaignJob; // of one kind
};

export const JOBS: readonly CampaignJob[] = [
  search('a'),
  search('b'),
  walks(1),
  walks(2),
  storm(1),
  storm(2),
];

export const explored = (changes: Partial<ExploredOutcome> = {}): ExploredOutcome => ({
  kind: 'explored',
  verdict: 'clean',
  sentence: '',
  states: 10,
  transitions: 20,
  walks: 0,
  steps: 0,
  machines: [
    {
      machine: 'domain',
      transitionsTotal: 3,
      taken: [{ from: 'domain.live', event: 'domain.freed', index: 0 }],
    },
  ],
  trace: undefined,
  ...changes,
});

export const trace = (seed: number, actor: string): RecordedTrace => ({
  schema: 'stormdrain.trace/1',
  scenario: 'exit-unbind',
  driver: 'vtd',
  quirks: ['skip-drain'],
  strategy: 'surw',
  seed,
  iteration: 0,
  violation: { slot: 'ring', property: 'S6', sentence: 'not drained' },
  columns: {},
  steps: [
    {
      ...{ actor, take: 0, event: { type: 'step' }, label: 'steps', details: [], passes: false },
      ...{ effects: [], changes: [], fields: [] },
    },
  ],
});

export const measured = (success: number): StormMeasures => ({
  ...{ pageRequests: success, success, invalid: 0, failure: 0, overflows: 0 },
  ...{ attaches: 1, detaches: 1, exits: 0, groupLatencies: [[1500, success]], detachLatencies: [] },
});

export const record = (
  job: CampaignJob,
  outcome: JobOutcome,
  seconds = 1,
  storm?: StormMeasures,
): JobRecord => ({ key: jobKey(job, MODEL), model: MODEL, outcome, seconds, storm });

export const stormed = (lost = 0): JobOutcome => ({
  kind: 'stormed',
  groups: 100,
  lost,
  duplicated: 0,
  violations: [],
});

export const failed = (sentence: string): JobOutcome => ({ kind: 'failed', sentence });
