/** The options of `storm`: one row each, what it does to the arguments read so far. */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { describeValue, type FieldCheck, wholeNumber } from '../scenarios/field-check.ts';
import type { StormOverrides } from '../scenarios/plan-storm.ts';
import { STORM_PROFILE_CHECKS } from '../scenarios/storm-profile.ts';
import { parseCount, parseDuration, parseSeed } from './option-value.ts';

/** Seeds are 32 bits, what the generator takes. */
const SEED_MAX = 2 ** 32 - 1;

/** What options say, as far as they have been read. */
export type StormOptions = {
  /** `processes` holds names or paths. */
  readonly overrides: StormOverrides;
  /** Undefined = the entry point draws one. */
  readonly seed: number | undefined;
  readonly json: boolean;
  /** Where to write the first events as an event trace. */
  readonly record?: string;
};

export type StormOption = {
  readonly takes: 'value' | 'nothing';
  /** `option` as typed; `value` undefined where none was. */
  readonly apply: (
    options: StormOptions,
    option: string,
    value: string | undefined,
  ) => Result<StormOptions, BadInput>;
};

const { devices, pasids, workers, durationSeconds, groups, rate } = STORM_PROFILE_CHECKS;

export const STORM_OPTIONS: Readonly<Record<string, StormOption>> = {
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
  '--seed': numeric(parseSeed, wholeNumber(0, SEED_MAX), (options, seed) => ({
    ...options,
    seed,
  })),
  '--json': flag((options) => ({ ...options, json: true })),
  '--record': text((options, record) => ({ ...options, record })),
  '--report': notBuilt(),
  '--help': flag((options) => options),
};

const withOverrides = (options: StormOptions, overrides: StormOverrides): StormOptions => ({
  ...options,
  overrides: { ...options.overrides, ...overrides },
});

function flag(apply: (options: StormOptions) => StormOptions): StormOption {
  return {
    takes: 'nothing',
    apply: (options, option, value) =>
      value === undefined
        ? ok(apply(options))
        : err({ code: 'bad-option', option, expected: 'given alone', got: describeValue(value) }),
  };
}

function text(apply: (options: StormOptions, value: string) => StormOptions): StormOption {
  return {
    takes: 'value',
    apply: (options, option, value) =>
      value === undefined
        ? err({ code: 'bad-option', option, expected: 'followed by a value', got: 'given alone' })
        : ok(apply(options, value)),
  };
}

function numeric(
  parse: (text: string) => number | undefined,
  check: FieldCheck<number>,
  apply: (options: StormOptions, value: number) => StormOptions,
  unit = '',
): StormOption {
  return {
    takes: 'value',
    apply: (options, option, value) => {
      const checked = check(value === undefined ? undefined : parse(value), []);
      if (checked.ok) return ok(apply(options, checked.value));
      const expected = checked.error.code === 'bad-field' ? checked.error.expected : 'a number';
      const got = describeValue(value);
      return err({ code: 'bad-option', option, expected: expected + unit, got });
    },
  };
}

function overriding(
  parse: (text: string) => number | undefined,
  check: FieldCheck<number>,
  overrides: (value: number) => StormOverrides,
  unit = '',
): StormOption {
  return numeric(parse, check, (options, value) => withOverrides(options, overrides(value)), unit);
}

function notBuilt(): StormOption {
  const instead = '--json prints the figures of a storm, to be kept in a file';
  return {
    takes: 'value',
    apply: (_, option) => err({ code: 'not-built', what: option, instead }),
  };
}
