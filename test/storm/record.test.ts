/**
 * Goal:   a recorded storm is a kernel's trace: it is imported as one, offers the same load again, and the model
 *         explains it; one that was tampered with is rejected where it was.
 * Method: child processes of the built program, over a folder of the test's own; damage done to lines of a storm.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

import { driverWith } from '../../src/actors/drivers.ts';
import { prng } from '../../src/core/prng.ts';
import { ObserverPool } from '../../src/scenarios/validate/observer-pool.ts';
import { eventsIn } from '../../src/scenarios/validate/read-trace.ts';
import { judgeTrace } from '../../src/scenarios/validate/trace-judge.ts';
import { SEED } from './storms.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormdrain-record-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const json = (...args: readonly string[]) =>
  JSON.parse(execFileSync(process.execPath, [main, ...args, '--json'], { encoding: 'utf8' }));

function recorded(name: string, ...args: readonly string[]) {
  const file = join(folder, name);
  const typed = ['storm', ...args, '--record', file, '--seed', String(SEED)];
  return { file, storm: json(...typed), replay: typed.join(' ') };
}

const validated = (file: string) => json('validate', file);

describe('a recording', () => {
  it('of a short storm is whole, and holds what the storm counts', () => {
    const { file, storm, replay } = recorded('whole.txt', 'detach-storm', '--groups', '4000');
    expect(readdirSync(folder)).toContain('whole.txt');
    expect(validated(file), replay).toMatchObject({
      schema: 'stormdrain.validate/1',
      driver: 'vtd',
      accepted: true,
      firstRejected: null,
      recorded: { from: 'detach-storm', driver: 'vtd', quirks: [], seed: SEED, complete: true },
      requests: storm.pageRequests,
      answers: storm.groups,
      open: 0,
    });
  });

  it('of a long storm is its beginning', () => {
    const { file, replay } = recorded('long.txt', 'overflow', '--groups', '40000');
    const { accepted, recorded: header } = validated(file);
    expect({ accepted, complete: header.complete }, replay).toEqual({
      accepted: true,
      complete: false,
    });
    expect(readFileSync(file, 'utf8'), replay).toContain('stormdrain dropped a request of');
  });

  it('is the same as text, as a binary log, and imported', () => {
    const { file, replay } = recorded('log.sdl', 'steady', '--groups', '1000');
    const { file: _, ...log } = validated(file);
    expect(log.accepted, replay).toBe(true);

    const { file: text } = recorded('text.txt', 'steady', '--groups', '1000');
    const { traceFile } = json('import', text, '--out', folder);
    const { file: _text, ...ofText } = validated(text);
    const { file: _trace, ...ofTrace } = validated(traceFile);
    expect(ofTrace).toEqual(ofText);
  });

  it('is imported as a profile that offers the same load again', () => {
    const args = ['steady', '--groups', '3000', '--devices', '2', '--pasids', '3'];
    const first = recorded('first.txt', ...args);
    const profile = json('import', first.file, '--out', folder);
    const again = recorded('again.txt', profile.profileFile);
    const second = json('import', again.file);
    expect(again.storm.groups, again.replay).toBe(first.storm.groups);
    for (const figure of ['devices', 'pasids'] as const) {
      expect(second[figure], again.replay).toBe(profile[figure]);
    }
    expect(second.load.groups.complete).toBe(profile.load.groups.complete);
    const requests = second.load.groups.requests / profile.load.groups.requests;
    expect(requests, again.replay).toBeCloseTo(1, 1);
    const writes = second.load.groups.writes / second.load.groups.requests;
    const before = profile.load.groups.writes / profile.load.groups.requests;
    expect(writes, again.replay).toBeCloseTo(before, 1);
  });

  it('of one driver tells it from another', () => {
    const { file, replay } = recorded('exits.txt', 'exit-storm', '--groups', '3000');
    expect(validated(file).accepted, replay).toBe(true);
    const other = spawnSync(process.execPath, [main, 'validate', file, '--driver', 'vtd@7.3']);
    expect(other.status, replay).toBe(1);
    expect(String(other.stdout), replay).toContain('inv_wait here');
  });

  it('that was cut in the middle of a record is bad input', () => {
    const file = join(folder, 'cut.sdl');
    const header = { from: 'x', driver: 'vtd', quirks: [], seed: 1, complete: true };
    writeFileSync(file, `stormdrain.log/1 ${JSON.stringify(header)}\nabc`);
    const { status, stderr } = spawnSync(process.execPath, [main, 'validate', file]);
    expect(status).toBe(2);
    expect(String(stderr)).toContain('records of 32 bytes');
  });
});

describe('a recording that was tampered with', () => {
  const { file } = recorded('tampered.txt', 'detach-storm', '--groups', '600');
  const lines = readFileSync(file, 'utf8').split('\n');
  const driver = driverWith('vtd', []);
  if (!driver.ok) throw new Error('there is no driver vtd');
  const pool = new ObserverPool(driver.value);
  const rejectedAt = (damaged: readonly string[]): number | undefined =>
    judgeTrace(
      driver.value,
      eventsIn(damaged.join('\n')),
      { isStorm: true, isComplete: true },
      pool,
    ).firstRejected?.line;
  const placesOf = (text: string): number[] =>
    lines.flatMap((line, at) => (line.includes(text) ? [at] : []));
  const answers = placesOf('page_grp_resp');
  const seeds = Array.from({ length: 12 }, (_, index) => SEED + index);
  const pick = (seed: number, places: readonly number[]): number =>
    places[prng(seed).below(places.length)] ?? 0;

  it('is accepted as it was', () => {
    expect(rejectedAt(lines)).toBeUndefined();
  });

  it.each(seeds)('is rejected where an answer comes twice (seed %i)', (seed) => {
    const at = pick(seed, answers);
    expect(rejectedAt(lines.toSpliced(at, 0, lines[at] ?? ''))).toBe(at + 2);
  });

  it.each(seeds)('is rejected where an answer comes before its request (seed %i)', (seed) => {
    const at = pick(seed, answers);
    const to = reportOf(at);
    expect(rejectedAt(lines.toSpliced(at, 1).toSpliced(to, 0, lines[at] ?? ''))).toBe(to + 1);
  });

  it.each(seeds)('is rejected behind an answer that is missing (seed %i)', (seed) => {
    const at = pick(seed, answers);
    const line = rejectedAt(lines.toSpliced(at, 1)) ?? 0;
    expect(line).toBeGreaterThan(at);
  });

  it.each(seeds)('is rejected at a drain that lacks a descriptor (seed %i)', (seed) => {
    const at = pick(seed, placesOf('inv_wait')) + prng(seed + 1).below(3);
    const line = rejectedAt(lines.toSpliced(at, 1)) ?? 0;
    expect(line).toBeGreaterThanOrEqual(at - 1);
    // The thread's next event tells, wherever that stands among the others.
    const thread = lines[at]?.slice(0, 24) ?? '';
    const next = lines.findIndex((each, place) => place > at && each.startsWith(thread));
    expect(line).toBeLessThanOrEqual(next + 1);
  });

  /** The last request that the answer may be for. */
  function reportOf(at: number): number {
    const [, low = '', high = ''] = /page_grp_resp \S+ 0x([\da-f]+) 0x([\da-f]+)/.exec(
      lines[at] ?? '',
    ) ?? ['', '', ''];
    const word = BigInt(`0x${low}`);
    const rid = ((word >> 16n) & 0xffffn).toString(16);
    const pasid = ((word >> 32n) & 0xfffffn).toString(16);
    const index = (BigInt(`0x${high}`) >> 3n).toString(16);
    const end = `l pasid=0x${pasid} index=0x${index}`;
    return lines.findLastIndex(
      (line, place) => place < at && line.includes(`rid=0x${rid} `) && line.endsWith(end),
    );
  }
});
