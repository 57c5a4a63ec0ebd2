/** Recorded storms for the tests: the window of a storm, read as the text it would be written as, and judged. */
import { expect } from 'vitest';

import { driverWith } from '../../src/actors/drivers.ts';
import { recordingHeader, stormRecordingText } from '../../src/scenarios/storm-recording.ts';
import { ObserverPool } from '../../src/scenarios/validate/observer-pool.ts';
import { eventsIn } from '../../src/scenarios/validate/read-trace.ts';
import { judgeTrace } from '../../src/scenarios/validate/trace-judge.ts';
import type { RecordedEvent } from '../../src/workers/event-recording.ts';
import type { StormPlan } from '../../src/workers/storm-plan.ts';

/** Enough for a thousand groups, and little enough to be judged beside every storm. */
export const WINDOW_EVENTS = 4096;

const pools = new Map<string, ObserverPool>();

/** Fails unless the machines of the storm's own driver explain every event. */
export function expectExplained(
  plan: StormPlan,
  events: readonly RecordedEvent[],
  replay: string,
): void {
  const driver = driverWith(plan.driver, plan.quirks);
  if (!driver.ok) throw new Error(`no driver ${plan.driver}`);
  const key = [plan.driver, ...plan.quirks].join(' ');
  const pool = pools.get(key) ?? new ObserverPool(driver.value);
  pools.set(key, pool);
  const header = recordingHeader(plan, events);
  const trace = eventsIn(stormRecordingText(header, events));
  const origin = { isStorm: true, isComplete: header.complete };
  const judgement = judgeTrace(driver.value, trace, origin, pool);
  expect(judgement, `the model does not explain the storm; ${replay}`).toMatchObject({
    firstRejected: undefined,
    limitedAt: undefined,
  });
}
