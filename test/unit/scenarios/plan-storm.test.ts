/** Goal: a plan is its profile, with what the command line changes, credits counted and recordings read. */
import { describe, expect, test } from 'vitest';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { planStorm, type StormOverrides } from '../../../src/scenarios/plan-storm.ts';
import {
  creditsPerDevice,
  STORM_PROFILE_DEFAULTS,
  type StormProfile,
} from '../../../src/scenarios/storm-profile.ts';
import { MEANINGS, MISBEHAVIOURS } from '../../../src/workers/misbehaviour.ts';
import { UNIT_KINDS } from '../../../src/workers/unit-kind.ts';

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
      "functionSwitchesPerSecond": 0,
      "groupPagesMax": 4,
      "groupPagesMin": 1,
      "groupPagesShares": undefined,
      "groups": undefined,
      "invalidGroupShare": 0,
      "misbehaviour": undefined,
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

  test('whose functions need no domain of their own has none to switch', async () => {
    expect(await plan({ functionSwitchesPerSecond: 2 })).toMatchInlineSnapshot(
      `"storm profile mine: "functionSwitchesPerSecond" is 2, but with driver vtd must be at most 0; change it, or choose another driver"`,
    );
  });

  test('whose unit has too few PASIDs for recorded processes is named with how many', async () => {
    const processes = ['nowhere.jsonl'];
    const asked = { driver: 'amd', devices: 64, pasids: 1024, processes };
    expect(await plan(asked)).toMatchInlineSnapshot(
      `"storm profile mine: "pasids" is 1024, but with driver amd must be at most 1023; change it, or choose another driver"`,
    );
  });
});

describe('a misbehaviour', () => {
  test('that the unit can not have is refused with the reason, and a driver that can', async () => {
    const misbehaviour = { how: 'malformed-commands', every: 4 } as const;
    expect(await plan({ driver: 'amd', misbehaviour })).toMatchInlineSnapshot(
      `"storm profile mine: "misbehaviour" is malformed-commands, but with driver amd the unit then executes no command any more, and Linux never starts it again; choose the driver vtd or smmuv3"`,
    );
    expect(await plan({ driver: 'smmuv3', misbehaviour })).toMatchObject({ misbehaviour });
  });

  test('of the only device that sends anything is refused', async () => {
    const misbehaviour = { how: 'ignores-responses', every: 4 } as const;
    expect(await plan({ devices: 1, misbehaviour })).toMatchInlineSnapshot(
      `"storm profile mine: "misbehaviour" is ignores-responses, but the only device would soon send nothing more; give it "devices": 2"`,
    );
  });

  test('that Linux would ask for the end of for ever is refused', async () => {
    const misbehaviour = { how: 'deaf-device-tlb', every: 1 } as const;
    expect(await plan({ misbehaviour })).toMatchInlineSnapshot(
      `"storm profile mine: "misbehaviour" is deaf-device-tlb, but Linux would ask again for ever; let it be "every": 2"`,
    );
    expect(await plan({ driver: 'amd', misbehaviour })).toMatchObject({ misbehaviour });
  });

  test.each(MISBEHAVIOURS)('%s means something on a unit at least', (how) => {
    const { units, because } = MEANINGS[how];
    expect(units.length).toBeGreaterThan(0);
    expect(because === '').toBe(units.length === UNIT_KINDS.length);
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
