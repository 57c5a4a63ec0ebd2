/**
 * Goal:   the machines of Linux 7.3 explain what a real Linux 7.3.4 was seen to do, and nothing that it wasn't.
 * Method: every capture there is, judged whole; the two captures of an exiting process, by both drivers.
 */
import { describe, expect, it } from 'vitest';

import { QUIRKS } from '../../../../src/actors/quirks.ts';
import { EXPECTED_CAPTURES } from '../capture/expected-captures.ts';
import { captureText } from '../capture/fixtures.ts';
import { judged } from './judging.ts';

/** A kernel with a trial fix: it isn't 7.3.4. */
const PATCHED = 'patched_process_exit.txt';

describe('a capture of a real kernel', () => {
  const files = EXPECTED_CAPTURES.map(({ file }) => file).filter((file) => file !== PATCHED);

  it.each(files)('%s is a behaviour of vtd@7.3', (file) => {
    const { firstRejected, limitedAt } = judged(captureText(file));
    expect({ firstRejected, limitedAt }).toEqual({
      firstRejected: undefined,
      limitedAt: undefined,
    });
  });
});

describe('an exit tells a driver that marks the entry from one that does not', () => {
  const plain = captureText('process_exit.txt');
  const patched = captureText(PATCHED);
  const others = QUIRKS.filter(
    ({ id, kind }) => kind === 'linux-7.3' && id !== 'fault-disable-not-marked',
  ).map(({ id }) => id);

  it('where 7.3 would not drain, a drain is rejected', () => {
    expect(judged(patched).firstRejected).toMatchObject({
      line: 30,
      event: 'invalidation.submitted',
      candidates: [{ actor: 'unbind-sva-of-process', sign: 'cache_tag_unassign iotlb' }],
    });
  });

  it.each([
    ['vtd', []],
    ['vtd', others],
  ])('%s with %s drains, and rejects an unbind that does not', (name, quirks) => {
    expect(judged(patched, name, quirks).firstRejected).toBeUndefined();
    const { line, event, candidates } = judged(plain, name, quirks).firstRejected ?? {};
    expect({ line, event }).toEqual({ line: 30, event: 'cache-tag.unassigned' });
    expect(candidates?.map(({ sign }) => sign)).toContain('inv_wait');
  });
});

describe('what cannot be known', () => {
  it('is said of a stretch in which events were lost', () => {
    const { losses, judged: compared, events } = judged(captureText('lost_events_trace_pipe.txt'));
    expect(losses).toBe(1);
    expect(compared).toBeLessThan(events);
  });

  it('is said of a tracepoint that was off', () => {
    const text = captureText('single_page.txt')
      .split('\n')
      .filter((line) => !line.includes('cache_tag_'))
      .join('\n');
    const { firstRejected, notes } = judged(text);
    expect(firstRejected).toBeUndefined();
    expect(notes).toEqual([
      'the trace has no cache_tag_assign or cache_tag_unassign: cache tags are not judged',
    ]);
  });
});
