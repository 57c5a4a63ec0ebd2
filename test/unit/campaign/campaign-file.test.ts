/** Campaign files: every mistake is one sentence with the line it is in; lists are crossed, and each job is there once. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { parseCampaign, readCampaignFile } from '../../../src/campaign/campaign-file.ts';
import { jobLabel } from '../../../src/campaign/campaign-job.ts';
import { campaignJobs, JOBS_MAX } from '../../../src/campaign/campaign-matrix.ts';
import { ok } from '../../../src/core/result.ts';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { bundledNames } from '../../../src/scenarios/bundled-files.ts';
import { EXPLORE_SCENARIOS } from '../../../src/scenarios/explore/scenarios.ts';
import { ownDriver } from '../../../src/scenarios/own/own-driver.ts';
import { packageRoot } from '../../../src/scenarios/package-root.ts';
import { expectGood } from '../../../src/scenarios/stormdrain-error.ts';

const KNOWN = {
  drivers: driverNames,
  quirks: quirkIds,
  scenarios: EXPLORE_SCENARIOS,
};
const BUNDLED = await bundledNames('campaign');
const FILE = join(packageRoot(), 'load/campaigns/mine.yaml');

async function jobsOf(text: string, seed = 1) {
  const read = await parseCampaign(text, FILE, KNOWN);
  if (!read.ok) throw new Error(badInputSentence(read.error));
  return campaignJobs(read.value, EXPLORE_SCENARIOS, seed);
}

const labels = async (text: string, seed?: number) => (await jobsOf(text, seed)).map(jobLabel);

describe('a campaign file with a mistake', () => {
  it.each([
    ['', /the whole file must be a mapping of fields, but is nothing/],
    ['{}', /"explorations" must be given, or "storms"/],
    ['explorations: 3', /mine.yaml:1: "explorations" must be a list of at most 100, but is 3/],
    [
      'explorations:\n  - scenarios: []',
      /:2: "explorations\[0\].scenarios" must be a list of at least one/,
    ],
    [
      'explorations:\n  - scenarios: [exit-unbin]',
      /there is no scenario "exit-unbin"; did you mean "exit-unbind"/,
    ],
    [
      'explorations:\n  - scenarios: all\n    driver: vtd',
      /:3: there is no field "explorations\[0\].driver"; did you mean "drivers"/,
    ],
    [
      'explorations:\n  - scenarios: all\n    drivers: [vdt]',
      /there is no driver "vdt"; did you mean "vtd"/,
    ],
    [
      'explorations:\n  - scenarios: all\n    quirks: [skip-drain]',
      /"explorations\[0\].quirks\[0\]" must be a list of quirks, \[\] for none, but is "skip-drain"/,
    ],
    ['explorations:\n  - scenarios: all\n    quirks: [[no-such]]', /there is no quirk "no-such"/],
    [
      'explorations:\n  - scenarios: all\n    strategies: [guess]',
      /must be one of bfs, dfs, portfolio/,
    ],
    [
      'explorations:\n  - scenarios: all\n    seeds: 0',
      /"explorations\[0\].seeds" must be a whole number from 1/,
    ],
    [
      'explorations:\n  - scenarios: all\n    seeds: { first: 1 }',
      /"explorations\[0\].seeds.count" must be a whole number/,
    ],
    ['name: ../up\nexplorations:\n  - scenarios: all', /"name" must be a name of small letters/],
    ['storms:\n  - profiles: [stedy]', /there is no profile "stedy"; did you mean "steady"/],
    ['storms:\n  - profiles: [steady]\n    drivers: [amd@7.4]', /there is no driver "amd@7.4"/],
    [
      'storms:\n  - profiles: [steady]\n    groups: 5\n    durationSeconds: 1',
      /:4: "storms\[0\].durationSeconds" must be left out where "groups" is given/,
    ],
    ['storms: [', /must hold one YAML or JSON document/],
  ])('%j is told in one sentence', async (text, sentence) => {
    const read = await parseCampaign(text, FILE, KNOWN);
    const told = read.ok ? 'no mistake' : badInputSentence(read.error);
    expect(told).toMatch(sentence);
    expect(told.split('\n').length).toBe(1);
  });

  it('that is no file, or a large one, is told too', async () => {
    const none = await readCampaignFile('no-such.yaml', KNOWN);
    expect(none.ok ? '' : badInputSentence(none.error)).toBe(
      'cannot read campaign file no-such.yaml: there is no such file; check the path',
    );
    const large = await readCampaignFile(join(packageRoot(), 'package-lock.json'), KNOWN);
    expect(large.ok ? '' : badInputSentence(large.error)).toMatch(
      /is too big: a campaign file may have 65536 bytes/,
    );
  });
});

describe('a campaign', () => {
  it('crosses scenarios, drivers, quirks, strategies and seeds', async () => {
    const text = `explorations:
  - scenarios: [exit-unbind, rid-detach]
    drivers: [vtd, vtd@7.3]
    quirks: [[], [absent-entry-not-drained]]
    strategies: [bfs, surw]
    seeds: 2`;
    expect(await labels(text)).toHaveLength(2 * 2 * 2 * (1 + 2));
    expect(await labels(text)).toContain('exit-unbind vtd +absent-entry-not-drained surw seed 2');
  });

  it('begins seeds where it is told, and where the file says so there', async () => {
    const walks = (seeds: string) =>
      `explorations:\n  - scenarios: [exit-unbind]\n    strategies: [pct]\n    seeds: ${seeds}`;
    expect(await labels(walks('2'), 7)).toEqual([
      'exit-unbind vtd pct seed 7',
      'exit-unbind vtd pct seed 8',
    ]);
    expect(await labels(walks('{ first: 3, count: 1 }'), 7)).toEqual([
      'exit-unbind vtd pct seed 3',
    ]);
  });

  it('has each job once, and a world without driver once for all of them', async () => {
    const twice = '  - scenarios: [bench-protocol, rid-detach]\n    drivers: [vtd, vtd@7.3]\n';
    expect(await labels(`explorations:\n${twice}${twice}`)).toEqual([
      'rid-detach vtd bfs',
      'rid-detach vtd@7.3 bfs',
      'bench-protocol bfs',
    ]);
  });

  it('gives storms profiles that every host can read', async () => {
    const [job] = await jobsOf(
      `storms:\n  - profiles: [processes]\n    groups: 10\n    quirks: [[${quirkIds[0]}]]`,
    );
    expect(job?.kind === 'storm' && job.profile).toMatchObject({
      processes: ['gzip', 'sort', 'sqlite3'],
      groups: 10,
      durationSeconds: undefined,
      quirks: [quirkIds[0]],
    });
  });

  it('that would be endless ends soon', async () => {
    const jobs = await jobsOf(
      'explorations:\n  - scenarios: all\n    strategies: [pct, pos, surw]\n    seeds: 1000000',
    );
    expect(jobs.length).toBe(JOBS_MAX + 1);
  });

  it.each(BUNDLED)('%s is bundled, and every name in it known', async (name) => {
    const file = join(packageRoot(), `load/campaigns/${name}.yaml`);
    const read = await readCampaignFile(file, KNOWN);
    if (!read.ok) expect.fail(badInputSentence(read.error));
    expect(campaignJobs(read.value, EXPLORE_SCENARIOS, 1).length).toBeGreaterThan(10);
  });
});

describe("a driver of a user's own in a campaign file", () => {
  const own = (name: string, like: string, path = name) =>
    [path, expectGood(ownDriver({ name, like }))] as const;
  const modules = new Map([
    own('batching', 'vtd', 'a.ts#batching'),
    own('batching', 'amd', 'b.ts'),
    own('other', 'amd', 'c.ts'),
  ]);
  const names = { ...KNOWN, load: async (path: string) => ok(modules.get(path)) };
  const jobsWith = async (drivers: string, scenario = 'exit-unbind') => {
    const text = `explorations: [{ scenarios: [${scenario}], drivers: [${drivers}] }]
storms: [{ profiles: [steady], drivers: [${drivers}], groups: 10 }]`;
    const read = await parseCampaign(text, FILE, names);
    return read.ok ? campaignJobs(read.value, EXPLORE_SCENARIOS, 1) : badInputSentence(read.error);
  };

  it('goes with every job, by the name and as the definition it has', async () => {
    const jobs = await jobsWith('vtd, a.ts#batching');
    expect(typeof jobs === 'string' ? jobs : jobs.map(jobLabel)).toEqual([
      'exit-unbind vtd bfs',
      'exit-unbind batching bfs',
      'storm steady vtd seed 1',
      'storm steady batching seed 1',
    ]);
    const definition = { name: 'batching', like: 'vtd' };
    expect(jobs[1]).toMatchObject({ driver: 'batching', definition });
    expect(jobs[3]).toMatchObject({ profile: { driver: 'vtd' }, definition });
    expect(jobs[0]).not.toHaveProperty('definition');
  });

  it.each([
    ['a.ts#batching, b.ts', /module b.ts: its driver is called batching, as that of a.ts#batching/],
    ['d.ts', /there is no driver "d.ts"/],
  ])('%s is told in one sentence', async (drivers, sentence) => {
    expect(await jobsWith(drivers)).toMatch(sentence);
  });

  it('is crossed with no scenario that its unit has not', async () => {
    const told = await jobsWith('c.ts', 'exit-then-unbind');
    expect(told).toMatch(/exit-then-unbind can't be explored with c.ts, it has vtd, vtd@7.3/);
  });
});
