import { expect, test } from 'vitest';
import { progressLine, stormProgressText } from '../../../src/cli/progress.ts';
import type { StormProgress } from '../../../src/workers/storm-plan.ts';
import { recorded } from './fixture.ts';

const PROGRESS: StormProgress = {
  elapsedSeconds: 2.04,
  groups: 100_000,
  groupsPerSecond: 49_812.4,
  inFlight: 37,
  overflows: 2,
  attaches: 10,
  detaches: 1200,
  exits: 5,
  workerBusy: 0.834,
  violations: 0,
};

/** What is written when progress is told every 50 ms for as long as given. */
function progressOf(milliseconds: number, isTerminal: boolean, columns = 80, violations = 0) {
  const { output, text } = recorded(isTerminal, columns);
  let clock = 1000;
  const line = progressLine(output, () => clock, stormProgressText);
  for (; clock < 1000 + milliseconds; clock += 50) line.update({ ...PROGRESS, violations });
  line.end();
  return text();
}

test('a terminal has one line rewritten five times a second and wiped at the end', () => {
  const shown =
    '2.0 s  49,812 groups/s  in flight 37  overflows 2  detaches 1,200  exits 5  workers 83 %';
  expect(progressOf(1000, true, 200)).toBe(`${`\r\u001b[K${shown}`.repeat(5)}\r\u001b[K`);
});

test('a line never wraps', () => {
  expect(progressOf(50, true, 20)).toBe('\r\u001b[K2.0 s  49,812 group\r\u001b[K');
});

test('elsewhere a plain line is written every five seconds, and none in a short storm', () => {
  expect(progressOf(4900, false)).toBe('');
  expect(progressOf(11_000, false, 80, 1)).toMatchInlineSnapshot(`
    "2.0 s  49,812 groups/s  in flight 37  overflows 2  detaches 1,200  exits 5  workers 83 %  VIOLATIONS 1
    2.0 s  49,812 groups/s  in flight 37  overflows 2  detaches 1,200  exits 5  workers 83 %  VIOLATIONS 1
    "
  `);
});
