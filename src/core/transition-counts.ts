/**
 * Transition counts: how often each transition of a machine was taken, by whoever ran it.
 *
 * Policy: a transition that is not listed was never taken. What this program writes lists every one.
 */

export const COVERAGE_SCHEMA = 'stormdrain.coverage/1';

export type TransitionCount = {
  /** Id of the state whose definition has the transition. */
  readonly from: string;
  /** XState's type: empty for `always`, with its asterisk for a wildcard. */
  readonly event: string;
  /** Among the transitions of that state for that event, from 0. */
  readonly index: number;
  readonly count: number;
};

export type MachineCounts = {
  /** A machine's id; in a file of one machine also a driver and its operation: `vtd unbind-sva`. */
  readonly machine: string;
  readonly transitions: readonly TransitionCount[];
};

/** One machine's counts as a file. */
export type TransitionCounts = { readonly schema: typeof COVERAGE_SCHEMA } & MachineCounts;

/** The counts of every machine there was in a world or in a storm. */
export type CoverageCounts = {
  readonly schema: typeof COVERAGE_SCHEMA;
  /** The scenario's name, or the storm's. */
  readonly source: string;
  /** Whose operations ran; null where none did. */
  readonly driver: string | null;
  readonly quirks: readonly string[];
  readonly transitionsSeen: number;
  readonly transitionsTotal: number;
  /** One for each kind of slot; several may be of one machine. */
  readonly machines: readonly (MachineCounts & { readonly kind: string })[];
};
