/**
 * Goal:   a profile says exactly what a storm does, and the first mistake in one is named in a sentence.
 * Method: bundled profiles as they ship; short texts, one a mistake.
 */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { bundledNames, locateBundled } from '../../../src/scenarios/bundled-files.ts';
import { planStorm } from '../../../src/scenarios/plan-storm.ts';
import {
  STORM_PROFILE_CHECKS,
  STORM_PROFILE_DEFAULTS,
} from '../../../src/scenarios/storm-profile.ts';
import { parseStormProfile, readStormProfile } from '../../../src/scenarios/storm-profile-file.ts';

const KNOWN = { drivers: ['vtd', 'vtd@7.3', 'amd'], quirks: ['skip-drain', 'late-answer'] };

function parse(text: string, file = 'storms/mine.yaml') {
  const profile = parseStormProfile(text, file, KNOWN);
  return profile.ok ? profile.value : badInputSentence(profile.error);
}

describe('a profile', () => {
  test('that says nothing takes every default, five seconds, and the name of its file', () => {
    expect(parse('{}')).toEqual({
      ...STORM_PROFILE_DEFAULTS,
      name: 'mine',
      durationSeconds: 5,
    });
    expect(STORM_PROFILE_DEFAULTS).toMatchInlineSnapshot(`
      {
        "attachDetachPerSecond": 0,
        "burst": undefined,
        "credits": "fit",
        "devices": 2,
        "driver": "vtd",
        "durationSeconds": undefined,
        "exitsPerSecond": 0,
        "functionSwitchesPerSecond": 0,
        "groupPages": {
          "max": 4,
          "min": 1,
        },
        "groups": undefined,
        "invalidGroupShare": 0,
        "misbehaviour": undefined,
        "pasids": 4,
        "processes": [],
        "quantumMicroseconds": undefined,
        "quirks": [],
        "rate": undefined,
        "resolverDelayMicroseconds": 0,
        "resolverFault": undefined,
        "ringEntries": 2048,
        "rudeShare": 0,
        "unmap": "answered",
        "windowPages": 1024,
        "workers": 1,
        "writeShare": 0.5,
      }
    `);
  });

  test('has a check for every default', () => {
    expect(Object.keys(STORM_PROFILE_CHECKS)).toEqual([
      'name',
      ...Object.keys(STORM_PROFILE_DEFAULTS),
    ]);
  });

  test('may be JSON, indented with tabs', () => {
    const fields = {
      name: 'x',
      groups: 1e6,
      credits: 7,
      burst: { onMilliseconds: 1, offMilliseconds: 2 },
    };
    expect(parse(JSON.stringify(fields, undefined, '\t'), 'x.json')).toMatchObject({
      ...fields,
      durationSeconds: undefined,
    });
  });

  test('finds its recordings from its own folder', () => {
    expect(parse('processes: [../a.jsonl, b.jsonl.gz, /c.jsonl]')).toMatchObject({
      processes: ['a.jsonl', 'storms/b.jsonl.gz', '/c.jsonl'],
    });
  });

  test('may switch on what is known', () => {
    expect(parse('{driver: vtd@7.3, quirks: [late-answer]}')).toMatchObject({
      driver: 'vtd@7.3',
      quirks: ['late-answer'],
    });
  });
});

test('a mistake is named by line, field, what was expected and got', () => {
  const sentences = [
    'devices: 65',
    'name: x\npasids: 0',
    'workers: 17',
    'devices: "2"',
    'devices:',
    'groups: 1e11',
    'groups: 10\ndurationSeconds: 3',
    'durationSeconds: 0',
    'rate: .inf',
    'groupPages: {min: 3}',
    'groupPages:\n  min: 5\n  max: 4',
    'groupPages: {min: 1, max: 33}',
    'groupPages: 4',
    'writeShare: 1.1',
    'credits: all',
    'credits: 2049',
    'windowPages: 100',
    'unmap: never',
    'attachDetachPerSecond: -1',
    'exitsPerSecond: 100001',
    'resolverDelayMicroseconds: .nan',
    'burst: {onMilliseconds: 5, offMilliseconds: 0}',
    'burst:\n  onMilliseconds: 5\n  offMiliseconds: 2',
    'processes: gzip.jsonl',
    'processes:\n  - a.jsonl\n  - 3',
    'driver: vdt',
    'quirks:\n  - skip-drain\n  - skip-drian',
    'quirks: [nothing-like-it]',
    'ringEntries: 4096',
    'rudeShare: 2',
    '{\n  "devices": 2,\n  "devcies": 3\n}',
    'constructor: 1',
    'wholly-different: 1',
    'a: [1',
    'devices: 1\ndevices: 2',
    'devices: *two',
    'a: 1\n---\nb: 2',
    '- devices',
    '',
    'storm',
    '? {a: b}\n: c',
    'a: &a [*a]',
    '['.repeat(30_000),
  ].map((text) => parse(text));
  expect(sentences).toMatchInlineSnapshot(`
    [
      "storm profile storms/mine.yaml:1: "devices" must be a whole number from 1 to 64, but is 65; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:2: "pasids" must be a whole number from 1 to 1024, but is 0; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "workers" must be a whole number from 0 to 16, but is 17; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "devices" must be a whole number from 1 to 64, but is "2"; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "devices" must be a whole number from 1 to 64, but is nothing; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "groups" must be a whole number from 1 to 10000000000, but is 100000000000; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:2: "durationSeconds" must be left out where "groups" is given, but is 3; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "durationSeconds" must be a number above 0, at most 86400, but is 0; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "rate" must be a number above 0, at most 1000000000, but is Infinity; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "groupPages.max" must be a whole number from 1 to 32, but is nothing; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:2: "groupPages.min" must be at most "max" (4), but is 5; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "groupPages.max" must be a whole number from 1 to 32, but is 33; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "groupPages" must be a mapping of fields, but is 4; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "writeShare" must be a number from 0 to 1, but is 1.1; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "credits" must be "fit", "full" or a whole number from 1 to 2048, but is "all"; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "credits" must be "fit", "full" or a whole number from 1 to 2048, but is 2049; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "windowPages" must be a power of two from 16 to 65536, but is 100; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "unmap" must be one of answered, racing, but is "never"; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "attachDetachPerSecond" must be a number from 0 to 100000, but is -1; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "exitsPerSecond" must be a number from 0 to 100000, but is 100001; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "resolverDelayMicroseconds" must be a number from 0 to 100000, but is NaN; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "burst.offMilliseconds" must be a number above 0, at most 60000, but is 0; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:3: there is no field "burst.offMiliseconds"; did you mean "offMilliseconds"?",
      "storm profile storms/mine.yaml:1: "processes" must be a list of at most 64, but is "gzip.jsonl"; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:3: "processes[1]" must be a text of 1 to 4096 characters, but is 3; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: there is no driver "vdt"; did you mean "vtd"?",
      "storm profile storms/mine.yaml:3: there is no quirk "skip-drian"; did you mean "skip-drain"?",
      "storm profile storms/mine.yaml:1: there is no quirk "nothing-like-it"; see "stormdrain quirks" for those there are",
      "storm profile storms/mine.yaml:1: "ringEntries" must be a power of two from 128 to 2048, but is 4096; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: "rudeShare" must be a number from 0 to 1, but is 2; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:3: there is no field "devcies"; did you mean "devices"?",
      "storm profile storms/mine.yaml:1: there is no field "constructor"; remove it",
      "storm profile storms/mine.yaml:1: there is no field "wholly-different"; remove it",
      "storm profile storms/mine.yaml:1 must hold one YAML or JSON document, but has a mistake: flow sequence in block collection must be sufficiently indented and end with a ]; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:2 must hold one YAML or JSON document, but has a mistake: map keys must be unique; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml must hold one YAML or JSON document, but has a mistake: unresolved alias (the anchor must be set before the alias): two; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:2 must hold one YAML or JSON document, but has a mistake: source contains multiple documents; please use YAML.parseAllDocuments(); mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: the whole file must be a mapping of fields, but is a list; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml: the whole file must be a mapping of fields, but is nothing; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: the whole file must be a mapping of fields, but is "storm"; mend it, or start from one of load/profiles",
      "storm profile storms/mine.yaml:1: there is no field "{ a: b }"; remove it",
      "storm profile storms/mine.yaml:1: there is no field "a"; remove it",
      "storm profile storms/mine.yaml must hold one YAML or JSON document, but has brackets or lists in more than 200 levels; mend it, or start from one of load/profiles",
    ]
  `);
});

describe('a profile file', () => {
  test('that cannot be read, or is too long, is refused', async () => {
    const sentences: string[] = [];
    for (const file of ['nowhere.yaml', 'load', '/dev/zero']) {
      const profile = await readStormProfile(file, KNOWN);
      sentences.push(profile.ok ? 'read' : badInputSentence(profile.error));
    }
    expect(sentences).toMatchInlineSnapshot(`
      [
        "cannot read storm profile nowhere.yaml: there is no such file; check the path",
        "cannot read storm profile load: it is a directory; check the path",
        "storm profile /dev/zero is too big: a profile may have 65536 bytes; split or shorten it",
      ]
    `);
  });

  test('is found by a bundled name first, then as a path', async () => {
    expect(await locateBundled('profile', './steady')).toEqual({ ok: true, value: './steady' });
    expect(await locateBundled('profile', 'my.yaml')).toEqual({ ok: true, value: 'my.yaml' });
    expect(await locateBundled('profile', 'src')).toEqual({ ok: true, value: 'src' });
    expect(await locateBundled('profile', 'steady')).toMatchObject({
      value: expect.stringMatching(/\/load\/profiles\/steady\.yaml$/),
    });
    expect(await locateBundled('recording', 'gzip')).toMatchObject({
      value: expect.stringMatching(/\/load\/processes\/gzip\.jsonl$/),
    });
    const unknown = await locateBundled('profile', 'stedy');
    expect(unknown.ok ? '' : badInputSentence(unknown.error)).toMatchInlineSnapshot(
      `"there is no profile "stedy"; did you mean "steady"?"`,
    );
    const far = await locateBundled('recording', 'firefox');
    expect(far.ok ? '' : badInputSentence(far.error)).toMatchInlineSnapshot(
      `"there is no recording "firefox"; use gzip, sort, sqlite3 or the path of a file"`,
    );
  });
});

test('the bundled profiles are these', async () => {
  expect(await bundledNames('profile')).toEqual([
    'burst',
    'credits-overflow',
    'detach-storm',
    'device-completes-twice',
    'device-deaf-tlb',
    'device-floods',
    'device-ignores-responses',
    'device-malformed-requests',
    'device-removed',
    'device-replugged',
    'device-reuses-index',
    'device-silent-tlb',
    'device-stop-markers',
    'driver-fails-groups',
    'driver-malformed-commands',
    'driver-unasked-responses',
    'exit-storm',
    'full-command-queue',
    'function-storm',
    'overflow',
    'processes',
    'resolver-killed',
    'resolver-out-of-memory',
    'resolver-stuck',
    'slow-resolver',
    'slow-unit',
    'steady',
  ]);
});

describe.each(await bundledNames('profile'))('the bundled profile %s', (name) => {
  test('can be planned, ends within ten seconds, and opens by saying what it shows', async () => {
    const file = await locateBundled('profile', name);
    const path = file.ok ? file.value : '';
    const profile = await readStormProfile(path, KNOWN);
    expect(profile).toMatchObject({ ok: true, value: { name } });
    if (!profile.ok) return;
    const plan = await planStorm(profile.value, {}, 1);
    expect(plan).toMatchObject({ ok: true, value: { name, seed: 1 } });
    if (plan.ok) expect(plan.value.durationSeconds).toBeLessThanOrEqual(10);
    expect(await readFile(path, 'utf8')).toMatch(/^# [^\n]+\.\n\w/);
  });
});

test('no text whatever makes the reader throw', () => {
  const field = fc.tuple(fc.constantFrom(...Object.keys(STORM_PROFILE_CHECKS)), fc.jsonValue());
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(field, { maxLength: 4 }).map((fields) => JSON.stringify(Object.fromEntries(fields))),
    fc
      .array(fc.constantFrom(...'{}[]&*!|>:-?#"\'a\n\t ,%'))
      .map((characters) => characters.join('')),
  );
  fc.assert(
    fc.property(text, (any) => {
      const outcome = parse(any);
      if (typeof outcome === 'string') expect(outcome).toMatch(/^storm profile storms\/mine\.yaml/);
    }),
    { numRuns: 2000 },
  );
});
