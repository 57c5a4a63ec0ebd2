/** What `stormdrain explore --help` prints. */
import type { ExploreScenario } from '../scenarios/explore/explore-scenario.ts';
import { scenarioList } from './explore-command.ts';

export function exploreHelp(
  scenarios: readonly ExploreScenario[],
  drivers: readonly string[],
): string {
  const listed = scenarioList(scenarios)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `  ${line}\n`)
    .join('');
  return `usage: stormdrain explore [scenario] [options]

Every interleaving of a small world of the same machines that storms run is searched for one that
violates a property; or, where that is too much, walks are taken through it. Without a scenario,
or with "list", the scenarios are listed. A scenario may be a module of yours, in TypeScript or
JavaScript: my.ts, or my.ts#name where it has several. Its code is run; see docs/library.md.

scenarios
${listed}
options
  --driver NAME        ${drivers.join(', ')},
                       one of the module's, or my.ts#name; without one, the module's or vtd
  --quirk ID           a defect to switch on; repeatable; "stormdrain quirks" lists them
  --property ID        judge only this property; repeatable
  --strategy NAME      every reachable state: bfs (the default; its traces are shortest), dfs;
                       walks: portfolio (surw, delay, pct and pos in turns), random, surw, delay,
                       pct, pos
  --max-time TIME      such as 500ms, 60s or 10m
  --max-depth N        steps from the start
  --max-states N       of a search, such as 250k or 1e6
  --max-memory BYTES   of a search, such as 500M or 2G
  --disk FOLDER        of a search: states that --max-memory (1G without one) has no room for go to
                       a file in it, which has no name and is gone with the search; where a goal is
                       judged (L properties, mostly) the search ends at the bound all the same
  --max-walks N        of walks; 100k when neither walks nor time are limited
  --reduction NAME     none; symmetry (the default): states that differ in which of alike things
                       is which are one; por: of orders that come to the same, too, only some
  --workers N          threads of a search, 1 to 16
  --seed N             of walks; the report names the one used
  --as-found           of walks and dfs: the trace as it was found, not shortened
  --twice              of walks: each is taken again by live actors, which must do the same
  --trace FILE         write what was found to a file, for "stormdrain replay"
  --coverage FILE      count the transitions of every machine that were taken, for
                       "stormdrain charts --heat"
  --report FILE.html   write a page of it to one file: the trace to be played, without a server
  --json               one JSON object on stdout; progress stays on stderr
  --help               this text

exit codes: 0 every reachable state seen and clean, 1 violated, 2 bad usage or input, 3 not known
`;
}
