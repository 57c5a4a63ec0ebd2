/**
 * Findings traces: the page of docs/findings.md's traces in columns, as today's search finds them.
 */
import { driverWith } from '../../../src/actors/drivers.ts';
import { foundIn, recordedTrace } from '../../../src/explore/recorded-trace.ts';
import { explore } from '../../../src/explore/search.ts';
import { EXPLORE_SCENARIOS } from '../../../src/scenarios/explore/scenarios.ts';
import { columnsOf } from '../../../src/viz/columns.ts';

type Shown = {
  readonly finding: number;
  readonly scenario: string;
  /** That of VT-d unless told. */
  readonly driver?: string;
  /** Undefined: whatever is found first. */
  readonly property?: string;
};

const SHOWN: readonly Shown[] = [
  { finding: 1, scenario: 'exit-unbind' },
  { finding: 1, scenario: 'exit-unbind', property: 'S8' },
  { finding: 2, scenario: 'exit-rebind', property: 'S5' },
  { finding: 2, scenario: 'cut-rebind', property: 'S5' },
  { finding: 3, scenario: 'rid-detach' },
  { finding: 3, scenario: 'pasid-replace' },
  { finding: 4, scenario: 'two-pasids-one-index' },
  { finding: 5, scenario: 'two-devices-drain', property: 'L2' },
  { finding: 6, scenario: 'exit-translations', property: 'S9' },
  { finding: 7, scenario: 'rid-replace', property: 'S5' },
  { finding: 8, scenario: 'no-handler' },
  { finding: 9, scenario: 'bad-request' },
  { finding: 10, scenario: 'overflow-partials', property: 'S3' },
  { finding: 11, scenario: 'unbind-underway', driver: 'amd@7.3' },
  { finding: 11, scenario: 'unbind-underway', driver: 'amd@7.3', property: 'S8' },
  { finding: 12, scenario: 'function-detach', driver: 'amd@7.3' },
  { finding: 12, scenario: 'function-replace', driver: 'amd@7.3' },
  { finding: 13, scenario: 'stop-marker', driver: 'amd@7.3', property: 'S2' },
  { finding: 13, scenario: 'request-without-pasid', driver: 'amd@7.3' },
  { finding: 14, scenario: 'rid-detach', driver: 'smmuv3@7.3' },
  { finding: 14, scenario: 'rid-detach', driver: 'smmuv3@7.3', property: 'S8' },
  { finding: 15, scenario: 'rid-replace', driver: 'smmuv3@7.3', property: 'S5' },
  { finding: 16, scenario: 'guest-invalidation', driver: 'smmuv3@7.3' },
  { finding: 18, scenario: 'detach-beside-unmap' },
];
const DRIVER = 'vtd@7.3';

export const findingsPage = (): string =>
  [
    '# Traces of the findings',
    '',
    'The shortest way to each of [the findings](findings.md), as the search finds it today; a test compares this page',
    'with it. One column a thread, time downward; under a step, what it does to others.',
    '',
    ...SHOWN.flatMap(sectionOf),
  ].join('\n');

function sectionOf({ finding, scenario, driver = DRIVER, property }: Shown): readonly string[] {
  const found = driverWith(driver, []);
  const world = EXPLORE_SCENARIOS.find(({ name }) => name === scenario);
  if (!found.ok || world === undefined) throw new Error(`there is no ${scenario} or ${driver}`);
  const explored = explore(
    world.world(found.value),
    property === undefined ? {} : { properties: [property], mayDeadlock: true },
  );
  const wrong = explored.ok ? foundIn(explored.value) : undefined;
  if (wrong === undefined) throw new Error(`nothing is found in ${scenario}`);
  const origin = { scenario, driver, quirks: [], strategy: 'bfs' };
  const trace = recordedTrace(origin, world.world(found.value), wrong.violation, wrong.trace);
  const asked = property === undefined ? '' : ` --property ${property}`;
  return [
    `## Finding ${finding}: ${wrong.violation.property} in ${scenario}, ${wrong.trace.length} steps`,
    '',
    `\`npx stormdrain explore ${scenario} --driver ${driver}${asked}\``,
    '',
    '```',
    columnsOf(trace).trimEnd(),
    '```',
    '',
  ];
}
