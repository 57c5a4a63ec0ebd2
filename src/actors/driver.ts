/**
 * Driver: the named steps in which an IOMMU driver attaches, detaches, replaces and releases, and its report rules.
 *
 * Kernel: drivers/iommu/intel/iommu.c, svm.c, nested.c; the lists are spec "IOPF enable/disable", row by row.
 */
import type { LifetimeRules } from '../machines/lifetime-rules.ts';
import type { OperationStep, OwnSteps } from '../machines/operation-steps.ts';
import type { ReportRules } from '../machines/report-rules.ts';
import type { UnitTraits } from './unit-traits.ts';

export type OperationName =
  | 'bind-sva'
  | 'unbind-sva'
  | 'attach-pasid'
  | 'detach-pasid'
  | 'replace-pasid'
  | 'attach-rid'
  | 'detach-rid'
  | 'replace-rid'
  | 'mm-release'
  | 'mm-invalidate';

/** Of a group that is queued as work: until its worker has let it go, or a part of that time. */
export type GroupsCounted = 'until-freed' | 'until-answered' | 'while-worked-on' | 'while-waiting';

export type Driver = {
  readonly name: string;
  readonly operations: Readonly<Record<OperationName, readonly OperationStep[]>>;
  /** What the steps do that the lists name and no other driver has. */
  readonly ownSteps?: OwnSteps;
  readonly rules: ReportRules;
  readonly lifetime: LifetimeRules;
  readonly traits: UnitTraits;
  /** The worker unlinks a group and answers it in one critical section. */
  readonly unlinksBeforeAnswer: boolean;
  /** How long an attach handle counts a group that its handler queued as work: what `flush-groups` waits for. */
  readonly groupsCounted: GroupsCounted;
  /** Defects, by their quirks, of parts that no list and no rule above describes: tags, completions, iommufd. */
  readonly defects: readonly string[];
};
