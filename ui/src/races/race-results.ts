/** Race results: what has been heard of the searches so far, told once more from its events. */
import type { RaceEvent } from '../../../src/ui/shapes.ts';

export type Judged = Extract<RaceEvent, { readonly type: 'judged' }>;

export type RaceResults = {
  readonly isRunning: boolean;
  /** Races of the last run that are not judged yet. */
  readonly waiting: ReadonlySet<string>;
  readonly done: number;
  readonly of: number;
  /** States that searches under way have stored, by race. */
  readonly states: ReadonlyMap<string, number>;
  readonly judged: ReadonlyMap<string, Judged>;
  readonly fault: string | undefined;
  readonly wasInterrupted: boolean;
};

export const NO_RESULTS: RaceResults = {
  isRunning: false,
  waiting: new Set(),
  done: 0,
  of: 0,
  states: new Map(),
  judged: new Map(),
  fault: undefined,
  wasInterrupted: false,
};

/** What an earlier run judged stays. */
export function withEvent(results: RaceResults, event: RaceEvent): RaceResults {
  switch (event.type) {
    case 'began':
      return {
        ...NO_RESULTS,
        judged: results.judged,
        isRunning: true,
        waiting: new Set(event.races),
      };
    case 'searching':
      return { ...results, states: new Map([...results.states, [event.race, event.states]]) };
    case 'searched':
      return {
        ...results,
        done: event.done,
        of: event.of,
        states: new Map([...results.states].filter(([race]) => race !== event.race)),
      };
    case 'judged':
      return {
        ...results,
        waiting: new Set([...results.waiting].filter((race) => race !== event.race)),
        judged: new Map([...results.judged, [event.race, event]]),
      };
    case 'ended':
      return {
        ...results,
        isRunning: false,
        waiting: new Set(),
        states: new Map(),
        fault: event.fault,
        wasInterrupted: event.interrupted,
      };
  }
}
