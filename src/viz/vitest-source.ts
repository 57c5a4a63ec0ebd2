/**
 * Vitest source: a trace as a test of this project that takes it again, step by step, and expects what it found.
 */
import type { RecordedTrace } from '../explore/recorded-trace.ts';

/** What the test needs, from where it stands. */
const IMPORTS: readonly (readonly [names: string, from: string])[] = [
  ['expect, it', 'vitest'],
  ['driverNames, quirkIds', '../../../src/actors/drivers.ts'],
  ['replayed', '../../../src/explore/replay.ts'],
  ['EXPLORE_SCENARIOS', '../../../src/scenarios/explore/scenarios.ts'],
  ['foundScenario', '../../../src/scenarios/found-scenario.ts'],
  ['parseTrace', '../../../src/scenarios/trace-file.ts'],
];

/** The text of a test file beside test/unit/explore. */
export function vitestSourceOf(trace: RecordedTrace): string {
  const { scenario, driver, quirks, violation, steps } = trace;
  const on = [...(driver === undefined ? [] : [driver]), ...quirks].join(' + ');
  const claim = violation === undefined ? 'goes its way' : `violates ${violation.property}`;
  const where = on === '' ? scenario : `${scenario} with ${on}`;
  return `/**
 * ${where}: ${violation?.sentence ?? 'nothing is violated'}.
 * Replays a recorded trace of ${steps.length} steps; a difference says at which step, and what was open there instead.
 */
${IMPORTS.map(importOf).join('\n')}

it(${quoted(`${where} ${claim} after ${steps.length} steps`)}, () => {
  const trace = parseTrace(TRACE, 'of this test');
  if (!trace.ok) throw new Error(JSON.stringify(trace.error));
  const known = { drivers: driverNames, quirks: quirkIds };
  const found = foundScenario(trace.value, EXPLORE_SCENARIOS, known);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  const { worldOf, scenario } = found.value;
  const replay = replayed(worldOf(scenario), trace.value, false);
  expect(replay).toMatchObject({ ok: true, value: { matched: true, differences: [] } });
});

const TRACE = String.raw\`${rawText(trace)}\`;
`;
}

/** JSON that stands in a raw template as it is: JSON's own escapes say what would end or fill the template. */
const rawText = (trace: RecordedTrace): string =>
  JSON.stringify(trace, undefined, 2).replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{');

const importOf = ([names, from]: (typeof IMPORTS)[number]): string =>
  `import { ${names} } from '${from}';`;

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
