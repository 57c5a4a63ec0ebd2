/** Goal: a plan gets a layout exactly when its pages fit, with windows as large as they can be. */
import { describe, expect, it } from 'vitest';

import type { ProcessScript, StormPlan } from '../../../src/workers/storm-plan.ts';
import { scriptOf, stormLayout } from '../../../src/workers/storm-sizes.ts';
import { PLAN } from '../cli/fixture.ts';

const FRAMES_MAX = 2 ** 20;

const laid = (changes: Partial<StormPlan>) => stormLayout({ ...PLAN, ...changes });

const script = (program: string, pages: number): ProcessScript => ({
  program,
  operations: [
    { kind: 'map', pfn: 0, pages, bits: 3 },
    ...Array.from({ length: pages }, (_, pfn) => ({
      kind: 'touch' as const,
      pfn,
      pages: 1,
      bits: 1,
    })),
    { kind: 'exit', pfn: 0, pages: 0, bits: 0 },
  ],
});

describe('a layout', () => {
  it('keeps the windows that were asked for when they fit', () => {
    const layout = laid({ devices: 2, pasids: 8, windowPages: 256 });
    expect(layout?.windowPages).toBe(256);
    expect(layout?.streamsPerDevice).toBe(8);
    expect(layout?.sizes).toMatchObject({
      devices: 2,
      mms: 8,
      streams: 16,
      pasidSpace: 9,
      resolvers: 1,
    });
  });

  it('halves windows until all frames stay below 2^20', () => {
    const layout = laid({ devices: 16, pasids: 64, windowPages: 65_536, groupPagesMax: 4 });
    expect(layout).toBeDefined();
    if (layout === undefined) return;
    const { tableFrames, dataFrames } = layout.sizes;
    expect(tableFrames + dataFrames).toBeLessThan(FRAMES_MAX);
    expect(layout.windowPages).toBeLessThan(65_536);
    expect(Number.isInteger(Math.log2(layout.windowPages))).toBe(true);
    // Twice as large would not have fitted.
    expect(3 * 2 * layout.windowPages * 16 * layout.activeStreams).toBeGreaterThan(
      FRAMES_MAX * 0.9,
    );
  });

  it('lets devices work on few streams at a time before it makes windows small', () => {
    const layout = laid({ devices: 64, pasids: 1024, windowPages: 1024, groupPagesMax: 32 });
    expect(layout).toMatchObject({ activeStreams: 2, windowPages: 1024 });
    expect(laid({ devices: 1, pasids: 1024, windowPages: 1024 })).toMatchObject({
      activeStreams: 256,
      windowPages: 1024,
    });
  });

  it('does not exist where a window has no room for a group', () => {
    expect(laid({ windowPages: 16, groupPagesMax: 32 })).toBe(undefined);
  });

  it('has room for the largest group in a window', () => {
    const layout = laid({ devices: 64, pasids: 64, windowPages: 1024, groupPagesMax: 32 });
    expect(layout?.windowPages).toBeGreaterThanOrEqual(32);
  });

  it.each([
    [0, 1],
    [1, 1],
    [16, 16],
  ])('of %i workers has %i queues', (workers, resolvers) => {
    expect(laid({ workers })?.sizes.resolvers).toBe(resolvers);
  });

  it('counts at most 512 groups a device and every credit as a request', () => {
    expect(laid({ devices: 2, creditsPerDevice: 2048 })?.sizes).toMatchObject({
      groupsMax: 2 * 512,
      requestsMax: 2 * 2048,
    });
  });

  it('of recordings gives each (device, PASID) a process, and frames for the pages it touches', () => {
    const processes = [script('one', 10), script('two', 1000)];
    const layout = laid({ devices: 2, pasids: 3, processes });
    expect(layout?.sizes).toMatchObject({ mms: 6, streams: 6 });
    expect(layout?.sizes.dataFrames).toBeGreaterThanOrEqual(3 * 10 + 3 * 1000);
    const plan = { ...PLAN, processes };
    expect([0, 1, 2, 3].map((process) => scriptOf(plan, process)?.program)).toEqual([
      'one',
      'two',
      'one',
      'two',
    ]);
  });

  it('of recordings that touch more pages than there are does not exist', () => {
    expect(laid({ devices: 64, pasids: 1024, processes: [script('big', 32)] })).toBe(undefined);
  });
});
