/**
 * A storm profile is what a storm does to whom: devices, load, churn and recorded processes.
 *
 * Units:   rates are a second; counts otherwise, unless a unit ends the name.
 */
import {
  DEVICES_MAX,
  GROUP_PAGES_MAX,
  PASIDS_MAX,
  PRG_INDICES,
  PRI_ALLOCATION_MAX,
  PRQ_ENTRIES,
  WORKERS_MAX,
} from '../core/limits.ts';
import { ok } from '../core/result.ts';
import { MISBEHAVIOURS, type Misbehaviour } from '../workers/misbehaviour.ts';
import { RESOLVER_FAULTS, type ResolverFault } from '../workers/thread-messages.ts';
import {
  badField,
  type FieldCheck,
  type FieldChecks,
  listOf,
  numberWithin,
  oneOf,
  powerOfTwo,
  satisfying,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from './field-check.ts';

const GROUPS_MAX = 1e10;
const SECONDS_MAX = 86_400;
const RATE_MAX = 1e9;
const CHURN_RATE_MAX = 100_000;
const PROCESSES_MAX = 64;
const QUIRKS_MAX = 64;
const TEXT_LENGTH_MAX = 4096;

export type StormProfile = {
  readonly name: string;
  readonly driver: string;
  /** Defects to switch on, by id. */
  readonly quirks: readonly string[];
  readonly devices: number;
  /** PASIDs attached to each device. */
  readonly pasids: number;
  /** Resolver threads; 0 = the PRQ thread resolves inline. */
  readonly workers: number;
  /** When to stop: exactly one of `groups` and `durationSeconds` is given. */
  readonly groups: number | undefined;
  readonly durationSeconds: number | undefined;
  /** Groups a second over all devices; undefined = saturated, as many as credits allow. */
  readonly rate: number | undefined;
  /** How often a device with a rate looks at what is due: longer costs less CPU and more latency. Undefined = 100. */
  readonly quantumMicroseconds: number | undefined;
  readonly groupPages: {
    readonly min: number;
    readonly max: number;
    /** Weight of each size from `min` to `max`; without it all are as likely. */
    readonly shares?: readonly number[] | undefined;
  };
  readonly writeShare: number;
  /** Outstanding requests a device; `fit` = its share of the ring, `full` = every PRG index. */
  readonly credits: number | 'fit' | 'full';
  /** Pages of a process's buffer that are unmapped behind the device. */
  readonly windowPages: number;
  /** Unmap a window after its groups are answered, or while they are in flight. */
  readonly unmap: 'answered' | 'racing';
  readonly attachDetachPerSecond: number;
  readonly exitsPerSecond: number;
  /** How often a function leaves its own domain and comes back; of AMD units. */
  readonly functionSwitchesPerSecond: number;
  readonly resolverDelayMicroseconds: number;
  /** Undefined = the load is even. */
  readonly burst: { readonly onMilliseconds: number; readonly offMilliseconds: number } | undefined;
  readonly ringEntries: number;
  /** Share of groups that touch an unmapped page. */
  readonly invalidGroupShare: number;
  /** Share of detaches in which the device is not stopped first. */
  readonly rudeShare: number;
  /** What goes wrong with each resolver, once. */
  readonly resolverFault: ResolverFault | undefined;
  /** What a device, the unit or the driver does that it must not. */
  readonly misbehaviour: Misbehaviour | undefined;
  /**
   * Recordings to read, their paths already joined to the profile's folder. Each process lives its
   * recording once and exits; it is then started anew with a fresh address space.
   */
  readonly processes: readonly string[];
};

/** What a profile that says nothing asks for; a profile without a name takes its file's. */
export const STORM_PROFILE_DEFAULTS: Omit<StormProfile, 'name'> = {
  driver: 'vtd',
  quirks: [],
  devices: 2,
  pasids: 4,
  workers: 1,
  groups: undefined,
  durationSeconds: undefined,
  rate: undefined,
  quantumMicroseconds: undefined,
  groupPages: { min: 1, max: 4 },
  writeShare: 0.5,
  credits: 'fit',
  windowPages: 1024,
  unmap: 'answered',
  attachDetachPerSecond: 0,
  exitsPerSecond: 0,
  functionSwitchesPerSecond: 0,
  resolverDelayMicroseconds: 0,
  burst: undefined,
  ringEntries: PRQ_ENTRIES,
  invalidGroupShare: 0,
  rudeShare: 0,
  resolverFault: undefined,
  misbehaviour: undefined,
  processes: [],
};

const share = numberWithin(0, 1);

const above = (least: number, most: number): FieldCheck<number> =>
  satisfying(
    `a number above ${least}, at most ${most}`,
    (value): value is number => typeof value === 'number' && value > least && value <= most,
  );

const groupPagesShape = sealedRecord<StormProfile['groupPages']>(
  {
    min: wholeNumber(1, GROUP_PAGES_MAX),
    max: wholeNumber(1, GROUP_PAGES_MAX),
    shares: listOf(share, GROUP_PAGES_MAX),
  },
  { shares: undefined },
);

const groupPages: FieldCheck<StormProfile['groupPages']> = (value, path) => {
  const checked = groupPagesShape(value, path);
  if (!checked.ok) return checked;
  const { min, max, shares } = checked.value;
  if (min > max) return badField([...path, 'min'], `at most "max" (${max})`, min);
  if (shares === undefined) return ok({ min, max });
  const sizes = max - min + 1;
  if (shares.length !== sizes || shares.every((weight) => weight === 0)) {
    return badField([...path, 'shares'], `a list of ${sizes} shares, not all of them 0`, shares);
  }
  return checked;
};

const credits = satisfying(
  `"fit", "full" or a whole number from 1 to ${PRI_ALLOCATION_MAX}`,
  (value): value is StormProfile['credits'] =>
    value === 'fit' || value === 'full' || wholeNumber(1, PRI_ALLOCATION_MAX)(value, []).ok,
);

/** One row a field: what it may hold. The command line's options are held to the same rows. */
export const STORM_PROFILE_CHECKS = {
  name: textUpTo(64),
  driver: textUpTo(TEXT_LENGTH_MAX),
  quirks: listOf(textUpTo(TEXT_LENGTH_MAX), QUIRKS_MAX),
  devices: wholeNumber(1, DEVICES_MAX),
  pasids: wholeNumber(1, PASIDS_MAX),
  workers: wholeNumber(0, WORKERS_MAX),
  groups: wholeNumber(1, GROUPS_MAX),
  durationSeconds: above(0, SECONDS_MAX),
  rate: above(0, RATE_MAX),
  quantumMicroseconds: above(0, 100_000),
  groupPages,
  writeShare: share,
  credits,
  windowPages: powerOfTwo(16, 65_536),
  unmap: oneOf(['answered', 'racing']),
  attachDetachPerSecond: numberWithin(0, CHURN_RATE_MAX),
  exitsPerSecond: numberWithin(0, CHURN_RATE_MAX),
  functionSwitchesPerSecond: numberWithin(0, CHURN_RATE_MAX),
  resolverDelayMicroseconds: numberWithin(0, 100_000),
  burst: sealedRecord({
    onMilliseconds: above(0, 60_000),
    offMilliseconds: above(0, 60_000),
  }),
  ringEntries: powerOfTwo(128, PRQ_ENTRIES),
  invalidGroupShare: share,
  rudeShare: share,
  resolverFault: sealedRecord<ResolverFault>({
    how: oneOf(RESOLVER_FAULTS),
    afterGroups: wholeNumber(1, GROUPS_MAX),
  }),
  misbehaviour: sealedRecord<Misbehaviour>({
    how: oneOf(MISBEHAVIOURS),
    every: wholeNumber(1, GROUPS_MAX),
  }),
  processes: listOf(textUpTo(TEXT_LENGTH_MAX), PROCESSES_MAX),
} satisfies FieldChecks<StormProfile>;

/** Requests of the ring's safe share, or every PRG index: what `fit` and `full` come to. */
export function creditsPerDevice(profile: StormProfile): number {
  switch (profile.credits) {
    case 'full':
      return PRG_INDICES;
    case 'fit': {
      // Half: the head moves once a batch is handled, when its credits may be in use again.
      const room = profile.ringEntries / 2 - 1;
      return Math.min(PRG_INDICES, Math.max(4, Math.floor(room / profile.devices)));
    }
    default:
      return profile.credits;
  }
}
