/** Storm run: what has been heard of a storm so far, told once more from its events. */
import type { StormEvent, StormPlanned } from '../../../src/ui/shapes.ts';
import type { StormResult, StormSample } from '../../../src/workers/storm-plan.ts';

export type StormRun = {
  readonly plan: StormPlanned | undefined;
  readonly notes: readonly string[];
  readonly samples: readonly StormSample[];
  readonly result: StormResult | undefined;
  readonly fault: string | undefined;
  readonly isRunning: boolean;
};

export const NO_RUN: StormRun = {
  plan: undefined,
  notes: [],
  samples: [],
  result: undefined,
  fault: undefined,
  isRunning: false,
};

export function withEvents(run: StormRun, events: readonly StormEvent[]): StormRun {
  let next = run;
  const fresh: StormSample[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'began':
        fresh.length = 0;
        next = { ...NO_RUN, plan: event.plan, notes: event.notes, isRunning: true };
        break;
      case 'sample':
        fresh.push(event.sample);
        break;
      case 'ended':
        next = { ...next, result: event.result, isRunning: false };
        break;
      case 'failed':
        next = { ...next, fault: event.sentence, isRunning: false };
        break;
    }
  }
  return fresh.length === 0 ? next : { ...next, samples: [...next.samples, ...fresh] };
}

/** Samples drawn; of more, each stands for several. */
const DRAWN_MAX = 400;

/** The figures over time that the dashboard draws. */
export type Series = {
  readonly seconds: readonly number[];
  readonly values: readonly (number | undefined)[];
};

/** `of` is asked of each sample and the one before; of several samples that are drawn as one, the highest counts. */
export function seriesOf(
  samples: readonly StormSample[],
  of: (sample: StormSample, before: StormSample | undefined) => number | undefined,
): Series {
  const each = Math.ceil(samples.length / DRAWN_MAX) || 1;
  const seconds: number[] = [];
  const values: (number | undefined)[] = [];
  for (let at = 0; at < samples.length; at += each) {
    const some = samples.slice(at, at + each);
    seconds.push(some.at(-1)?.elapsedSeconds ?? 0);
    const known = some
      .map((sample, index) => of(sample, samples[at + index - 1]))
      .filter((value) => value !== undefined);
    values.push(known.length === 0 ? undefined : Math.max(...known));
  }
  return { seconds, values };
}

/** Samples for the strip of PASIDs, as few as are drawn. */
export function thinned(samples: readonly StormSample[]): readonly StormSample[] {
  const each = Math.ceil(samples.length / DRAWN_MAX) || 1;
  return samples.filter((_, at) => at % each === each - 1 || at === samples.length - 1);
}
