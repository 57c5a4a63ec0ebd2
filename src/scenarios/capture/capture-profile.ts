/**
 * The storm profile that offers the load of a capture: as many groups, of the same sizes, as fast.
 *
 * Units:  rates are a second, pages of 4 KiB.
 * Policy: only what was seen is said; all else is a storm's default. What a profile can't hold is
 *         cut to what it can, and told in a sentence.
 */
import { stringify } from 'yaml';
import { DEVICES_MAX, GROUP_PAGES_MAX, PASIDS_MAX } from '../../core/limits.ts';
import type { StormProfile } from '../storm-profile.ts';
import type { CaptureLoad } from './capture-load.ts';

const NAME_LENGTH_MAX = 64;
const PHASE_MILLISECONDS_MAX = 60_000;
const RATE_MAX = 1e9;
const DIGITS = 6;

/** Fields of a profile, in the order a reader wants them. */
export type CapturedProfile = { readonly name: string; readonly groups: number } & Pick<
  StormProfile,
  'devices' | 'pasids' | 'groupPages' | 'writeShare' | 'invalidGroupShare'
> &
  Partial<Pick<StormProfile, 'rate' | 'burst' | 'attachDetachPerSecond'>>;

export type ProfileOfCapture = {
  /** Undefined when nothing was asked for: there is no load to offer. */
  readonly profile: CapturedProfile | undefined;
  /** What the profile can't say, one sentence each. */
  readonly notes: readonly string[];
};

export function profileOf(name: string, load: CaptureLoad): ProfileOfCapture {
  const { groups, arrivals } = load;
  const offered = groups.complete + groups.untraced;
  if (offered === 0) {
    const why = groups.requests === 0 ? 'no page request was traced' : 'no group was complete';
    return { profile: undefined, notes: [`${why}: there is no load to make a profile of`] };
  }
  const notes: string[] = [];
  const cut = (value: number, most: number, what: string): number => {
    if (value > most) notes.push(`${value} ${what} were cut to ${most}, the most a storm has`);
    return Math.min(value, most);
  };
  const { success, invalid, failure } = groups.answers;
  const answered = success + invalid + failure;
  const { rate, burst } = arrivals;
  if (rate === undefined) {
    notes.push('how fast groups came cannot be told: the profile offers them as fast as it can');
  }
  return {
    profile: {
      name: name.slice(0, NAME_LENGTH_MAX) || 'capture',
      devices: cut(Math.max(1, load.devices.length), DEVICES_MAX, 'devices'),
      pasids: cut(Math.max(1, load.pasidsPerDevice), PASIDS_MAX, 'PASIDs of a device'),
      groups: offered,
      ...(rate === undefined ? {} : { rate: rounded(Math.min(rate, RATE_MAX)) }),
      ...(burst === undefined
        ? {}
        : {
            burst: {
              onMilliseconds: phase(burst.onMilliseconds),
              offMilliseconds: phase(burst.offMilliseconds),
            },
          }),
      groupPages: groupPagesOf(groups.sizes, notes),
      writeShare: groups.requests === 0 ? 0 : rounded(groups.writes / groups.requests),
      invalidGroupShare: answered === 0 ? 0 : rounded((invalid + failure) / answered),
      ...(load.detaches > 0 && arrivals.seconds > 0
        ? { attachDetachPerSecond: rounded(load.detaches / arrivals.seconds) }
        : {}),
    },
    notes,
  };
}

/** The sizes that occur, with the share of each. */
function groupPagesOf(sizes: readonly number[], notes: string[]): StormProfile['groupPages'] {
  const counts: number[] = [];
  let tooLarge = 0;
  for (const [pages, count] of sizes.entries()) {
    const fitting = Math.min(pages, GROUP_PAGES_MAX);
    if (pages > GROUP_PAGES_MAX) tooLarge += count;
    counts[fitting] = (counts[fitting] ?? 0) + count;
  }
  if (tooLarge > 0) {
    notes.push(
      `groups larger than the ${GROUP_PAGES_MAX} requests a storm sends were cut: ${tooLarge}`,
    );
  }
  const max = counts.length - 1;
  // Refused groups are known by their answers alone: one request each is all that is sure.
  if (max < 1) return { min: 1, max: 1 };
  const min = counts.findIndex((count) => (count ?? 0) > 0);
  const total = counts.reduce((sum, count) => sum + (count ?? 0), 0);
  if (min === max) return { min, max };
  const shares = Array.from({ length: max - min + 1 }, (_, index) =>
    rounded((counts[min + index] ?? 0) / total),
  );
  return { min, max, shares };
}

/** The profile as the file that `storm` reads; `source` says what it was made of. */
export const profileText = (profile: CapturedProfile, source: readonly string[]): string =>
  source.map((line) => `# ${line}\n`).join('') +
  stringify(profile, { flowCollectionPadding: true });

/** As many digits as mean anything, and more than nothing. */
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

const phase = (milliseconds: number): number =>
  rounded(Math.min(PHASE_MILLISECONDS_MAX, milliseconds));
