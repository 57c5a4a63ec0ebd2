/**
 * Transition counts: how often each transition of a machine was taken, by whoever ran it.
 *
 * Policy: a transition that is not listed was never taken.
 */

export type TransitionCount = {
  /** Id of the state whose definition has the transition. */
  readonly from: string;
  /** XState's type: empty for `always`, with its asterisk for a wildcard. */
  readonly event: string;
  /** Among the transitions of that state for that event, from 0. */
  readonly index: number;
  readonly count: number;
};

export type TransitionCounts = {
  readonly schema: 'stormdrain.coverage/1';
  /** A machine's id, or a driver and its operation: `vtd unbind-sva`. */
  readonly machine: string;
  readonly transitions: readonly TransitionCount[];
};
