/** The arguments of `explore`: a scenario, and how to go about it. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import {
  EXPLORE_DEFAULTS,
  EXPLORE_OPTIONS,
  type ExploreOptions,
  SEARCH_STRATEGIES,
} from './explore-options.ts';
import { conflictAmong, readOptions } from './option-table.ts';

export type ExploreArguments = ExploreOptions & {
  /** Undefined: the scenarios are listed. */
  readonly scenario: string | undefined;
  /** The same arguments but for the seed: what to type to explore again. */
  readonly repeat: readonly string[];
};

/** Options that mean something to searches only, and to walks only. */
const OF_SEARCHES = ['--max-states', '--max-memory', '--disk', '--reduction', '--workers'];
/** Of what goes to disk only memory is bounded, and what is on disk is gone through in its own order only. */
const NOT_ON_DISK = ['--workers', '--coverage'];
const OF_WALKS = ['--max-walks', '--seed', '--twice'];

const isSearch = (strategy: ExploreOptions['strategy']): boolean =>
  SEARCH_STRATEGIES.some((each) => each === strategy);

/** Reads what follows `explore`; a request for help outweighs every mistake. */
export function readExploreArguments(
  args: readonly string[],
): Result<ExploreArguments | 'help', BadInput> {
  const read = readOptions('explore', args, EXPLORE_OPTIONS, EXPLORE_DEFAULTS);
  if (!read.ok) return read;
  if (read.value === 'help') return ok('help');
  const { options, positionals, given, repeat } = read.value;
  const [scenario, surplus] = positionals;
  if (surplus !== undefined) {
    const takes = 'explore takes one scenario';
    return err({ code: 'surplus-argument', argument: surplus, takes });
  }
  const strategy = `--strategy ${options.strategy}`;
  for (const name of isSearch(options.strategy) ? OF_WALKS : OF_SEARCHES) {
    const conflict = conflictAmong(new Set([...given, strategy]), name, strategy);
    if (conflict !== undefined) return conflict;
  }
  // Threads expand a level at a time, and every choice of each state.
  const alone = options.reduction === 'por' ? '--reduction por' : strategy;
  const isLevelled = options.strategy === 'bfs' && options.reduction !== 'por';
  if (options.workers > 1 && !isLevelled) {
    return err({ code: 'conflicting-options', options: [`--workers ${options.workers}`, alone] });
  }
  if (options.diskFolder !== undefined) {
    for (const name of NOT_ON_DISK) {
      const conflict = conflictAmong(given, '--disk', name);
      if (conflict !== undefined) return conflict;
    }
    if (!isLevelled) return err({ code: 'conflicting-options', options: ['--disk', alone] });
  }
  // Of the choices that such a search leaves out nobody could say later which they were.
  if (options.coverage !== undefined && options.reduction === 'por') {
    return err({ code: 'conflicting-options', options: ['--coverage', '--reduction por'] });
  }
  return ok({ ...options, scenario: scenario === 'list' ? undefined : scenario, repeat });
}
