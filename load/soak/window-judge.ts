/**
 * Window judge: whether the first events of a storm are a behaviour of the model, as `validate` would say it.
 */
import { driverWith } from '../../src/actors/drivers.ts';
import { invariant } from '../../src/core/invariant.ts';
import { recordingHeader, stormRecordingText } from '../../src/scenarios/storm-recording.ts';
import { eventsIn } from '../../src/scenarios/validate/read-trace.ts';
import { judgeTrace } from '../../src/scenarios/validate/trace-judge.ts';
import type { RecordedEvent } from '../../src/workers/event-recording.ts';
import type { StormPlan } from '../../src/workers/storm-plan.ts';

/** What the model can't do; undefined: nothing, as far as the search went. */
export function judgedWindow(
  plan: StormPlan,
  events: readonly RecordedEvent[],
): string | undefined {
  const driver = driverWith(plan.driver, plan.quirks);
  invariant(driver.ok, `no driver ${plan.driver}`);
  const header = recordingHeader(plan, events);
  const trace = eventsIn(stormRecordingText(header, events));
  const origin = { isStorm: true, isComplete: header.complete };
  const { firstRejected } = judgeTrace(driver.value, trace, origin);
  return (
    firstRejected && `no behaviour of the model: ${JSON.stringify(firstRejected).slice(0, 500)}`
  );
}
