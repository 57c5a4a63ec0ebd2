/**
 * Goal:   the load of a capture is what was in it: groups, their answers, their pace, who asked.
 * Method: short stories of events with the counts worked out by hand; arrivals drawn from known patterns.
 */
import { describe, expect, test } from 'vitest';
import { prng } from '../../../../src/core/prng.ts';
import { Arrivals } from '../../../../src/scenarios/capture/arrivals.ts';
import { LoadKeeper } from '../../../../src/scenarios/capture/capture-load.ts';
import { profileOf, profileText } from '../../../../src/scenarios/capture/capture-profile.ts';
import { parseStormProfile } from '../../../../src/scenarios/storm-profile-file.ts';
import { captureText, linesOf, readLines } from './fixtures.ts';

const KNOWN = { drivers: ['vtd'], quirks: [] };

let clock = 0;

/** A line of the PRQ thread or a worker, a millisecond after the last. */
function line(text: string): string {
  clock += 1;
  return `  task-1  [000] .....  1.${String(clock).padStart(3, '0')}000: ${text}`;
}
let sequence = 0;

function request(index: number, last: boolean, pasid = 1, rid = 0x28): string {
  sequence += 1;
  const access = `rw--${last ? 'l' : '-'}`;
  const source = `rid=0x${rid.toString(16)} addr=0x7f000 ${access}`;
  return line(
    `prq_report: dmar0/0000:00:05.0 seq# ${sequence}: ${source} pasid=0x${pasid.toString(16)} index=0x${index.toString(16)}`,
  );
}

function answer(index: number, code = 0, pasid = 1, rid = 0x28): string {
  const qw0 = 0x19n | (BigInt(code) << 12n) | (BigInt(rid) << 16n) | (BigInt(pasid) << 32n);
  return line(
    `qi_submit: page_grp_resp dmar0: 0x${qw0.toString(16)} 0x${(index << 3).toString(16)} 0x0 0x0`,
  );
}

function loadOf(lines: readonly string[]) {
  const keeper = new LoadKeeper();
  for (const event of readLines(lines).events) keeper.add(event);
  return keeper.read();
}

const groupsOf = (lines: readonly string[]) => {
  const { complete, untraced, unfinished, sizes } = loadOf(lines).groups;
  return { complete, untraced, unfinished, sizes: sizes.slice(1) };
};

describe('groups', () => {
  test('are closed by their last request and answered once', () => {
    expect(groupsOf([request(1, false), request(1, false), request(1, true), answer(1)])).toEqual({
      complete: 1,
      untraced: 0,
      unfinished: 0,
      sizes: [0, 0, 1],
    });
  });

  test('of one index and two PASIDs are two', () => {
    const lines = [request(1, false, 1), request(1, false, 2), request(1, true, 2)];
    expect(groupsOf(lines)).toEqual({ complete: 1, untraced: 0, unfinished: 1, sizes: [0, 1] });
  });

  test('answered inside their report are answered before their line', () => {
    const lines = [answer(1, 1), request(1, true), answer(2, 1), request(2, false)];
    expect(groupsOf(lines)).toEqual({ complete: 2, untraced: 0, unfinished: 0, sizes: [2] });
  });

  test('refused before their report are known by their answer', () => {
    const lines = [answer(1, 1), answer(2, 1), request(3, true), answer(3)];
    expect(groupsOf(lines)).toEqual({ complete: 1, untraced: 2, unfinished: 0, sizes: [1] });
  });

  test('that use an index again before the answer are as many', () => {
    const lines = [request(1, true), request(1, true), answer(1), answer(1)];
    expect(groupsOf(lines)).toEqual({ complete: 2, untraced: 0, unfinished: 0, sizes: [2] });
  });

  test('in any number are remembered no longer than memory is bounded', () => {
    const lines: string[] = [];
    for (let pasid = 1; pasid <= 70_000; pasid += 1) lines.push(request(pasid % 512, false, pasid));
    expect(groupsOf(lines)).toEqual({
      complete: 0,
      untraced: 0,
      unfinished: 70_000,
      sizes: [],
    });
  });
});

describe('a device', () => {
  test('is known by unit and requester id, and has the PASIDs it held at once', () => {
    const { devices, pasids, pasidsPerDevice } = loadOf(linesOf(captureText('two_devices.txt')));
    expect(devices.map(({ device, rid, requests }) => [device, rid, requests])).toEqual([
      ['0000:00:05.0', 0x28, 4],
      ['0000:00:06.0', 0x30, 8],
    ]);
    expect(pasids).toEqual([1, 2]);
    expect(pasidsPerDevice).toBe(2);
  });

  test('that goes on asking after a detach has churn', () => {
    const tag = (event: string, pasid: number) =>
      line(`${event}: dmar0/0000:00:05.0 type devtlb did 1 pasid ${pasid} ref 1`);
    const { detaches } = loadOf([
      tag('cache_tag_assign', 1),
      tag('cache_tag_assign', 2),
      request(1, true),
      tag('cache_tag_unassign', 1),
      request(2, true, 2),
      tag('cache_tag_unassign', 2),
    ]);
    expect(detaches).toBe(1);
  });

  test('whose reports are not numbered in a row misses some', () => {
    const before = request(1, true);
    sequence += 4;
    expect(loadOf([before, request(2, true)]).missedReports).toBe(4);
    const rebooted = request(3, true);
    sequence = 0;
    expect(loadOf([rebooted, request(4, true)]).missedReports).toBe(0);
  });
});

describe('arrivals', () => {
  const pattern = (times: readonly (number | undefined)[]) => {
    const arrivals = new Arrivals();
    for (const time of times) arrivals.add(time);
    return arrivals.pattern();
  };
  const random = prng(7);
  /** Gaps of an exponential distribution: what independent devices make. */
  const exponential = (mean: number): number => -mean * Math.log(1 - random.next() / 2 ** 32);

  test('at an even pace have its rate and no bursts', () => {
    const { rate, burst } = pattern(Array.from({ length: 1001 }, (_, index) => 5 + index * 0.001));
    expect(rate).toBeCloseTo(1000, 3);
    expect(burst).toBeUndefined();
  });

  test('at random have their rate and no bursts', () => {
    const times = [5];
    while (times.length < 20_000) times.push((times.at(-1) ?? 0) + exponential(1e-4));
    const { rate, burst } = pattern(times);
    expect((rate ?? 0) / 10_000).toBeCloseTo(1, 1);
    expect(burst).toBeUndefined();
  });

  test('in bursts have the rate inside a burst, its length and the pause', () => {
    const times = [5];
    while (times.length < 10_000) {
      const pause = times.length % 200 === 0 ? 0.4 : 0;
      times.push((times.at(-1) ?? 0) + exponential(0.0005) + pause);
    }
    const { rate = 0, burst } = pattern(times);
    expect(rate / 2000).toBeCloseTo(1, 1);
    expect((burst?.onMilliseconds ?? 0) / 100).toBeCloseTo(1, 1);
    expect((burst?.offMilliseconds ?? 0) / 400).toBeCloseTo(1, 1);
  });

  test('on a clock that is set back, or on none, count what can be told', () => {
    expect(pattern([100, 101, 102, 1, 2, 3])).toMatchObject({ rate: 1, seconds: 4 });
    expect(pattern([1, 2, undefined, 9, 10])).toMatchObject({ rate: 1, seconds: 2 });
    expect(pattern([undefined, undefined])).toMatchObject({ rate: undefined, seconds: 0 });
    expect(pattern([7])).toMatchObject({ rate: undefined, seconds: 0 });
    // Lines of two CPUs may stand a little out of order.
    expect(pattern([1, 1.5, 1.4, 2])).toMatchObject({ burst: undefined });
  });
});

describe('the profile', () => {
  test('offers what was asked for', () => {
    const load = loadOf(linesOf(captureText('group_of_four.txt')));
    const { profile, notes } = profileOf('group_of_four', load);
    expect(notes).toEqual([]);
    expect(profile).toEqual({
      name: 'group_of_four',
      devices: 1,
      pasids: 1,
      groups: 4,
      // Four groups closed within 53.027 ms.
      rate: 56.575,
      groupPages: { min: 3, max: 8, shares: [0.25, 0.5, 0, 0, 0, 0.25] },
      // 15 of 19.
      writeShare: 0.789474,
      invalidGroupShare: 0,
    });
  });

  test('is a file that the reader of profiles accepts as it stands', () => {
    for (const file of ['group_of_four.txt', 'overflow.txt.gz', 'bad_requests.txt']) {
      const { profile } = profileOf(file, loadOf(linesOf(captureText(file))));
      if (profile === undefined) throw new Error(`${file} has a load`);
      const text = profileText(profile, ['a remark']);
      expect(text.startsWith('# a remark\n')).toBe(true);
      const parsed = parseStormProfile(text, `/x/${file}.yaml`, KNOWN);
      expect(parsed).toMatchObject({ ok: true, value: profile });
      const asJson = parseStormProfile(JSON.stringify(profile), `/x/${file}.json`, KNOWN);
      expect(asJson).toMatchObject({ ok: true, value: profile });
    }
  });

  test('says what it had to cut', () => {
    const lines: string[] = [];
    for (let rid = 1; rid <= 65; rid += 1) lines.push(request(1, true, 1, rid));
    for (let page = 0; page < 40; page += 1) lines.push(request(2, page === 39));
    const { profile, notes } = profileOf('x'.repeat(80), loadOf(lines));
    expect(profile).toMatchObject({
      name: 'x'.repeat(64),
      devices: 64,
      groupPages: { min: 1, max: 32 },
    });
    expect(notes).toEqual([
      '65 devices were cut to 64, the most a storm has',
      'groups larger than the 32 requests a storm sends were cut: 1',
    ]);
  });

  test('of a capture without a load is none', () => {
    expect(profileOf('boot', loadOf(linesOf(captureText('dma_boot.txt'))))).toEqual({
      profile: undefined,
      notes: ['no page request was traced: there is no load to make a profile of'],
    });
    expect(profileOf('cut', loadOf([request(1, false)])).profile).toBeUndefined();
  });
});
