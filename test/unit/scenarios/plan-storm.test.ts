/** Goal: a plan is its profile, with what the command line changes, credits counted and recordings read. */
import { describe, expect, test } from 'vitest';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { planStorm, type StormOverrides } from '../../../src/scenarios/plan-storm.ts';
import {
  creditsPerDevice,
  STORM_PROFILE_DEFAULTS,
  type StormProfile,
} from '../../../src/scenarios/storm-profile.ts';

const profile = (fields: Partial<StormProfile> = {}): StormProfile => ({
  ...STORM_PROFILE_DEFAULTS,
  name: 'mine',
  durationSeconds: 5,
  ...fields,
});

async function plan(fields: Partial<StormProfile>, overrides: StormOverrides = {}) {
  const planned = await planStorm(profile(fields), overrides, 7);
  return planned.ok ? planned.value : badInputSentence(planned.error);
}

test('a plan holds every number of its profile', async () => {
  expect(await plan({})).toMatchInlineSnapshot(`
    {
      "attachDetachPerSecond": 0,
      "burst": undefined,
      "creditsPerDevice": 511,
      "devices": 2,
      "driver": "vtd",
      "durationSeconds": 5,
      "exitsPerSecond": 0,
      "groupPagesMax": 4,
      "groupPagesMin": 1,
      "groupPagesShares": undefined,
      "groups": undefined,
      "invalidGroupShare": 0,
      "name": "mine",
      "pasids": 4,
      "processes": [],
      "quantumMicroseconds": undefined,
      "quirks": [],
      "rate": undefined,
      "resolverDelayMicroseconds": 0,
      "resolverFault": undefined,
      "ringEntries": 2048,
      "rudeShare": 0,
      "seed": 7,
      "unmap": "answered",
      "windowPages": 1024,
      "workers": 1,
      "writeShare": 0.5,
    }
  `);
});

describe('credits', () => {
  test.each([
    // credits, ring entries, devices, credits of each device
    ['fit', 2048, 1, 512],
    ['fit', 2048, 2, 511],
    ['fit', 2048, 64, 15],
    ['fit', 128, 64, 4],
    ['full', 128, 64, 512],
    [2048, 2048, 4, 2048],
  ] as const)('%s over %i entries and %i devices are %i', (credits, ringEntries, devices, each) => {
    expect(creditsPerDevice(profile({ credits, ringEntries, devices }))).toBe(each);
  });

  test('that fit make groups smaller where a group would not fit', async () => {
    const groupPages = { min: 6, max: 32 };
    expect(await plan({ devices: 64, ringEntries: 256, groupPages })).toMatchObject({
      creditsPerDevice: 4,
      groupPagesMin: 4,
      groupPagesMax: 4,
    });
  });

  test('too few for a group are refused', async () => {
    expect(await plan({ credits: 3, groupPages: { min: 1, max: 4 } })).toMatchInlineSnapshot(
      `"storm profile mine: "groupPages.max" is 4 but must not exceed "credits", which is 3; lower the one or raise the other"`,
    );
  });
});

test('a window smaller than a group is refused', async () => {
  expect(await plan({ windowPages: 16, groupPages: { min: 1, max: 32 } })).toMatchInlineSnapshot(
    `"storm profile mine: "groupPages.max" is 32 but must not exceed "windowPages", which is 16; lower the one or raise the other"`,
  );
});

describe('a driver', () => {
  test('whose unit has no queue as small as the profile asks is named with what it has', async () => {
    expect(await plan({ driver: 'amd', ringEntries: 128 })).toMatchInlineSnapshot(
      `"storm profile mine: "ringEntries" is 128, but with driver amd must be at least 256; change it, or choose another driver"`,
    );
    expect(await plan({ driver: 'amd@7.3', ringEntries: 256 })).toMatchObject({ ringEntries: 256 });
    expect(await plan({ driver: 'smmuv3', ringEntries: 128 })).toMatchObject({ ringEntries: 128 });
  });

  test('whose unit has too few PASIDs for recorded processes is named with how many', async () => {
    const processes = ['nowhere.jsonl'];
    const asked = { driver: 'amd', devices: 64, pasids: 1024, processes };
    expect(await plan(asked)).toMatchInlineSnapshot(
      `"storm profile mine: "pasids" is 1024, but with driver amd must be at most 1023; change it, or choose another driver"`,
    );
  });
});

describe('the command line', () => {
  test('changes what it names and nothing else', async () => {
    const before = await plan({ quirks: ['a'] });
    const after = await plan(
      { quirks: ['a'] },
      { devices: 5, pasids: 6, workers: 0, rate: 1e6, driver: 'vtd@7.3', quirks: ['b', 'a'] },
    );
    expect(after).toEqual({
      ...Object(before),
      devices: 5,
      pasids: 6,
      workers: 0,
      rate: 1e6,
      driver: 'vtd@7.3',
      quirks: ['a', 'b'],
      creditsPerDevice: 204,
    });
  });

  test('replaces the end of the storm, whichever it was', async () => {
    const groups = await plan({}, { end: { kind: 'groups', groups: 9 } });
    expect(groups).toMatchObject({ groups: 9, durationSeconds: undefined });
    const seconds = { kind: 'duration', durationSeconds: 1 } as const;
    const timed = await plan({ groups: 9, durationSeconds: undefined }, { end: seconds });
    expect(timed).toMatchObject({ groups: undefined, durationSeconds: 1 });
  });

  test('replaces the recordings', async () => {
    const processes = ['load/processes/gzip.jsonl'];
    const planned = await plan({ processes: ['nowhere.jsonl'] }, { processes });
    expect(planned).toMatchObject({ processes: [{ program: 'gzip' }] });
  });
});

describe('a recording', () => {
  test('becomes a script with permission bits', async () => {
    const planned = await plan({ processes: ['load/processes/gzip.jsonl'] });
    const operations = typeof planned === 'string' ? [] : (planned.processes[0]?.operations ?? []);
    const first = ['map', 'touch', 'protect', 'unmap', 'exit'].map((wanted) =>
      operations.find(({ kind }) => kind === wanted),
    );
    expect(first).toMatchInlineSnapshot(`
      [
        {
          "bits": 1,
          "kind": "map",
          "pages": 3,
          "pfn": 264,
        },
        {
          "bits": 4,
          "kind": "touch",
          "pages": 1,
          "pfn": 16410,
        },
        {
          "bits": 1,
          "kind": "protect",
          "pages": 4,
          "pfn": 18965,
        },
        {
          "bits": 0,
          "kind": "unmap",
          "pages": 10,
          "pfn": 18492,
        },
        {
          "bits": 0,
          "kind": "exit",
          "pages": 0,
          "pfn": 0,
        },
      ]
    `);
  });

  test('that cannot be read fails the plan', async () => {
    expect(await plan({ processes: ['nowhere.jsonl'] })).toMatchInlineSnapshot(
      `"cannot read process recording nowhere.jsonl: there is no such file; check the path"`,
    );
  });
});
