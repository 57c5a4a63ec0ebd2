/**
 * The names of drivers and quirks that exist, and the error of one that does not.
 *
 * Policy: which they are is the entry point's to say; readers are handed the lists.
 */
import type { Driver } from '../actors/driver.ts';
import type { BadInput, Place } from './bad-input.ts';
import type { NameKind } from './name-kind.ts';
import { nearestName } from './nearest-name.ts';

export type KnownNames = {
  readonly drivers: readonly string[];
  readonly quirks: readonly string[];
  /** Drivers that a user defined, and which of those above each is like. */
  readonly own?: readonly {
    readonly name: string;
    readonly like: string;
    readonly driver: Driver;
  }[];
};

/** Every driver that may be named. */
export const driversKnown = ({ drivers, own = [] }: KnownNames): readonly string[] => [
  ...drivers,
  ...own.map(({ name }) => name),
];

/** Undefined when the name is known; `place` is undefined on the command line. */
export const unknownName = (
  kind: NameKind,
  name: string,
  known: readonly string[],
  place?: Place,
): BadInput | undefined =>
  known.includes(name) ? undefined : noSuchName(kind, name, known, place);

/** The error of a name that is not among `known`, with the one it may have been meant to be. */
export const noSuchName = (
  kind: NameKind,
  name: string,
  known: readonly string[],
  place?: Place,
): BadInput => ({
  code: 'unknown-name',
  kind,
  place,
  name,
  nearest: nearestName(name, known),
  known,
});
