/** The JSON of an exploration: the contract other programs read. Fields may be added, never taken away. */

import type { ExplorationPlan } from './exploration.ts';
import type { Explored } from './explored.ts';

/**
 * One object, plain data; schema `stormdrain.explore/1`. What a search knows and a sampling doesn't is null, and the
 * other way round.
 */
export function exploreJson(
  { found: named, options, course }: ExplorationPlan,
  explored: Explored,
) {
  const { extent, coverage, elapsedSeconds, complete, limit, unseen, found } = explored;
  const search = extent.kind === 'search' ? extent : undefined;
  const sampling = extent.kind === 'sampling' ? extent : undefined;
  return {
    schema: 'stormdrain.explore/1' as const,
    scenario: named.scenario.name,
    driver: named.driver ?? null,
    quirks: named.quirks,
    strategy: course.kind === 'search' ? course.order : course.strategy,
    reduction: options.reduction,
    reductions: search?.reductions ?? [],
    workers: options.workers,
    seed: course.kind === 'sampling' ? course.seed : null,
    complete,
    limit: limit ?? null,
    unseen,
    states: search?.states ?? null,
    expanded: search?.expanded ?? null,
    transitions: search?.transitions ?? sampling?.steps ?? null,
    depth: search?.depth ?? sampling?.longest ?? null,
    walks: sampling?.walks ?? null,
    walksCut: sampling?.cut ?? null,
    elapsedSeconds,
    statesPerSecond: search && elapsedSeconds > 0 ? search.states / elapsedSeconds : null,
    stepsPerSecond: sampling && elapsedSeconds > 0 ? sampling.steps / elapsedSeconds : null,
    bytesOnDisk: search?.diskBytes ?? null,
    bytesPerState: search ? search.bytes / search.states : null,
    coverage,
    figures: named.scenario.figures?.() ?? null,
    violation:
      found === undefined
        ? null
        : {
            property: found.violation.property,
            message: found.violation.sentence,
            slot: found.violation.slot,
            steps: found.trace.steps.length,
            stepsFound: found.stepsFound ?? found.trace.steps.length,
            trace: found.trace,
          },
  };
}

/** What an exploration came to; schemas/explore.json says what each field is. */
export type ExploreResult = ReturnType<typeof exploreJson>;
