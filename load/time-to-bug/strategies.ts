/**
 * Strategies compared: every way to walk that `explore` knows, in the order of the table's columns.
 */
import type { StrategyName } from '../../src/explore/sampling/strategies.ts';

export const STRATEGIES = [
  'random',
  'surw',
  'delay',
  'pct',
  'pos',
  'portfolio',
] as const satisfies readonly StrategyName[];
