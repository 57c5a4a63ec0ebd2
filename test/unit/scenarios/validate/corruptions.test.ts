/**
 * Goal:   a record that was tampered with is rejected, at the event that nothing explains any more.
 * Method: every line of a kind in a capture, damaged in turn, and the whole judged; what the kernel itself may do
 *         is accepted.
 */
import { describe, expect, it } from 'vitest';

import { captureText } from '../capture/fixtures.ts';
import { judged } from './judging.ts';

type Damage = (lines: readonly string[], at: number) => readonly string[];

const removed: Damage = (lines, at) => lines.toSpliced(at, 1);
const doubled: Damage = (lines, at) => lines.toSpliced(at + 1, 0, lines[at] ?? '');
const changed =
  (from: RegExp, to: string): Damage =>
  (lines, at) =>
    lines.with(at, (lines[at] ?? '').replace(from, to));

/** To just before the line that holds the text, which comes earlier. */
const movedBefore =
  (text: string): Damage =>
  (lines, at) => {
    const to = lines.findIndex((line) => line.includes(text));
    return lines.toSpliced(at, 1).toSpliced(to, 0, lines[at] ?? '');
  };

/** Where the trace is rejected when the lines that hold `text` are damaged, each in turn. */
function rejections(file: string, text: string, damage: Damage) {
  const lines = captureText(file).split('\n');
  const places = lines.flatMap((line, at) => (line.includes(text) ? [at] : []));
  expect(places.length, `${file} has no ${text}`).toBeGreaterThan(0);
  return places.map((at) => {
    const { firstRejected } = judged(damage(lines, at).join('\n'));
    return [at + 1, firstRejected?.line];
  });
}

describe('an answer', () => {
  it('that is missing is missed by the drain that waits for it', () => {
    expect(rejections('single_page.txt', 'page_grp_resp', removed)).toEqual([
      [20, 31],
      [22, 31],
      [28, 31],
    ]);
    const ofDrainBehind = rejections('two_devices.txt', 'page_grp_resp', removed);
    expect(ofDrainBehind.every(([, line]) => line === 51)).toBe(true);
  });

  it('that comes twice has no request the second time', () => {
    for (const [at, line] of rejections('group_of_four.txt', 'page_grp_resp', doubled)) {
      expect(line).toBe((at ?? 0) + 1);
    }
  });

  it('cannot come before the request before its own was reported', () => {
    // Before line 23 it may: the report behind it is traced when it has returned.
    const before = rejections('single_page.txt', ' 0x30 0x0 0x0', movedBefore('index=0x5'));
    expect(before).toEqual([[28, 21]]);
    const own = rejections('single_page.txt', ' 0x30 0x0 0x0', movedBefore('index=0x6'));
    expect(own).toEqual([[28, undefined]]);
  });

  it('is never Response Failure of a worker, and may be INVALID', () => {
    const failure = changed(/0x100280019/, '0x100282019');
    for (const [at, line] of rejections('single_page.txt', '0x100280019', failure)) {
      expect(line).toBe(at);
    }
    const invalid = changed(/0x100280019/, '0x100281019');
    for (const [, line] of rejections('single_page.txt', '0x100280019', invalid)) {
      expect(line).toBeUndefined();
    }
  });

  it('of a PASID that asked for nothing leaves the one that did without', () => {
    const other = changed(/0x100280019/, '0x500280019');
    for (const [, line] of rejections('group_of_four.txt', '0x100280019', other)) {
      expect(line).toBeDefined();
    }
  });
});

describe('a request', () => {
  it('that was not traced is missed by the numbers, or by its answer', () => {
    for (const [at, line] of rejections('group_of_four.txt', 'prq_report', removed)) {
      // The first one of a trace may have been before it; its group has more.
      if (at === 15) continue;
      expect(line, `line ${at}`).toBeDefined();
    }
  });

  it('that the driver refuses is never reported', () => {
    const refused = changed(/ rw--l /, ' r-x-l ');
    for (const [at, line] of rejections('single_page.txt', ' rw--l ', refused)) {
      expect(line).toBeLessThanOrEqual(at ?? 0);
    }
  });
});

describe('a teardown', () => {
  it.each(['pc_inv', '0x100010026', '0x7ffffffffffff800', 'inv_wait', '0x100040026'])(
    'without its %s is not the list of the driver',
    (text) => {
      for (const [at, line] of rejections('single_page.txt', text, removed)) {
        expect(Math.abs((line ?? 0) - (at ?? 0)), `line ${at}`).toBeLessThanOrEqual(2);
      }
    },
  );

  it('in another order is not either', () => {
    const swapped: Damage = (lines, at) =>
      lines.with(at, lines[at + 1] ?? '').with(at + 1, lines[at] ?? '');
    expect(rejections('single_page.txt', 'pc_inv', swapped)).toEqual([[29, 29]]);
    expect(rejections('single_page.txt', 'inv_wait', swapped)).toEqual([[32, 32]]);
  });

  it('names the domain that is attached', () => {
    const other = changed(/0x100010017/, '0x100020017');
    expect(rejections('process_exit.txt', '0x100010017', other)).toEqual([[27, 27]]);
  });
});

describe('a flush', () => {
  it('goes to every tag of its domain, and submits what each needs', () => {
    const ofTags = rejections('two_devices.txt', 'cache_tag_flush_range', removed);
    expect(ofTags.every(([, line]) => line !== undefined)).toBe(true);
    const ofDescriptors = rejections('two_devices.txt', '0x7f204741f800', removed);
    expect(ofDescriptors.every(([, line]) => line !== undefined)).toBe(true);
  });

  it('that nobody named is rejected', () => {
    const stray = changed(/0x7ffe2fd22000 0x0 0x0/, '0x7ffe2fd23000 0x0 0x0');
    const found = rejections('single_page.txt', 'p_dev_tlb_inv dmar0: 0x100280008 0x7ffe', stray);
    expect(found).toEqual([[18, 18]]);
  });
});

describe('a cache tag', () => {
  it('has as many users as were counted', () => {
    const more = changed(/pasid 2 ref 2/, 'pasid 2 ref 3');
    for (const [at, line] of rejections('two_devices.txt', 'pasid 2 ref 2', more)) {
      expect(line).toBe(at);
    }
  });
});
