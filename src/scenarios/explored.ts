/**
 * Explored: what a search or a sampling came to, in one shape for report and JSON.
 */
import type { Coverage, MachineCoverage } from '../explore/coverage.ts';
import type { Outcome } from '../explore/outcome.ts';
import type { RecordedTrace } from '../explore/recorded-trace.ts';
import type { SampleOutcome } from '../explore/sampling/sampling.ts';
import type { Counted } from '../explore/tally.ts';
import type { Violation } from '../explore/violation.ts';

/** How far it went; a sampling knows no states, a search no walks. */
export type Extent =
  | {
      readonly kind: 'search';
      readonly states: number;
      readonly expanded: number;
      readonly transitions: number;
      readonly depth: number;
      readonly bytes: number;
      readonly diskBytes: number;
      readonly reductions: readonly string[];
    }
  | {
      readonly kind: 'sampling';
      readonly walks: number;
      readonly steps: number;
      readonly longest: number;
      readonly cut: number;
    };

export type Explored = {
  readonly extent: Extent;
  readonly coverage: Coverage;
  readonly machines: readonly MachineCoverage[];
  /** Counts of transitions, where they were asked for and the counting was not interrupted. */
  readonly counted: Counted | undefined;
  readonly elapsedSeconds: number;
  /** Every reachable state was seen. */
  readonly complete: boolean;
  readonly limit: (Outcome & { kind: 'limited' })['limit'] | 'walks' | 'steps' | undefined;
  /** Sightings never met; a complete search that misses one proves too little. */
  readonly unseen: readonly string[];
  readonly found: Found | undefined;
};

export type Found = {
  readonly violation: Violation;
  readonly trace: RecordedTrace;
  /** Steps of the walk it was found by, when the trace is a shorter one. */
  readonly stepsFound: number | undefined;
};

export const limitOf = (outcome: Outcome | SampleOutcome): Explored['limit'] =>
  outcome.kind === 'limited' ? outcome.limit : undefined;
