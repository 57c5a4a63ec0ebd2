/**
 * Goal:   a recorded storm that was tampered with is rejected where it was, on every kind of unit.
 * Method: one storm a unit; damage done to its lines, each chosen by chance among its kind; the machines judge it.
 */
import { describe, expect, it } from 'vitest';

import { PASID_FLUSH } from '../../src/actors/pasid-flush.ts';
import { prng } from '../../src/core/prng.ts';
import type { CaptureFact } from '../../src/scenarios/capture/capture-event.ts';
import { eventsIn } from '../../src/scenarios/validate/read-trace.ts';
import { UNIT_KINDS, unitKindOf } from '../../src/workers/unit-kind.ts';
import { planWith, SEED, storm } from './storms.ts';
import { judgedText, recordedText } from './validated.ts';

/** Whose drains wait for all work of their unit, and whose for that of one attach handle. */
const DRIVERS = UNIT_KINDS.flatMap((unit) => [unit, `${unit}${PASID_FLUSH}`]);
const SEEDS = Array.from({ length: 8 }, (_, index) => SEED + index);
/** Task, pid and processor of a line. */
const CONTEXT = 32;

/** Detaches all the time, so that drains come soon behind whatever is missing; all of it is recorded. */
const recordings = new Map(
  await Promise.all(
    DRIVERS.map(async (driver) => {
      const plan = planWith({
        driver,
        devices: 2,
        rate: 3000,
        groups: 400,
        attachDetachPerSecond: 200,
        recordedEvents: 8192,
      });
      const { recorded } = await storm(plan);
      return [driver, recordedText(plan, recorded).split('\n')] as const;
    }),
  ),
);

describe.each(DRIVERS)('a recording of %s that was tampered with', (driver) => {
  const unit = unitKindOf(driver);
  const lines = recordings.get(driver) ?? [];
  const facts = new Map(eventsIn(lines.join('\n')).map(({ line, fact }) => [line - 1, fact]));
  const placesOf = (is: (fact: CaptureFact) => boolean): number[] =>
    [...facts].flatMap(([at, fact]) => (is(fact) ? [at] : []));
  const answers = placesOf(({ kind }) => kind === 'page-group.responded');
  const reports = placesOf(({ kind }) => kind === 'page-request.reported');
  const commands = placesOf(
    ({ kind }) => kind === 'invalidation.submitted' || kind === 'command.submitted',
  );

  const rejectedAt = (damaged: readonly string[]): number | undefined =>
    judgedText({ driver, quirks: [] }, damaged.join('\n'), true).firstRejected?.line;
  const pick = (seed: number, places: readonly number[]): number =>
    places[prng(seed).below(places.length)] ?? Number.NaN;
  const line = (at: number): string => lines[at] ?? '';
  const nextOfThread = (at: number): number =>
    lines.findIndex(
      (each, place) => place > at && each.slice(0, CONTEXT) === line(at).slice(0, CONTEXT),
    );

  it('is accepted as it was, and has something to tamper with', () => {
    expect(rejectedAt(lines)).toBeUndefined();
    expect(answers.length).toBeGreaterThan(300);
    expect(commands.length).toBeGreaterThan(20);
  });

  it.each(SEEDS)('is rejected where an answer comes twice (seed %i)', (seed) => {
    const at = pick(seed, answers);
    expect(rejectedAt(lines.toSpliced(at, 0, line(at)))).toBe(at + 2);
  });

  it.each(SEEDS)('is rejected where an answer comes before its request (seed %i)', (seed) => {
    const at = pick(seed, answers);
    const to = requestOf(at) ?? Number.NaN;
    const found = rejectedAt(lines.toSpliced(at, 1).toSpliced(to, 0, line(at))) ?? 0;
    if (unit !== 'smmuv3') expect(found).toBe(to + 1);
    // Where answers name no PASID, an earlier request of the index may have it, and lacks its own then.
    expect(found).toBeGreaterThan(to);
    expect(found - 1).toBeLessThanOrEqual(drainedBehind(at));
  });

  it.each(SEEDS)('is rejected behind an answer that is missing (seed %i)', (seed) => {
    const at = pick(seed, answers);
    const found = rejectedAt(lines.toSpliced(at, 1)) ?? 0;
    expect(found).toBeGreaterThan(at);
    // By the first detach that begins behind it, or else at the end.
    expect(found - 1).toBeLessThanOrEqual(drainedBehind(at));
  });

  it.each(SEEDS)('is rejected where a list or a flush lacks a command (seed %i)', (seed) => {
    // The whole flush of an SMMU is one command: nobody can miss it.
    const missable = commands.filter(
      (place) => unit !== 'smmuv3' || !line(place).includes('unmap'),
    );
    const at = pick(
      seed,
      missable.filter((place) => nextOfThread(place) >= 0),
    );
    const found = rejectedAt(lines.toSpliced(at, 1)) ?? 0;
    expect(found, line(at)).toBeGreaterThan(0);
    // The thread's next event tells, or the one behind that, or that there is none.
    const behind = nextOfThread(nextOfThread(at));
    expect(found, line(at)).toBeLessThanOrEqual(behind < 0 ? lines.length : behind + 1);
  });

  /** Where the request of the answer was reported. */
  function requestOf(at: number): number | undefined {
    const answer = facts.get(at);
    if (answer?.kind !== 'page-group.responded') throw new Error(`there is no answer at ${at}`);
    const { rid, index, pasid } = answer;
    return reports.findLast((place) => {
      const fact = facts.get(place);
      return (
        place < at &&
        fact?.kind === 'page-request.reported' &&
        fact.last &&
        fact.rid === rid &&
        fact.index === index &&
        (pasid === undefined || fact.pasid === pasid)
      );
    });
  }

  /**
   * Where the first detach has returned of what was attached from here on: it has begun behind. A detach that waits for
   * its own groups says nothing of others: the end does.
   */
  function drainedBehind(at: number): number {
    if (driver.endsWith(PASID_FLUSH)) return lines.length;
    const attached = new Set<string>();
    for (const [place, fact] of facts) {
      if (place <= at || fact.kind !== 'operation.returned' || fact.pasid <= 0) continue;
      const attachment = `${fact.device} ${fact.pasid}`;
      if (fact.operation === 'attach') attached.add(attachment);
      else if (attached.has(attachment)) return place;
    }
    return lines.length;
  }
});
