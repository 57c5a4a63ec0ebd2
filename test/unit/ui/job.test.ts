/** A job: one at a time, heard from the beginning by whoever comes, stopped when nobody listens any more. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { jobOf } from '../../../src/ui/job.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Tells its order, and ends when it is stopped or let go. */
function endless() {
  const letGo: (() => void)[] = [];
  const job = jobOf<string>(async (order, tell, signal) => {
    tell(`began ${order}`);
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
      letGo.push(resolve);
    });
    tell(signal.aborted ? 'stopped' : 'ended');
  }, 1000);
  const heard: unknown[] = [];
  return { job, heard, hear: (event: unknown) => heard.push(event), letGo: () => letGo.at(-1)?.() };
}

describe('a job', () => {
  test('is one at a time, and can be begun again', async () => {
    const { job, heard, hear, letGo } = endless();
    job.listen(hear);
    expect(job.start('a')).toBe(true);
    expect(job.start('b')).toBe(false);
    letGo();
    await job.ended();
    expect(job.isRunning()).toBe(false);
    expect(job.start('c')).toBe(true);
    job.stop();
    await job.ended();
    expect(heard).toEqual(['began a', 'ended', 'began c', 'stopped']);
  });

  test('tells who comes late everything from the beginning', async () => {
    const { job, heard, hear, letGo } = endless();
    job.start('a');
    letGo();
    await job.ended();
    job.listen(hear);
    expect(heard).toEqual(['began a', 'ended']);
  });

  test('is stopped a moment after the last listener left', async () => {
    const { job, heard, hear } = endless();
    const leave = job.listen(hear);
    const leaveToo = job.listen(() => {});
    job.start('a');
    leaveToo();
    await vi.advanceTimersByTimeAsync(5000);
    expect(job.isRunning()).toBe(true);
    leave();
    await vi.advanceTimersByTimeAsync(900);
    expect(job.isRunning()).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(job.isRunning()).toBe(false);
    expect(heard).toEqual(['began a']);
  });

  test('goes on when a page that is loaded again comes back', async () => {
    const { job, hear } = endless();
    job.start('a');
    job.listen(hear)();
    await vi.advanceTimersByTimeAsync(900);
    job.listen(hear);
    await vi.advanceTimersByTimeAsync(5000);
    expect(job.isRunning()).toBe(true);
    job.stop();
  });

  test('that nobody ever listens to is stopped', async () => {
    const { job } = endless();
    job.start('a');
    await vi.advanceTimersByTimeAsync(1100);
    expect(job.isRunning()).toBe(false);
  });
});
