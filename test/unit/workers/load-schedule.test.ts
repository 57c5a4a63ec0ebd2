/** Goal: groups are due at their rate and intend the moment they were due, however late the device looks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LoadSchedule } from '../../../src/workers/load-schedule.ts';

const START = 1000;

/** Every group due by `until`, as its intended start, for a device that looks when told. */
function issue(schedule: LoadSchedule, looks: readonly number[]): number[] {
  return looks.flatMap((now) =>
    Array.from({ length: schedule.due(now) }, () => schedule.intend(now)),
  );
}

describe('an open load', () => {
  it('intends evenly spaced starts, and offers none before its time', () => {
    const delays = fc.array(fc.double({ min: 0.2, max: 50, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), delays, (rate, steps) => {
        const schedule = new LoadSchedule({ rate, burst: undefined }, START);
        let now = START;
        let issued = 0;
        for (const step of steps) {
          now += step;
          const due = schedule.due(now);
          expect(issued + due).toBe(Math.floor(((now - START) * rate) / 1000));
          for (let left = Math.min(due, 50); left > 0; left -= 1) {
            const intended = schedule.intend(now);
            expect(intended).toBeCloseTo(START + (issued * 1000) / rate, 6);
            expect(intended).toBeLessThanOrEqual(now);
            issued += 1;
          }
        }
      }),
    );
  });

  it('looks at its schedule once a quantum, or sooner when a block is due', () => {
    const plan = { rate: 10_000, burst: undefined };
    const often = new LoadSchedule(plan, START);
    const seldom = new LoadSchedule({ ...plan, quantumMicroseconds: 2000 }, START);
    for (const schedule of [often, seldom]) issue(schedule, [START + 5]);
    expect([often.due(START + 6), seldom.due(START + 6)]).toEqual([10, 0]);
    expect(seldom.due(START + 7)).toBe(20);
    expect([often, seldom].map((each) => each.idleMilliseconds(START + 7, 20))).toEqual([0.1, 2]);
    const dense = new LoadSchedule({ ...plan, rate: 1_280_000, quantumMicroseconds: 2000 }, START);
    issue(dense, [START + 5]);
    expect(dense.due(START + 5.2)).toBe(256);
    expect(dense.idleMilliseconds(START + 5.2, 20)).toBe(0.2);
  });

  it('catches up after a pause with the starts that were intended', () => {
    const schedule = new LoadSchedule({ rate: 1000, burst: undefined }, START);
    expect(issue(schedule, [START + 2, START + 5])).toEqual([1000, 1001, 1002, 1003, 1004]);
  });

  it('does not wake a device for one group inside a quantum', () => {
    const schedule = new LoadSchedule({ rate: 20_000, burst: undefined }, START);
    expect(schedule.due(START + 1)).toBe(20);
    expect(schedule.due(START + 1.06)).toBe(0);
    expect(schedule.due(START + 1.2)).toBe(24);
    expect(schedule.idleMilliseconds(START + 1.2, 20)).toBe(0.1);
  });
});

describe('bursts', () => {
  const burst = { onMilliseconds: 10, offMilliseconds: 30 };

  it('offer the rate while they last and nothing between them', () => {
    const schedule = new LoadSchedule({ rate: 1000, burst }, START);
    const looks = Array.from({ length: 80 }, (_, millisecond) => START + millisecond + 1);
    const intended = issue(schedule, looks);
    expect(intended).toHaveLength(20);
    for (const start of intended) expect((start - START) % 40).toBeLessThan(10);
    expect(intended.slice(0, 3)).toEqual([1000, 1001, 1002]);
    expect(intended.slice(10, 12)).toEqual([1040, 1041]);
  });

  it('switch a saturated load on and off', () => {
    const schedule = new LoadSchedule({ rate: undefined, burst }, START);
    expect([0, 9.9, 10, 39.9, 40].map((offset) => schedule.due(START + offset) > 0)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(schedule.idleMilliseconds(START + 20, 20)).toBe(1);
  });
});

describe('a saturated load', () => {
  it('is always due and intends the moment it is issued', () => {
    const schedule = new LoadSchedule({ rate: undefined, burst: undefined }, START);
    expect(schedule.due(START)).toBe(Number.MAX_SAFE_INTEGER);
    expect(schedule.intend(START + 3)).toBe(START + 3);
    expect(schedule.idleMilliseconds(START, 20)).toBe(20);
  });
});
