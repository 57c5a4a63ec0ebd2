/**
 * Storm result: gathers what the threads counted, and turns breaches into sentences.
 */
import { double } from '../core/words.ts';
import { EventLog, inOrder } from '../workers/event-log.ts';
import { stepLatency } from '../workers/latency-table.ts';
import { controlWord } from '../workers/role.ts';
import { CONTROL, COUNTER, RESOLVER, THREAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type { Percentiles, Violation } from '../workers/storm-plan.ts';
import { BREACH, BREACHES, type BreachRecord, ViolationLog } from '../workers/violation-log.ts';

/** Events of each thread printed beside a violation. */
const EVENTS_SHOWN = 6;

export const counterOf = (memory: StormMemory, counter: number): number =>
  double(memory.totals, counter);

export const episodesOf = (memory: StormMemory): number =>
  Atomics.load(memory.control, controlWord(CONTROL.episodes));

/** Percentiles of a latency table, microseconds; zero when nothing was counted. */
export function percentilesOf(table: Int32Array | Float64Array): Percentiles {
  let total = 0;
  for (const count of table) total += count;
  const at = (share: number): number => (total === 0 ? 0 : latencyOf(table, share * total));
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** The latency that `rank` of all are not above; the table's steps are as exact as it gets. */
function latencyOf(table: Int32Array | Float64Array, rank: number): number {
  const wanted = Math.max(1, Math.ceil(rank));
  let counted = 0;
  const step = table.findIndex((count) => {
    counted += count;
    return counted >= wanted;
  });
  return stepLatency(step);
}

/** Milliseconds that all resolvers together have slept; wraps. */
export const resolversSlept = ({ sizes, resolvers }: StormMemory): number =>
  Array.from({ length: sizes.resolvers }, (_, resolver) =>
    Atomics.load(resolvers, resolver * RESOLVER.words + RESOLVER.slept),
  ).reduce((sum, microseconds) => (sum + microseconds) | 0, 0) / 1000;

const threadsOf = (memory: StormMemory): number[] =>
  Array.from({ length: THREAD.resolver + memory.sizes.resolvers }, (_, thread) => thread);

export const breachCount = (memory: StormMemory): number =>
  threadsOf(memory).reduce((sum, thread) => sum + new ViolationLog(memory, thread).count, 0);

/** One violation a kind of breach, the one seen first on top: a record of it, how often it was, the events around. */
export function violationsOf(memory: StormMemory, own: readonly Violation[]): Violation[] {
  const logs = threadsOf(memory).map((thread) => new ViolationLog(memory, thread));
  const records = logs.flatMap((log) => log.records());
  const seen = Object.values(BREACH).flatMap((kind) => {
    const alike = records.filter(({ breach }) => breach === kind);
    const shown = alike.find(({ first }) => first) ?? alike[0];
    const breach = BREACHES[kind];
    if (shown === undefined || breach === undefined) return [];
    const count = logs.reduce((sum, log) => sum + log.countOf(kind), 0);
    const more = count > 1 ? ` (and ${count - 1} more like it)` : '';
    const events = shown.first ? eventsAround(memory, shown) : [];
    return [{ property: breach.property, message: `${breach.say(shown)}${more}`, events }];
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
