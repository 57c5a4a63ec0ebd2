/**
 * Goal:   a storm on the repaired driver answers every group exactly once and breaks no property, under every kind
 *         of load and churn there is.
 * Method: whole storms on real threads; the ledger of the device thread is the judge.
 */
import { describe, expect, it } from 'vitest';

import type { StormPlan } from '../../src/workers/storm-plan.ts';
import { expectClean, planWith, profilePlan, storm } from './storms.ts';

describe('a storm on the repaired driver', () => {
  it('answers a million groups exactly once while PASIDs come and go and processes die', async () => {
    const run = await storm(
      planWith({
        groups: 1_000_000,
        attachDetachPerSecond: 200,
        exitsPerSecond: 20,
        creditsPerDevice: 511,
      }),
    );
    expectClean(run);
    expect(run.result.groups, run.replay).toBe(1_000_000);
    expect(run.result.detaches, run.replay).toBeGreaterThan(0);
    expect(run.result.exits, run.replay).toBeGreaterThan(0);
    expect(run.result.overflows, run.replay).toBe(0);
  });

  it('overflows a ring smaller than its credits again and again, and loses nothing', async () => {
    const run = await storm(
      planWith({
        devices: 8,
        pasids: 2,
        groups: 60_000,
        groupPagesMax: 8,
        creditsPerDevice: 512,
        ringEntries: 128,
        unmap: 'racing',
      }),
    );
    expectClean(run);
    expect(run.result.groups, run.replay).toBe(60_000);
    expect(run.result.overflows, run.replay).toBeGreaterThan(0);
    expect(run.result.droppedRequests, run.replay).toBeGreaterThan(0);
    expect(run.result.autoResponses, run.replay).toBeGreaterThan(0);
    expect(run.result.autoResponses, run.replay).toBeLessThanOrEqual(run.result.droppedRequests);
  });

  it.each<[string, Partial<StormPlan>]>([
    ['the PRQ thread resolving inline', { workers: 0 }],
    ['one resolver', { workers: 1 }],
    ['two resolvers', { workers: 2 }],
    ['one resolver and one-page groups', { workers: 1, groupPagesMax: 1 }],
    ['two resolvers and groups of 32 pages', { workers: 2, groupPagesMin: 32, groupPagesMax: 32 }],
    ['one device and one process', { devices: 1, pasids: 1 }],
    ['groups of as many pages as there are credits', { creditsPerDevice: 4, groupPagesMin: 4 }],
    ['64 devices', { devices: 64, pasids: 1, creditsPerDevice: 16, windowPages: 64 }],
  ])('keeps its ledger with %s, windows unmapped under way and churn', async (_, changes) => {
    const run = await storm(
      planWith({
        groups: 30_000,
        unmap: 'racing',
        attachDetachPerSecond: 100,
        exitsPerSecond: 10,
        ...changes,
      }),
    );
    expectClean(run);
    expect(run.result.groups, run.replay).toBe(30_000);
    expect(run.result.unmaps, run.replay).toBeGreaterThan(0);
    expect(run.result.overflows, run.replay).toBe(0);
  });

  it('waits for the strays of devices that are not stopped before a detach', async () => {
    const run = await storm(
      planWith({
        durationSeconds: 2,
        rate: 20_000,
        unmap: 'racing',
        attachDetachPerSecond: 300,
        rudeShare: 1,
      }),
    );
    expectClean(run);
    expect(run.result.detaches, run.replay).toBeGreaterThan(0);
  });

  it('waits for a batch that takes a resolver longer than any patience with silence', async () => {
    const run = await storm(
      planWith({
        devices: 1,
        pasids: 1,
        groupPagesMax: 1,
        creditsPerDevice: 128,
        durationSeconds: 0.3,
        resolverDelayMicroseconds: 100_000,
      }),
    );
    expectClean(run);
  });

  it.each([0, 2])('lives recorded processes to their exits with %i workers', async (workers) => {
    const plan = await profilePlan('processes', {
      workers,
      end: { kind: 'duration', durationSeconds: 3 },
    });
    const run = await storm(plan);
    expectClean(run);
    expect(run.result.exits, run.replay).toBeGreaterThan(0);
    expect(run.result.responses.success, run.replay).toBeGreaterThan(0);
  });

  it('answers bursts of an open load', async () => {
    const run = await storm(
      planWith({
        durationSeconds: 1,
        rate: 20_000,
        burst: { onMilliseconds: 50, offMilliseconds: 150 },
        unmap: 'racing',
      }),
    );
    expectClean(run);
  });

  it('draws the same numbers of requests from the same seed when nothing races', async () => {
    const plan = planWith({ devices: 1, pasids: 1, groups: 5000 });
    const first = await storm(plan);
    const second = await storm(plan);
    expectClean(first);
    expect(second.result.pageRequests, first.replay).toBe(first.result.pageRequests);
  });
});

describe('groups that touch an unmapped page', () => {
  it('are all answered INVALID', async () => {
    const run = await storm(planWith({ groups: 10_000, invalidGroupShare: 1 }));
    expectClean(run);
    expect(run.result.responses, run.replay).toEqual({ success: 0, invalid: 10_000, failure: 0 });
  });

  it('are the only ones that are', async () => {
    const groups = 20_000;
    const run = await storm(planWith({ groups, invalidGroupShare: 0.25 }));
    expectClean(run);
    expect(run.result.responses.failure, run.replay).toBe(0);
    // Six standard deviations of a quarter of 20,000.
    const deviation = 6 * Math.sqrt(groups * 0.25 * 0.75);
    expect(Math.abs(run.result.responses.invalid - groups / 4), run.replay).toBeLessThan(deviation);
  });

  it('do not exist when none is asked for', async () => {
    const run = await storm(planWith({ groups: 10_000 }));
    expectClean(run);
    expect(run.result.responses, run.replay).toEqual({ success: 10_000, invalid: 0, failure: 0 });
  });
});

describe('credits', () => {
  it('are never exceeded, however slow the answers', async () => {
    const run = await storm(
      planWith({
        durationSeconds: 2,
        creditsPerDevice: 18,
        groupPagesMin: 4,
        resolverDelayMicroseconds: 200,
      }),
    );
    expectClean(run);
    // Four groups of four pages fit into 18 credits, a fifth doesn't.
    const most = run.plan.devices * 4;
    const inFlight = run.progress.map((each) => each.inFlight);
    expect(inFlight.length, run.replay).toBeGreaterThan(0);
    expect(Math.max(...inFlight), `${inFlight}; ${run.replay}`).toBeLessThanOrEqual(most);
  });
});
