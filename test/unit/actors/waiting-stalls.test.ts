/**
 * Goal:   accesses that stall while the event queue is full are neither lost nor forgotten: a device has not stopped
 *         before software can see them, and one whose address space ends meanwhile is over without software.
 * Method: a storm in one thread, whose PRQ thread stands still until the queue is full.
 */
import { describe, expect, it } from 'vitest';

import { word } from '../../../src/core/words.ts';
import { controlWord } from '../../../src/workers/role.ts';
import { CONTROL } from '../../../src/workers/storm-layout.ts';
import { PLAN } from '../cli/fixture.ts';
import { type OneThreadStorm, oneThreadStorm } from './one-thread-storm.ts';

const RING = 4;
const CREDITS = 32;
const DEVICE_ONLY = { device: true, prq: false, resolver: false };
const plan = {
  ...PLAN,
  driver: 'smmuv3',
  devices: 1,
  pasids: 1,
  rate: undefined,
  durationSeconds: undefined,
  groups: 4 * CREDITS,
  creditsPerDevice: CREDITS,
  ringEntries: RING,
  writeShare: 0,
  rudeShare: 0,
};

/** Every credit is out, most of them behind a full queue. */
async function blocked(): Promise<OneThreadStorm> {
  const run = await oneThreadStorm(plan);
  run.offer(true);
  await run.rounds(20, DEVICE_ONLY);
  run.offer(false);
  // A step offers nothing unless half the credits are free.
  expect(run.counter('issued')).toBeGreaterThan(RING);
  expect(run.counter('groups')).toBe(0);
  return run;
}

describe('stalls behind a full event queue', () => {
  it('are all answered once there is room again, and were no overflow', async () => {
    const { until, counter } = await blocked();
    const issued = counter('issued');
    await until(() => counter('groups') === issued);
    expect([counter('success'), counter('autoResponses')]).toEqual([issued, 0]);
  });

  it('keep their device from having stopped', async () => {
    const { storm, rounds } = await blocked();
    const { control } = storm.memory;
    const acknowledged = (): number => word(control, controlWord(CONTROL.stopAcknowledged));
    const stop = storm.unit.stopsAcknowledged();
    await rounds(20, DEVICE_ONLY);
    const before = acknowledged();
    await rounds(200);
    await stop;
    expect([before, acknowledged()]).toEqual([0, 1]);
  });

  it('end without software when their address space has', async () => {
    const { storm, rounds, during, counter } = await blocked();
    const issued = counter('issued');
    const exit = storm.fleet.kill(0);
    // The release needs the SMMU only; what waits finds it done.
    await rounds(20, DEVICE_ONLY);
    await during(exit);
    expect(counter('groups')).toBe(issued);
    expect(counter('autoResponses')).toBe(issued - RING);
    expect(counter('invalid')).toBe(issued);
    expect([counter('duplicated'), counter('ghosts'), storm.unit.breaches]).toEqual([0, 0, []]);
  });
});
