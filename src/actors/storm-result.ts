/**
 * Storm result: gathers what the threads counted, and turns breaches into sentences.
 */
import { build, type Histogram } from 'hdr-histogram-js';

import { double, word } from '../core/words.ts';
import { EventLog, inOrder } from '../workers/event-log.ts';
import { stepLatency } from '../workers/latency-table.ts';
import { controlWord } from '../workers/role.ts';
import { CONTROL, COUNTER, RESOLVER, type StormMemory, THREAD } from '../workers/storm-memory.ts';
import type { Percentiles, Violation } from '../workers/storm-plan.ts';
import { BREACHES, type BreachRecord, ViolationLog } from '../workers/violation-log.ts';

const NANOSECONDS = 1000;
const HIGHEST_NANOSECONDS = 1e13;
/** Events of each thread printed beside a violation. */
const EVENTS_SHOWN = 6;

export const counterOf = (memory: StormMemory, counter: number): number =>
  double(memory.totals, counter);

export const episodesOf = (memory: StormMemory): number =>
  Atomics.load(memory.control, controlWord(CONTROL.episodes));

/** Percentiles of a latency table, microseconds; zero when nothing was counted. */
export function percentilesOf(table: Int32Array): Percentiles {
  const histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_NANOSECONDS,
    numberOfSignificantValueDigits: 3,
  });
  for (let step = 0; step < table.length; step += 1) {
    const count = word(table, step);
    if (count > 0) {
      histogram.recordValueWithCount(Math.round(stepLatency(step) * NANOSECONDS), count);
    }
  }
  const at = (percentile: number): number =>
    histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile) / NANOSECONDS;
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
}

/** Resolver steps that found work, and all of them. */
export function resolverSteps(memory: StormMemory): {
  readonly busy: number;
  readonly all: number;
} {
  let busy = 0;
  let idle = 0;
  for (let resolver = 0; resolver < memory.sizes.resolvers; resolver += 1) {
    busy += word(memory.resolvers, resolver * RESOLVER.words + RESOLVER.busySteps);
    idle += word(memory.resolvers, resolver * RESOLVER.words + RESOLVER.idleSteps);
  }
  return { busy, all: busy + idle };
}

const threadsOf = (memory: StormMemory): number[] =>
  Array.from({ length: THREAD.resolver + memory.sizes.resolvers }, (_, thread) => thread);

export const breachCount = (memory: StormMemory): number =>
  threadsOf(memory).reduce((sum, thread) => sum + new ViolationLog(memory, thread).count, 0);

/** One violation a property: the first record each thread has of it, how often in all, the events around it. */
export function violationsOf(memory: StormMemory, own: readonly Violation[]): Violation[] {
  const records = threadsOf(memory).flatMap((thread) => new ViolationLog(memory, thread).records());
  const byBreach = new Map<number, BreachRecord[]>();
  for (const record of records) {
    byBreach.set(record.breach, [...(byBreach.get(record.breach) ?? []), record]);
  }
  const seen = [...byBreach.values()].flatMap((alike) => {
    const [first] = alike;
    const breach = first === undefined ? undefined : BREACHES[first.breach];
    if (first === undefined || breach === undefined) return [];
    const more = alike.length > 1 ? ` (and ${alike.length - 1} more like it)` : '';
    return [
      {
        property: breach.property,
        message: `${breach.say(first)}${more}`,
        events: alike.flatMap((record) => (record.first ? eventsAround(memory, record) : [])),
      },
    ];
  });
  return [...seen.sort((left, right) => right.events.length - left.events.length), ...own];
}

/** What the threads did around a breach. */
const eventsAround = (memory: StormMemory, { device, pasid }: BreachRecord): string[] =>
  inOrder(
    threadsOf(memory).flatMap((thread) =>
      new EventLog(memory, thread).lastOf(device, pasid, EVENTS_SHOWN),
    ),
  );

/** Groups that were never answered. */
export const openGroups = (memory: StormMemory): number => counterOf(memory, COUNTER.open);
