/**
 * Goal:   a drain that looks for its requests in the queue ends, whatever the unit and its thread do between its looks
 *         at head and tail.
 * Method: requests come in and are all read just after the first look, which has to be the one at the head: from a
 *         head that has passed the tail it would go all the way round, four thousand million entries.
 */
import { afterEach, expect, it, vi } from 'vitest';

import { pageRequestLog } from '../../../src/hw/amd/page-request-log.ts';
import { pageRequestRing } from '../../../src/hw/vtd/page-request-ring.ts';
import { PLAN } from '../cli/fixture.ts';
import { type OneThreadStorm, oneThreadStorm } from './one-thread-storm.ts';

const REQUESTS = 3;
const load = Atomics.load.bind(Atomics);
type Look = (at: number) => void;

/** Tells `look` of every word that is read. */
function spied(look: Look): void {
  vi.spyOn(Atomics, 'load').mockImplementation(((words: Int32Array, at: number) => {
    const seen = load(words, at);
    look(at);
    return seen;
  }) as typeof Atomics.load); // of the words that queues are made of
}

type Queue = { readonly head: () => number; readonly pass: () => void };

function vtd({ memory }: OneThreadStorm['storm']): Queue {
  const ring = pageRequestRing(memory.ring, 0, memory.sizes.ringEntries);
  const pass = (): void => {
    ring.publish(REQUESTS);
    ring.advance(ring.tail());
  };
  return { head: () => ring.head(), pass };
}

function amd({ memory }: OneThreadStorm['storm']): Queue {
  const log = pageRequestLog(memory.ring, 0, memory.sizes.ringEntries);
  const pass = (): void => {
    log.publish(REQUESTS);
    for (let left = REQUESTS; left > 0; left -= 1) log.retire();
  };
  return { head: () => log.head(), pass };
}

afterEach(() => void vi.restoreAllMocks());

it.each([
  ['vtd', vtd],
  ['amd', amd],
] as const)('the head is looked at before the tail: %s', async (driver, queueOf) => {
  const plan = { ...PLAN, driver, devices: 1, pasids: 1, writeShare: 0, rudeShare: 0 };
  const { storm } = await oneThreadStorm(plan);
  const queue = queueOf(storm);
  let headAt = -1;
  spied((at) => {
    headAt = at;
  });
  const before = queue.head();
  vi.restoreAllMocks();

  let looks = 0;
  spied((at) => {
    looks += 1;
    if (looks > 1) return;
    expect(at).toBe(headAt);
    queue.pass();
  });
  expect(storm.unit.hardware.holdsRequest(0, 9)).toBe(false);
  vi.restoreAllMocks();
  expect(queue.head()).toBe(before + REQUESTS);
});
