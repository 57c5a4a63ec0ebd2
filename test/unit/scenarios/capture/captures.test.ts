/**
 * Goal:   every real capture is read exactly: nothing is missed, nothing invented, nothing misread.
 * Method: counts that were taken without the reader; and each event printed again must be the text it was read from.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importCapture } from '../../../../src/scenarios/capture/import-capture.ts';
import { EXPECTED_CAPTURES } from './expected-captures.ts';
import { capturePath, captureText, linesOf, readLines } from './fixtures.ts';
import { reprinted } from './reprint.ts';

const HOOKS = { signal: new AbortController().signal, progress: () => undefined };

test('every capture there is has its row', () => {
  const files = readdirSync(capturePath('')).sort();
  expect(EXPECTED_CAPTURES.map(({ file }) => file).sort()).toEqual(files);
});

describe.each(EXPECTED_CAPTURES)('$file', (expected) => {
  test('holds what was counted in it', async () => {
    const imported = await importCapture(capturePath(expected.file), undefined, HOOKS);
    if (!imported.ok) throw new Error(JSON.stringify(imported.error));
    const { reading, load } = imported.value;
    const count = (...kinds: string[]): number =>
      kinds.reduce((sum, kind) => sum + (reading.eventsByKind[kind] ?? 0), 0);
    expect({
      file: expected.file,
      lines: reading.lines,
      requests: load.groups.requests,
      writes: load.groups.writes,
      ...load.groups.answers,
      invalidations: count('invalidation.submitted'),
      assigned: count('cache-tag.assigned'),
      unassigned: count('cache-tag.unassigned'),
      flushed: count('cache-tag.flushed'),
      generic: count(
        ...['device.grouped', 'device.ungrouped', 'device.attached'],
        ...['range.mapped', 'range.unmapped'],
      ),
      probes: count('function.entered', 'function.returned'),
      marks: count('mark.written', 'thread.held', 'thread.released', 'handler.ran'),
      skipped: reading.skipped,
      lost: reading.lost,
      devices: load.devices.length,
      pasids: load.pasids,
    }).toEqual(expected);
    expect(reading).toMatchObject({ malformed: 0, brokenOff: undefined, interrupted: false });
    expect(count('page-request.reported')).toBe(load.groups.requests);
    const { complete, untraced, sizes, answers } = load.groups;
    expect(sizes.reduce((sum, share) => sum + share, 0)).toBe(complete);
    expect(answers.success + answers.invalid + answers.failure).toBeLessThanOrEqual(
      complete + untraced,
    );
  });

  test('reads back as it was printed', () => {
    const lines = linesOf(captureText(expected.file));
    const { events } = readLines(lines);
    for (const { line, fact } of events) {
      const again = reprinted(fact);
      if (again === undefined) continue;
      const text = lines[line - 1] ?? '';
      expect(text.endsWith(`: ${again}`), `${expected.file}:${line}\n${text}\n${again}`).toBe(true);
    }
    const clocks = events.filter(
      ({ seconds, ticks, fact }) =>
        fact.kind !== 'events.lost' && seconds === undefined && ticks === undefined,
    );
    expect(clocks).toEqual([]);
  });
});

test('a probe names its function, where it came from, and its values', () => {
  const { events } = readLines(linesOf(captureText('x_a_exit_unbind_ring.txt')));
  const probes = events.flatMap(({ fact }) =>
    fact.kind === 'function.entered' || fact.kind === 'function.returned' ? [fact] : [],
  );
  expect(probes.filter((probe) => probe.event.startsWith('teardown'))).toEqual([
    {
      kind: 'function.entered',
      event: 'teardown',
      function: 'intel_pasid_tear_down_entry',
      caller: undefined,
      values: { pasid: '1', fault_ignore: '1' },
    },
    {
      kind: 'function.returned',
      event: 'teardown_ret',
      function: 'intel_pasid_tear_down_entry',
      caller: 'intel_mm_release',
      values: {},
    },
    {
      kind: 'function.entered',
      event: 'teardown',
      function: 'intel_pasid_tear_down_entry',
      caller: undefined,
      values: { pasid: '1', fault_ignore: '0' },
    },
    {
      kind: 'function.returned',
      event: 'teardown_ret',
      function: 'intel_pasid_tear_down_entry',
      caller: 'blocking_domain_set_dev_pasid',
      values: {},
    },
  ]);
});

test('what the recorder lost stands where it was lost', () => {
  const losses = (file: string) =>
    readLines(linesOf(captureText(file))).events.flatMap(({ line, cpu, fact }) =>
      fact.kind === 'events.lost' ? [{ line, cpu, count: fact.count }] : [],
    );
  expect(losses('lost_events_trace_pipe.txt')).toEqual([
    { line: 1, cpu: 0, count: 341 },
    { line: 63, cpu: 1, count: 366 },
    { line: 125, cpu: 0, count: 602 },
    { line: 128, cpu: 1, count: 252 },
  ]);
  expect(losses('lost_events_trace.txt')).toEqual([{ line: 3, cpu: undefined, count: 582 }]);
});
