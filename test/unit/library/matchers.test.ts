/**
 * The matchers say what an exploration found, in columns, and keep the race as a trace that can be taken again.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from 'stormdrain';
import 'stormdrain/testing';
import { afterAll, expect, it } from 'vitest';

import { detachUnderFault, safe, unsafe } from '../../../examples/drivers.ts';

const traces = join(mkdtempSync(join(tmpdir(), 'matchers-')), 'traces');
afterAll(() => rmSync(join(traces, '..'), { recursive: true }));

it('a scenario holds with a safe driver, and not with an unsafe one', async () => {
  await expect(detachUnderFault).toHoldUnderAllInterleavings({ driver: safe });
  await expect(detachUnderFault).not.toHoldUnderAllInterleavings({ driver: unsafe, traces });
  await expect(detachUnderFault).toViolate('S8', { driver: unsafe, traces });
  await expect(detachUnderFault).not.toViolate('S6', { driver: unsafe, traces });
});

it('the failure is the race in columns, and names the trace that was kept', async () => {
  const failing = expect(detachUnderFault).toHoldUnderAllInterleavings({ driver: unsafe, traces });
  const message = await failing.then(
    () => 'it held',
    (error: Error) => error.message,
  );
  const file = join(traces, 'detach-under-fault.unsafe.trace.json');
  const [first, , titles] = message.split('\n');
  expect(first).toBe(
    'detach-under-fault with driver unsafe violates S8 after 29 steps: no access to a freed group',
  );
  expect(titles).toMatch(/^detach +PRQ thread +worker +device +hardware$/);
  expect(message).toContain('flush-workqueue:');
  expect(message).toContain(`trace: ${file}`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ driver: 'unsafe' });
  const again = await replay(file, { scenarios: [detachUnderFault], drivers: [unsafe] });
  expect(again).toMatchObject({ matched: true, violation: { property: 'S8' } });
});

it('what is not known neither holds nor fails to', async () => {
  const limited = { driver: safe, maxStates: 10 };
  const sentence = 'is not known: ended by the limit of states';
  await expect(expect(detachUnderFault).toHoldUnderAllInterleavings(limited)).rejects.toThrow(
    sentence,
  );
  await expect(expect(detachUnderFault).not.toHoldUnderAllInterleavings(limited)).rejects.toThrow(
    sentence,
  );
});

it('a failure of the other kind says what was found instead', async () => {
  await expect(expect(detachUnderFault).toViolate('S8', { driver: safe })).rejects.toThrow(
    'S8 is not violated: detach-under-fault with driver safe holds: nothing is violated in any of 674 states',
  );
});
