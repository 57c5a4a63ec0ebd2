/** Question targets: what the names on a command line mean, from the arguments to a question that could be asked. */
import { type Invocation, readArguments } from '../../src/cli/arguments.ts';
import { prepareExplore } from '../../src/cli/explore-command.ts';
import { prepareOrders } from '../../src/cli/orders-command.ts';
import { namedRaces } from '../../src/cli/races-command.ts';
import { ok, type Result } from '../../src/core/result.ts';
import { type BadInput, badInputSentence } from '../../src/scenarios/bad-input.ts';
import { EXPLORE_SCENARIOS } from '../../src/scenarios/explore/scenarios.ts';
import { RACES } from '../../src/scenarios/races/catalogue.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { NAMES } from './known-names.ts';

const seeds = (...lines: readonly string[]) =>
  lines.map((line) => Buffer.from(line.replaceAll(' ', '\n')));

function questionTarget(
  name: string,
  share: number,
  lines: readonly string[],
  ask: (invocation: Invocation) => Result<unknown, BadInput>,
): FuzzTarget {
  return {
    ...{ name, share, seeds: () => seeds(...lines) },
    read: (input) => {
      const read = readArguments([name, ...input.toString('utf8').split('\n')]);
      const asked = read.ok ? ask(read.value) : read;
      return asked.ok ? undefined : badInputSentence(asked.error);
    },
  };
}

const NOTHING = ok(undefined);

/** Each is the name of a command; inputs are its arguments, one a line. */
export const QUESTION_TARGETS: readonly FuzzTarget[] = [
  questionTarget(
    'orders',
    30,
    [
      'vtd unbind',
      'amd detach-pasid --quirk partials-survive-drain --max-states 1000',
      'smmuv3 detach --svg FILE --json',
      '--all --out DIR',
      'vtd@7.3 exit --mermaid --columns --max-states=1e6',
    ],
    (invocation) =>
      invocation.kind === 'orders' && !('all' in invocation.orders && invocation.orders.all)
        ? prepareOrders(invocation.orders)
        : NOTHING,
  ),
  questionTarget(
    'explore',
    30,
    [
      'exit-unbind --driver vtd --quirk free-handle-first --property S6',
      'rid-detach --strategy surw --seed 7 --max-walks 100 --max-depth 50',
      'detach-in-mid-group --reduction none --workers 2 --max-bytes 1g --json',
    ],
    (invocation) => {
      // A folder would be written to.
      if (invocation.kind !== 'explore' || invocation.explore.diskFolder !== undefined) {
        return NOTHING;
      }
      const { scenario, driver } = invocation.explore;
      const named = { scenario, driver, scenarios: EXPLORE_SCENARIOS, known: NAMES, files: [] };
      return prepareExplore(invocation.explore, named, { drawSeed: () => 1 });
    },
  ),
  questionTarget(
    'races',
    15,
    ['list --json', 'run drain-skipped-after-mm-release --traces DIR', 'run --all --workers 2'],
    (invocation) =>
      invocation.kind === 'races' && invocation.races.action === 'run'
        ? namedRaces(invocation.races.ids, RACES)
        : NOTHING,
  ),
];
