/**
 * Goal:   what a driver explains and ought not to do is said, with the event where it shows; what a driver ought to do
 *         and does not is rejected.
 * Method: stories of one stall and the unbind beside it, told in the marks of a storm on SMMUv3.
 */
import { describe, expect, it } from 'vitest';

import { driverWith } from '../../../../src/actors/drivers.ts';
import { ObserverPool } from '../../../../src/scenarios/validate/observer-pool.ts';
import { eventsIn } from '../../../../src/scenarios/validate/read-trace.ts';
import { judgeTrace } from '../../../../src/scenarios/validate/trace-judge.ts';

const PLACE = 'smmu0/0000:01:00.0';
/** Of stream 0x100: the context descriptor of SSID 1, everything of ASID 1, stall tag 0. */
const CFGI_CD = '0x10000001005 0x1';
const TLBI_NH_ASID = '0x1000000000011 0x0';
const RETRY = '0x10000001044 0x0';
const ABORT = '0x10000002044 0x0';

type Line = readonly [thread: string, text: string];
const process = (text: string): Line => ['process-1026', text];
const command = (words: string): string => `smmu_command smmu0: ${words}`;
const report: Line = [
  'irq/1-smmu0-evt-3',
  `evtq ${PLACE} seq# 0: 0x10000001810 0x880000000 0x40000000000 0x0`,
];
const BOUND: readonly Line[] = [
  process(`listed ${PLACE} pasid 1 asid 1`),
  process(command(CFGI_CD)),
  process(`attached ${PLACE} PASID 1`),
];
const EMPTIED: readonly Line[] = [process(command(CFGI_CD)), process(command(TLBI_NH_ASID))];
const UNBOUND: readonly Line[] = [
  process(`unlisted ${PLACE} pasid 1 asid 1`),
  process(`detached ${PLACE} PASID 1`),
];
const worker = (words: string): Line => ['kworker/u8:0-20', command(words)];
const removal = (words: string): Line => ['irq/1-smmu0-evt-3', command(words)];

function judged(name: string, story: readonly Line[]) {
  const driver = driverWith(name, []);
  if (!driver.ok) throw new Error(`there is no driver ${name}`);
  const text = story
    .map(
      ([thread, said], at) =>
        `${thread} [000] ..... ${at + 1}: tracing_mark_write: stormdrain ${said}`,
    )
    .join('\n');
  const origin = { isStorm: true, isComplete: false };
  const pool = new ObserverPool(driver.value);
  const { firstRejected, broken } = judgeTrace(driver.value, eventsIn(text), origin, pool);
  return {
    rejectedAt: firstRejected?.line,
    broken: broken.map(({ property, certainty, line }) => `${certainty} ${property} at ${line}`),
  };
}

describe('a group that was reported before an unbind', () => {
  const answered = [...BOUND, report, worker(RETRY), ...EMPTIED, ...UNBOUND];
  const inFlight = [...BOUND, report, ...EMPTIED, ...UNBOUND, worker(RETRY)];
  const freed = [...BOUND, report, ...EMPTIED, removal(ABORT), ...UNBOUND, worker(RETRY)];

  it.each(['smmuv3', 'smmuv3@7.3'])('may be answered before it, by %s', (driver) => {
    expect(judged(driver, answered)).toEqual({ rejectedAt: undefined, broken: [] });
  });

  it('is in flight when the unbind of 7.3 has returned', () => {
    expect(judged('smmuv3@7.3', inFlight)).toEqual({
      rejectedAt: undefined,
      broken: ['breaks S6 at 8'],
    });
  });

  it('is answered and freed by the removal of the device, and once more by its worker, in 7.3', () => {
    expect(judged('smmuv3@7.3', freed)).toEqual({
      rejectedAt: undefined,
      broken: ['breaks S8 at 7', 'breaks S1 at 10'],
    });
  });

  it.each([
    // Where its list goes on behind the drain; until then it may be a release.
    ['in flight', inFlight, 7],
    ['freed under its worker', freed, 7],
  ])('is not %s where the driver drains', (_, story, line) => {
    expect(judged('smmuv3', story).rejectedAt).toBe(line);
  });
});
