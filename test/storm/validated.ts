/** Recorded storms for the tests: the window of a storm, read as the text it would be written as, and judged. */
import { expect } from 'vitest';

import { driverWith } from '../../src/actors/drivers.ts';
import { recordingHeader, stormRecordingText } from '../../src/scenarios/storm-recording.ts';
import type { Judgement, Rejection } from '../../src/scenarios/validate/judgement.ts';
import { ObserverPool } from '../../src/scenarios/validate/observer-pool.ts';
import { eventsIn } from '../../src/scenarios/validate/read-trace.ts';
import { judgeTrace } from '../../src/scenarios/validate/trace-judge.ts';
import type { RecordedEvent } from '../../src/workers/event-recording.ts';
import type { StormPlan } from '../../src/workers/storm-plan.ts';

const LINES_SHOWN = 16;

/** Enough for a thousand groups, and little enough to be judged beside every storm. */
export const WINDOW_EVENTS = 4096;

const pools = new Map<string, ObserverPool>();

/** A storm's recording as it would be written. */
export const recordedText = (plan: StormPlan, events: readonly RecordedEvent[]): string =>
  stormRecordingText(recordingHeader(plan, events), events);

/** The text, judged by the machines of a driver; what was found of them is kept between storms. */
export function judgedText(
  { driver: name, quirks }: Pick<StormPlan, 'driver' | 'quirks'>,
  text: string,
  isComplete: boolean,
): Judgement {
  const driver = driverWith(name, quirks);
  if (!driver.ok) throw new Error(`no driver ${name}`);
  const key = [name, ...quirks].join(' ');
  const pool = pools.get(key) ?? new ObserverPool(driver.value);
  pools.set(key, pool);
  return judgeTrace(driver.value, eventsIn(text), { isStorm: true, isComplete }, pool);
}

/** Fails unless the machines of the storm's own driver explain every event. */
export function expectExplained(
  plan: StormPlan,
  events: readonly RecordedEvent[],
  replay: string,
): void {
  const { complete } = recordingHeader(plan, events);
  const text = recordedText(plan, events);
  const judgement = judgedText(plan, text, complete);
  const before = linesBefore(text, judgement.firstRejected);
  const message = ['the model does not explain the storm', replay, ...before].join('\n');
  expect(judgement, message).toMatchObject({ firstRejected: undefined, limitedAt: undefined });
}

/** Whatever led to a rejection, as far as it names the same index: of an answer, its requests and answers. */
function linesBefore(text: string, rejection: Rejection | undefined): readonly string[] {
  if (rejection === undefined) return [];
  const lines = text.split('\n').slice(0, rejection.line);
  const facts = eventsIn(lines.join('\n'));
  const last = facts.at(-1)?.fact;
  const alike = facts.filter(
    ({ fact }) =>
      last !== undefined &&
      'rid' in last &&
      'rid' in fact &&
      fact.rid === last.rid &&
      fact.index === last.index,
  );
  const shown = alike.length === 0 ? facts : alike;
  const led = shown.slice(-LINES_SHOWN).map(({ line }) => `${line}: ${lines[line - 1] ?? ''}`);
  return [`line ${rejection.line}: ${rejection.why}`, ...led];
}
