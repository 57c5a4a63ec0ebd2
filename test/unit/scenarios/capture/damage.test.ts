/**
 * Goal:   damage stays where it is: a byte changed, lost or added, or an end cut off, costs its own line at most.
 * Method: the captures themselves, hurt at random; fast-check prints the seed and the smallest hurt that shows it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureEvent } from '../../../../src/scenarios/capture/capture-event.ts';
import { EXPECTED_CAPTURES } from './expected-captures.ts';
import { captureText, linesOf, readLines } from './fixtures.ts';

const RUNS = { numRuns: 400 };
/** All but the long one, whose lines are like the others'. */
const TEXTS = EXPECTED_CAPTURES.filter(({ lines }) => lines < 400).map(({ file }) =>
  captureText(file),
);

const facts = (events: readonly CaptureEvent[]): string[] =>
  events.map(({ line: _, ...rest }) => JSON.stringify(rest));

/** The events of a text's lines, each by itself: what other lines are cannot matter. */
const alone = (text: string): string[] =>
  linesOf(text).flatMap((line) => facts(readLines([line]).events));

const place = fc.record({
  text: fc.constantFrom(...TEXTS),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const spot = (text: string, at: number): number => Math.floor(at * text.length);

/** Whole lines before and behind the hurt one. */
function unhurt(text: string, from: number, to: number): readonly [string, string] {
  const before = text.slice(0, text.lastIndexOf('\n', from - 1) + 1);
  const end = text.indexOf('\n', to);
  return [before, end < 0 ? '' : text.slice(end + 1)];
}

function expectUnhurt(hurt: string, before: string, behind: string): void {
  const { events, tally } = readLines(linesOf(hurt));
  const all = facts(events);
  const first = alone(before);
  const last = alone(behind);
  expect(all.slice(0, first.length)).toEqual(first);
  expect(all.slice(all.length - last.length)).toEqual(last);
  expect(all.length).toBeLessThanOrEqual(first.length + last.length + 2);
  expect(tally.lines).toBe(linesOf(hurt).length);
}

describe('a capture', () => {
  test('with a byte changed loses nothing of any other line', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 255 }), ({ text, at }, byte) => {
        const index = spot(text, at);
        const hurt = text.slice(0, index) + String.fromCharCode(byte) + text.slice(index + 1);
        expectUnhurt(hurt, ...unhurt(text, index, text[index] === '\n' ? index + 1 : index));
      }),
      RUNS,
    );
  });

  test('with bytes missing loses nothing of any other line', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 300 }), ({ text, at }, length) => {
        const index = spot(text, at);
        const end = Math.min(text.length, index + length);
        expectUnhurt(text.slice(0, index) + text.slice(end), ...unhurt(text, index, end));
      }),
      RUNS,
    );
  });

  test('with bytes of any kind in it loses nothing of any other line', () => {
    fc.assert(
      fc.property(place, fc.uint8Array({ maxLength: 200 }), ({ text, at }, bytes) => {
        const index = spot(text, at);
        const stuffing = Buffer.from(bytes).toString('latin1').replaceAll('\n', ' ');
        const hurt = text.slice(0, index) + stuffing + text.slice(index);
        expectUnhurt(hurt, ...unhurt(text, index, index));
      }),
      RUNS,
    );
  });

  test('cut off anywhere keeps every whole line', () => {
    fc.assert(
      fc.property(place, ({ text, at }) => {
        const index = spot(text, at);
        expectUnhurt(
          text.slice(0, index),
          text.slice(0, text.lastIndexOf('\n', index - 1) + 1),
          '',
        );
      }),
      RUNS,
    );
  });

  test('whose line end is lost counts both lines as one that does not read', () => {
    const lines = linesOf(captureText('single_page.txt'));
    const [first = '', second = ''] = lines.slice(12, 14);
    const { events, tally } = readLines([first + second]);
    expect(events).toEqual([]);
    expect(tally).toMatchObject({ events: 0, malformed: 1 });
  });
});

test('a damaged payload of ours is told with its line, and no other event takes its place', () => {
  const prefix = '  fmt-71      [001] d..1.    13.589117: ';
  const bad = [
    'qi_submit: page_grp_resp dmar0: 0x100280019 0x18 0x0',
    'qi_submit: pc_inv dmar0: 0x100280019 0x18 0x0 0x0', // the name of another type
    'qi_submit: page_grp_resp dmar0: 0x10028001900000000 0x18 0x0 0x0',
    'prq_report: dmar0/0000:00:05.0 seq# 1: rid=0x10028 addr=0x1 rw--l pasid=0x1 index=0x3',
    'prq_report: dmar0/0000:00:05.0 seq# 1: rid=0x28 addr=0x1 rw--l pasid=0x100000 index=0x3',
    'prq_report: dmar0/0000:00:05.0 seq# 1: rid=0x28 addr=0x1 rw--l pasid=0x1 index=0x200',
    'prq_report: dmar0/0000:00:05.0 seq# 1: rid=0x28 addr=0x1 rw-l pasid=0x1 index=0x2',
    'cache_tag_assign: dmar0/dmar0 type iotbl did 1 pasid 1 ref 1',
    'cache_tag_assign: dmar0/dmar0 type iotlb did 65536 pasid 1 ref 1',
    'cache_tag_flush_range: dmar0 dmar0[1] type iotlb did 1 [0x2000-0x1fff] addr 0x1000 mask 0x0',
    'map: IOMMU: iova=0x0000000000001000 - 0x0000000000002000 paddr=0x0000000000003000 size=8192',
    'map: IOMMU: iova=0x0000000000001001 - 0x0000000000002001 paddr=0x0000000000003000 size=4096',
    'attach_device_to_domain: IOMMU: device=',
    'drain: (intel_iommu_drain_pasid_prq+0x4/0x810 dev=0xff',
  ];
  const { events, tally } = readLines(bad.map((payload) => prefix + payload));
  expect(events).toEqual([]);
  expect(tally).toMatchObject({ malformed: bad.length, skipped: 0 });
  expect(tally.malformedLines).toHaveLength(5);
  expect(tally.malformedLines[0]).toEqual({
    line: 1,
    why: '"qi_submit" does not read',
    text: prefix + bad[0],
  });
});
