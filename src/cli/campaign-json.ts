/** The JSON of a campaign: the contract other programs read. Fields may be added, never taken away. */
import type { CampaignRun } from '../campaign/campaign-folder.ts';
import type { CampaignResults } from '../campaign/campaign-results.ts';

/** What a command knows of a campaign that has ended or was interrupted. */
export type CampaignEnd = {
  readonly run: CampaignRun;
  readonly folder: string;
  readonly engine: 'local' | 'bullmq';
  readonly results: CampaignResults;
  readonly interrupted: boolean;
  /** Of this session. */
  readonly elapsedSeconds: number;
};

/**
 * One object, plain data; schema `stormdrain.campaign/1`. Two runs of the same jobs differ in `id`, `engine`,
 * `measured` and in what storms were seen to break, and in nothing else.
 */
export function campaignJson({ run, engine, results, interrupted, elapsedSeconds }: CampaignEnd) {
  const { outcome, measured } = results;
  const { failures, violations, coverage, ...rest } = outcome;
  return {
    schema: 'stormdrain.campaign/1',
    id: run.id,
    name: run.name,
    model: run.model,
    engine,
    interrupted,
    failed: failures.length,
    ...rest,
    coverage: {
      transitionsSeen: coverage.transitionsSeen,
      transitionsTotal: coverage.transitionsTotal,
    },
    failures,
    violations: violations.map(({ trace, driver, steps, seed, ...violation }) => ({
      ...violation,
      driver: driver ?? null,
      steps: steps ?? null,
      seed: seed ?? null,
      trace: trace === undefined ? null : `traces/${violation.id}.json`,
    })),
    measured: { elapsedSeconds, ...measured },
  };
}
