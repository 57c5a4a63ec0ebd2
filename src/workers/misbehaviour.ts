/**
 * Misbehaviour: what a storm makes one of its parts do that no specification allows, and on which units it can.
 *
 * Device 0 is the one that misbehaves, where it is a device; all others show that it harms nobody else.
 * Units: `every` counts occasions: of four occasions, `every: 4` takes the fourth.
 */
import { PRG_INDICES } from '../core/limits.ts';
import { UNIT_KINDS, type UnitKind } from './unit-kind.ts';

/** The device that misbehaves. */
export const MISBEHAVING_DEVICE = 0;

export const MISBEHAVIOURS = [
  'ignores-responses',
  'floods',
  'reuses-index',
  'stop-markers',
  'malformed-requests',
  'silent-device-tlb',
  'deaf-device-tlb',
  'completes-twice',
  'unasked-responses',
  'malformed-commands',
  'full-command-queue',
  'slow-unit',
  'removed',
  'replugged',
  'fails-groups',
] as const;

export type Misbehaviour = {
  readonly how: (typeof MISBEHAVIOURS)[number];
  /** Each so many occasions: groups, responses, invalidations or submissions, as each has them. */
  readonly every: number;
};

type Meaning = {
  readonly units: readonly UnitKind[];
  /** Why the others are left out; ends the sentence that refuses them. */
  readonly because: string;
};

const everywhere: Meaning = { units: UNIT_KINDS, because: '' };
const ofFunctions = (because: string): Meaning => ({ units: ['vtd', 'amd'], because });
const KEEPS_NOTHING = 'streams that stall keep nothing that is waited for';

/** On which units each means something. */
export const MEANINGS: Readonly<Record<Misbehaviour['how'], Meaning>> = {
  'ignores-responses': ofFunctions('a stall is ended by the SMMU, and its device has no say'),
  floods: ofFunctions('accesses that stall need no credit'),
  'reuses-index': ofFunctions('the SMMU itself hands out the tags of stalls'),
  'stop-markers': ofFunctions('devices that stall send no messages'),
  'malformed-requests': everywhere,
  'silent-device-tlb': everywhere,
  'deaf-device-tlb': everywhere,
  'completes-twice': {
    units: ['vtd'],
    because: 'only VT-d tells software of a completion that nobody waits for',
  },
  'unasked-responses': everywhere,
  'malformed-commands': {
    units: ['vtd', 'smmuv3'],
    because: 'the unit then executes no command any more, and Linux never starts it again',
  },
  'full-command-queue': everywhere,
  'slow-unit': everywhere,
  removed: ofFunctions(KEEPS_NOTHING),
  replugged: ofFunctions(KEEPS_NOTHING),
  'fails-groups': ofFunctions(
    'a stall that fails is aborted like any other, and the next one comes',
  ),
};

/** Tells of each occasion whether it is one to misbehave at. */
export class Occasions {
  readonly #every: number;
  #seen = 0;

  constructor(every: number) {
    this.#every = every;
  }

  next(): boolean {
    this.#seen += 1;
    if (this.#seen < this.#every) return false;
    this.#seen = 0;
    return true;
  }
}

/** The occasions of one kind of misbehaviour; undefined when the storm has another, or none. */
export const occasionsOf = (
  misbehaviour: Misbehaviour | undefined,
  ...hows: readonly Misbehaviour['how'][]
): Occasions | undefined =>
  misbehaviour !== undefined && hows.includes(misbehaviour.how)
    ? new Occasions(misbehaviour.every)
    : undefined;

/**
 * Whether the device has ATS where others stall: behind an SMMU only such a one keeps translations that it could be
 * silent about.
 */
export const hasAtsForStalls = (
  unit: UnitKind,
  misbehaviour: Misbehaviour | undefined,
  device: number,
): boolean =>
  unit === 'smmuv3' &&
  device === MISBEHAVING_DEVICE &&
  (misbehaviour?.how === 'silent-device-tlb' || misbehaviour?.how === 'deaf-device-tlb');

/** Hows in whose storms answers for groups that were never sent may arrive. */
const LEAVES_AN_INDEX: readonly Misbehaviour['how'][] = ['malformed-requests', 'unasked-responses'];

/** Groups that a device may have outstanding: as many as its credits, or beyond them. */
export function groupsOf(
  {
    credits,
    misbehaviour,
  }: { readonly credits: number; readonly misbehaviour?: Misbehaviour | undefined },
  device: number,
): number {
  if (misbehaviour === undefined) return credits;
  if (LEAVES_AN_INDEX.includes(misbehaviour.how)) return Math.min(credits, NEVER_USED_INDEX);
  const floods = misbehaviour.how === 'floods' && device === MISBEHAVING_DEVICE;
  return floods ? PRG_INDICES : credits;
}

/** An index that no function uses in a storm where answers for groups that were never sent may arrive. */
export const NEVER_USED_INDEX = 511;

/** In place of the hidden id of a group: an answer to nothing at all. */
export const UNASKED_ID = -(2 ** 31);
