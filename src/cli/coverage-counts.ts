/** Coverage counts: what was taken of every machine, as the one object of a coverage file. */
import { COVERAGE_SCHEMA, type CoverageCounts } from '../core/transition-counts.ts';
import type { Counted } from '../explore/tally.ts';

/** Where counts come from; `driver` undefined: no driver's lists ran. */
export type CoverageOrigin = {
  readonly source: string;
  readonly driver: string | undefined;
  readonly quirks: readonly string[];
};

export const coverageCounts = (
  { source, driver, quirks }: CoverageOrigin,
  { kinds, coverage }: Counted,
): CoverageCounts => ({
  schema: COVERAGE_SCHEMA,
  source,
  driver: driver ?? null,
  quirks,
  ...coverage,
  machines: kinds,
});
