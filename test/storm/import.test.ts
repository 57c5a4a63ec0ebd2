/**
 * Goal:   what `import` makes of a real capture, `storm` runs, and the storm offers that load.
 * Method: child processes of the built program, one after the other, over a folder of the test's own.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

import { SEED } from './storms.ts';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const captures = fileURLToPath(new URL('../fixtures/captures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormdrain-round-trip-'));
const seeded = ['--json', '--seed', String(SEED)];

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** @throws Error with the command line when the command ends with anything but 0. */
async function json(...args: readonly string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args]);
  return JSON.parse(stdout);
}

describe('an imported capture', () => {
  it.each([
    ['group_of_four.txt', 4],
    ['two_devices.txt', 6],
    ['overflow.txt.gz', 2049],
    ['bad_requests.txt', 10],
  ])('%s is a storm of as many groups, all of them answered', async (file, groups) => {
    const imported = await json('import', join(captures, file), '--out', folder, '--json');
    const storm = await json('storm', imported.profileFile, ...seeded);
    expect(storm).toMatchObject({
      profile: imported.profile.name,
      devices: imported.devices,
      pasids: imported.profile.pasids,
      groups,
      lost: 0,
      duplicated: 0,
      violations: [],
    });
  });

  it('is offered with its group sizes, its pace and its share of refusals', async () => {
    const capture = join(captures, 'group_of_four.txt');
    const imported = await json('import', capture, '--out', folder, '--json');
    const { requests, complete } = imported.load.groups;
    // The same profile for longer and faster, so that chance evens out.
    const more = ['--groups', '4000', '--rate', '20000', ...seeded];
    const storm = await json('storm', imported.profileFile, ...more);
    expect(storm.pageRequests / storm.groups / (requests / complete)).toBeCloseTo(1, 1);

    const bad = await json('import', join(captures, 'bad_requests.txt'), '--out', folder, '--json');
    const refused = await json('storm', bad.profileFile, ...more);
    expect(refused.responses.invalid / refused.groups).toBeCloseTo(0.9, 1);
  });
});
