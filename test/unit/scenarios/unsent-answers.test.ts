/** Goal: an answer that a dead resolver recorded and never sent is told from one that was, however many died. */
import { expect, it } from 'vitest';

import { unsentAnswers } from '../../../src/scenarios/unsent-answers.ts';
import { EVENT } from '../../../src/workers/event-log.ts';
import type { RecordedEvent } from '../../../src/workers/event-recording.ts';

const answered = (id: number): RecordedEvent => ({
  ...{ thread: 4, event: EVENT.resolved },
  words: [0, 1, id, 0, 0, 0],
});
const tookOver: RecordedEvent = { thread: 4, event: EVENT.resumed, words: [0, 0, 0, 0, 0, 0] };

it.each([
  ['a successor answers again', [answered(1), answered(2), tookOver, answered(2)], [1]],
  ['the successor died before it came to it', [answered(1), tookOver, tookOver, answered(1)], [0]],
  ['each of two died with it', [answered(1), tookOver, answered(1), tookOver, answered(1)], [0, 2]],
  ['nobody died', [answered(1), answered(2)], []],
])('%s', (_, events, unsent) => {
  expect([...unsentAnswers(events)]).toEqual(unsent);
});
