/** The options of `storm`: one row each, what it does to the arguments read so far. */
import type { FieldCheck } from '../scenarios/field-check.ts';
import type { StormOverrides } from '../scenarios/plan-storm.ts';
import { STORM_PROFILE_CHECKS } from '../scenarios/storm-profile.ts';
import { type InspectOptions, inspectOptions } from './inspect-options.ts';
import { checkedBy, flag, type OptionRow, type OptionTable, text } from './option-table.ts';
import { parseCount, parseDuration, parseSeed, seedCheck } from './option-value.ts';

/** What options say, as far as they have been read. */
export type StormOptions = {
  /** `processes` holds names or paths. */
  readonly overrides: StormOverrides;
  /** Undefined = the entry point draws one. */
  readonly seed: number | undefined;
  readonly json: boolean;
  /** Where to write the first events as an event trace. */
  readonly record?: string;
  /** Where to write a page of it. */
  readonly report?: string;
  /** Where to write counts of the transitions of live machines. */
  readonly coverage?: string;
} & InspectOptions;

const { devices, pasids, workers, durationSeconds, groups, rate } = STORM_PROFILE_CHECKS;

export const STORM_OPTIONS: OptionTable<StormOptions> = {
  '--devices': overriding(parseCount, devices, (value) => ({ devices: value })),
  '--pasids': overriding(parseCount, pasids, (value) => ({ pasids: value })),
  '--workers': overriding(parseCount, workers, (value) => ({ workers: value })),
  '--rate': overriding(parseCount, rate, (value) => ({ rate: value })),
  '--groups': overriding(parseCount, groups, (value) => ({
    end: { kind: 'groups', groups: value },
  })),
  '--duration': overriding(
    parseDuration,
    durationSeconds,
    (value) => ({ end: { kind: 'duration', durationSeconds: value } }),
    ' seconds, such as 500ms, 10s or 2m',
  ),
  '--driver': text((options, driver) => withOverrides(options, { driver })),
  '--quirk': text((options, quirk) =>
    withOverrides(options, { quirks: [...(options.overrides.quirks ?? []), quirk] }),
  ),
  '--process': text((options, recording) =>
    withOverrides(options, { processes: [...(options.overrides.processes ?? []), recording] }),
  ),
  '--seed': checkedBy(parseSeed, seedCheck, (options, seed) => ({ ...options, seed })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--record': text((options, record) => ({ ...options, record })),
  '--report': text((options, report) => ({ ...options, report })),
  '--coverage': text((options, coverage) => ({ ...options, coverage })),
  ...inspectOptions(),
  '--help': flag((options) => options),
};

const withOverrides = (options: StormOptions, overrides: StormOverrides): StormOptions => ({
  ...options,
  overrides: { ...options.overrides, ...overrides },
});

function overriding(
  parse: (text: string) => number | undefined,
  check: FieldCheck<number>,
  overrides: (value: number) => StormOverrides,
  unit = '',
): OptionRow<StormOptions> {
  return checkedBy(
    parse,
    check,
    (options, value) => withOverrides(options, overrides(value)),
    unit,
  );
}
