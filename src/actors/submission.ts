/**
 * Submission: commands on their way through a unit's command queue, whoever waits for their end, and what became of it.
 *
 * Kernel: drivers/iommu/intel/dmar.c, qi_submit_sync(); amd/iommu.c, iommu_completion_wait();
 *         arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_cmdq_issue_cmdlist().
 */
import type { UnitTraits } from './unit-traits.ts';
import type { Command, Invalidation } from './units/hardware.ts';

export type Submission = {
  readonly commands: readonly Command[];
  /** What the commands come from; undefined where nobody asked for anything. */
  readonly invalidations?: readonly Invalidation[];
  readonly drain: boolean;
  /** Number of the command that tells its end; undefined while it has no place in the queue. */
  readonly end: number | undefined;
  /** It was made to be refused. */
  readonly malformed: boolean;
  /** When its submitter began to wait, milliseconds. */
  readonly since: number;
};

/** What submitters go by. */
export type SubmitterParts = {
  /** Milliseconds. */
  readonly now: () => number;
  readonly timeOut: UnitTraits['timeOut'];
};

/** What went wrong, and how it was dealt with. */
export type CommandMishaps = {
  /** Submissions that found no room. */
  refused: number;
  /** Commands that the unit refused. */
  rejected: number;
  /** Submissions aborted for a time-out and made again. */
  restarted: number;
  /** Ends executed once more, because a function was silent. */
  repeatedEnds: number;
  /** Completions that nothing waited for. */
  unexpected: number;
  /** Submissions that ended in ETIMEDOUT, and those of them that hardware had not come to. */
  timedOut: number;
  notFetched: number;
  /** Submissions whose end was not told in time, and nobody waits for any more. */
  givenUp: number;
};

export const noMishaps = (): CommandMishaps => ({
  ...{ refused: 0, rejected: 0, restarted: 0, repeatedEnds: 0, unexpected: 0 },
  ...{ timedOut: 0, notFetched: 0, givenUp: 0 },
});
