/**
 * Testing: what `import 'stormdrain/testing'` adds to Vitest's `expect`.
 *
 * Effects: a race that is found is written to a trace file, in `stormdrain-traces` unless told.
 */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ExploreResult } from '../scenarios/explore-json.ts';
import { OwnDriver } from '../scenarios/own/own-driver.ts';
import type { OwnScenario } from '../scenarios/own/own-scenario.ts';
import { makeFolder, writeWholeFile } from '../scenarios/part-file.ts';
import { expectGood, StormdrainError } from '../scenarios/stormdrain-error.ts';
import { columnsOf } from '../viz/columns.ts';
import { type ExploreOptions, explore } from './explore.ts';

/** How a scenario is explored, as for `explore`, and where traces go. */
export type MatcherOptions = ExploreOptions & {
  /** Folder that trace files are written to. */
  readonly traces?: string;
};

/** What Vitest makes of a matcher. */
type Verdict = { readonly pass: boolean; readonly message: () => string };

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Every reachable state is seen and nothing is violated. The failure shows the race in columns, and names the file
     * its trace was written to. What a limit leaves unknown fails too, with `not` as well.
     */
    toHoldUnderAllInterleavings(options?: MatcherOptions): Promise<void>;
    /** The first thing found wrong is a violation of that property. */
    toViolate(property: string, options?: MatcherOptions): Promise<void>;
  }
}

const TRACES = 'stormdrain-traces';

expect.extend({
  async toHoldUnderAllInterleavings(
    scenario: OwnScenario | string,
    options?: MatcherOptions,
  ): Promise<Verdict> {
    const { result, told } = await explored(scenario, options);
    return { pass: result.violation === null, message: () => told };
  },

  async toViolate(
    scenario: OwnScenario | string,
    property: string,
    options?: MatcherOptions,
  ): Promise<Verdict> {
    const { result, told } = await explored(scenario, options);
    const pass = result.violation?.property === property;
    return { pass, message: () => `${pass ? '' : `${property} is not violated: `}${told}` };
  },
});

type Told = { readonly result: ExploreResult; readonly told: string };

async function explored(
  scenario: OwnScenario | string,
  { traces = TRACES, ...options }: MatcherOptions = {},
): Promise<Told> {
  const result = await explore(scenario, options);
  const { violation, limit, unseen } = result;
  const what = [
    result.scenario,
    ...(result.driver === null
      ? []
      : [`with driver ${[result.driver, ...result.quirks].join(' + ')}`]),
  ].join(' ');
  if (violation !== null) {
    const file = await keptTrace(traces, result, violation.trace);
    const isOwn = typeof scenario !== 'string' || options.driver instanceof OwnDriver;
    const from = isOwn ? ' --from FILE, the module that defines them' : '';
    return {
      result,
      told: [
        `${what} violates ${violation.property} after ${violation.steps} steps: ${violation.message}`,
        '',
        columnsOf(violation.trace),
        `trace: ${file}`,
        `replay it: npx stormdrain replay ${file}${from}`,
      ].join('\n'),
    };
  }
  if (limit !== null) {
    throw new StormdrainError('not-known', `${what} is not known: ended by the limit of ${limit}`);
  }
  if (unseen.length > 0) {
    const sentence = `${what} is too small to prove anything; never met: ${unseen.join(', ')}`;
    throw new StormdrainError('not-known', sentence);
  }
  return { result, told: `${what} holds: nothing is violated in any of ${result.states} states` };
}

/** One file a scenario and driver: a later run replaces it. */
async function keptTrace(
  folder: string,
  { scenario, driver, quirks }: ExploreResult,
  trace: unknown,
): Promise<string> {
  const name = [scenario, ...(driver === null ? [] : [driver]), ...quirks].join('.');
  const file = join(folder, `${name}.trace.json`);
  expectGood(await makeFolder(folder));
  expectGood(await writeWholeFile(file, `${JSON.stringify(trace, undefined, 2)}\n`));
  return file;
}
