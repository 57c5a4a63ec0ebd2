/**
 * Library targets: what a program in plain JavaScript hands to `explore`, `storm` and `replay`: lists of arguments.
 *
 * Effects: none of it is run. An exploration is ended before it begins, a storm is planned.
 */
import { plannedStorm } from '../../src/library/storm.ts';
import * as stormdrain from '../../src/library/stormdrain.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { dataIn, refusal } from './handed-over.ts';
import { seedFiles, text } from './seed-files.ts';

/** Arguments of any shape; `never` as a program without types would have it. */
function argumentsIn(input: Buffer): readonly never[] {
  const told = dataIn(input);
  return (Array.isArray(told) ? told : [told]) as never[];
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The options, ended before anything begins. */
const ended = (options: never): never =>
  (isRecord(options) ? { ...(options as object), signal: AbortSignal.abort() } : options) as never;

const EXPLORATIONS = [
  ['exit-unbind', { driver: 'vtd@7.3', quirks: [], properties: ['S6'], maxStates: 1000 }],
  ['report', { strategy: 'surw', seed: 7, maxWalks: 3, maxSeconds: 0.5, maxBytes: 1e6 }],
  [
    'rid-detach',
    { strategy: 'dfs', reduction: 'none', maxDepth: 20, quirks: ['free-handle-first'] },
  ],
];
const STORMS = [
  [{ profile: 'steady', driver: 'amd', quirks: [], devices: 2, pasids: 3, groups: 100, seed: 1 }],
  [{ processes: ['gzip'], workers: 0, rate: 1000, seconds: 0.5 }],
];
const REPLAY_OPTIONS = { scenarios: [], drivers: [], tolerant: true };

export const LIBRARY_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'explore-call',
    share: 10,
    seeds: () => EXPLORATIONS.map(text),
    read: (input) => {
      const [scenario, options] = argumentsIn(input);
      return refusal(() => stormdrain.explore(scenario as never, ended(options as never)));
    },
  },
  {
    name: 'storm-call',
    share: 5,
    seeds: () => STORMS.map(text),
    read: (input) => refusal(() => plannedStorm(argumentsIn(input)[0] as never)),
  },
  {
    name: 'replay-call',
    share: 5,
    seeds: () =>
      seedFiles('test/fixtures', '.trace.json', Number.POSITIVE_INFINITY).map((trace) =>
        text([JSON.parse(trace.toString('utf8')), REPLAY_OPTIONS]),
      ),
    read: (input) => {
      const [trace, options] = argumentsIn(input);
      return refusal(() => stormdrain.replay(trace as never, options as never));
    },
  },
];
