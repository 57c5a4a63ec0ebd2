/**
 * Goal:   a recorded storm is a kernel's trace: it is imported as one, offers the same load again, and the model
 *         explains it.
 * Method: child processes of the built program, over a folder of the test's own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

import { UNIT_KINDS } from '../../src/workers/unit-kind.ts';
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

/** Drivers that submit otherwise than those they are like, one by steps of its own. */
const OWN = [
  ['batching', 'vtd'],
  ['early', 'smmuv3'],
] as const;
const OWN_FILE = fileURLToPath(new URL('own-drivers.ts', import.meta.url));

describe('a recording', () => {
  it.each(UNIT_KINDS)('of a short storm on %s holds what the storm counts', (driver) => {
    const typed = ['detach-storm', '--groups', '4000', '--driver', driver];
    const { file, storm, replay } = recorded(`${driver}.txt`, ...typed);
    expect(readdirSync(folder)).toContain(`${driver}.txt`);
    expect(validated(file), replay).toMatchObject({
      schema: 'stormdrain.validate/1',
      driver,
      accepted: true,
      firstRejected: null,
      recorded: { from: 'detach-storm', driver, quirks: [], seed: SEED, complete: true },
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

  it.each(UNIT_KINDS)('of %s is the same as text, as a binary log, and imported', (driver) => {
    const typed = ['steady', '--groups', '1000', '--driver', driver];
    const { file, replay } = recorded(`${driver}.sdl`, ...typed);
    const { file: _, ...log } = validated(file);
    expect(log.accepted, replay).toBe(true);

    const { file: text } = recorded(`${driver}-text.txt`, ...typed);
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

  it.each(OWN)("of a driver of one's own, %s, tells what it was", (name, like) => {
    const typed = ['detach-storm', '--groups', '1500', '--driver', `${OWN_FILE}#${name}`];
    const { file, replay } = recorded(`${name}.txt`, ...typed);
    expect(validated(file), replay).toMatchObject({
      driver: name,
      accepted: true,
      recorded: { driver: name, definition: { name, like } },
    });
    const other = spawnSync(process.execPath, [main, 'validate', file, '--driver', like]);
    expect(other.status, replay).toBe(1);
    const same = ['validate', file, '--driver', `${OWN_FILE}#${name}`];
    expect(json(...same).accepted, replay).toBe(true);
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
