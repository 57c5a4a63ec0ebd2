/** Goal: every argument lands where it belongs, and a bad one is named with what it should have been. */
import { expect, test } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.ts';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';

function read(...args: string[]) {
  const invocation = readArguments(args);
  return invocation.ok ? invocation.value : badInputSentence(invocation.error);
}

const NOWHERE = { inspect: false, inspectPort: undefined };

test('a storm without arguments is a storm of the bundled processes', () => {
  expect(read('storm')).toEqual({
    kind: 'storm',
    storm: {
      profile: 'processes',
      overrides: {},
      seed: undefined,
      json: false,
      repeat: [],
      ...NOWHERE,
    },
  });
});

test('every option of a storm is read, wherever the profile stands', () => {
  const args = [
    ...['--devices', '64', '--pasids=1k', '--workers', '0', 'my.yaml', '--duration', '500ms'],
    ...['--rate', '1.5M', '--driver', 'vtd@7.3', '--quirk', 'a', '--quirk', 'b'],
    ...['--process', 'gzip', '--process', 'x y.jsonl', '--seed', '0x2a', '--json'],
    '--record=a.jsonl',
  ];
  // 1k is 1000: PASIDs end at 1024
  expect(read('storm', ...args)).toMatchInlineSnapshot(`
    {
      "kind": "storm",
      "storm": {
        "inspect": false,
        "inspectPort": undefined,
        "json": true,
        "overrides": {
          "devices": 64,
          "driver": "vtd@7.3",
          "end": {
            "durationSeconds": 0.5,
            "kind": "duration",
          },
          "pasids": 1000,
          "processes": [
            "gzip",
            "x y.jsonl",
          ],
          "quirks": [
            "a",
            "b",
          ],
          "rate": 1500000,
          "workers": 0,
        },
        "profile": "my.yaml",
        "record": "a.jsonl",
        "repeat": [
          "--devices",
          "64",
          "--pasids",
          "1k",
          "--workers",
          "0",
          "my.yaml",
          "--duration",
          "500ms",
          "--rate",
          "1.5M",
          "--driver",
          "vtd@7.3",
          "--quirk",
          "a",
          "--quirk",
          "b",
          "--process",
          "gzip",
          "--process",
          "x y.jsonl",
          "--json",
          "--record",
          "a.jsonl",
        ],
        "seed": 42,
      },
    }
  `);
});

test('groups end a storm in place of a duration', () => {
  expect(read('storm', '--groups', '250k')).toMatchObject({
    storm: { overrides: { end: { kind: 'groups', groups: 250_000 } } },
  });
});

test('help outweighs mistakes, and the version is asked for without a command', () => {
  expect([
    read(),
    read('--help'),
    read('-h'),
    read('help'),
    read('storm', '--devices', 'x', '--nonsense', '--help'),
    read('storm', '-h'),
    read('--version'),
  ]).toEqual(
    [
      'general-help',
      'general-help',
      'general-help',
      'general-help',
      'storm-help',
      'storm-help',
      'version',
    ].map((kind) => ({ kind })),
  );
});

test('a mistake is one sentence that says what was expected and got', () => {
  const sentences = [
    ['strom'],
    ['--verson'],
    ['dance'],
    ['orders', 'vtd', '--driver', 'vtd'],
    ['campaign', '--redis', 'h:1'],
    ['storm', '--devcies', '3'],
    ['storm', '--json=yes'],
    ['storm', '-x'],
    ['storm', '--devices', '65'],
    ['storm', '--devices', '0'],
    ['storm', '--devices', '1.5'],
    ['storm', '--devices', '-1'],
    ['storm', '--devices', '--json'],
    ['storm', '--devices'],
    ['storm', '--pasids', '1025'],
    ['storm', '--workers', '17'],
    ['storm', '--duration', 'long'],
    ['storm', '--duration', '0s'],
    ['storm', '--groups', '1e11'],
    ['storm', '--rate', '0'],
    ['storm', '--seed', '4294967296'],
    ['storm', '--groups', '5', '--duration', '5s'],
    ['storm', '--driver'],
    ['storm', 'steady', 'burst'],
    ['storm', '--', '--steady', '--burst'],
    ['storm', '--record'],
    ['storm', '--report'],
    ['storm', '--constructor'],
  ].map((args) => read(...args));
  expect(sentences).toMatchInlineSnapshot(`
    [
      "there is no command "strom"; did you mean "storm"?",
      "there is no option "--verson"; did you mean "--version"?",
      "there is no command "dance"; see --help for those there are",
      "there is no option "--driver"; see --help for those there are",
      "--redis must be a URL such as redis://host:6379, but is "h:1"; see "stormdrain campaign --help"",
      "there is no option "--devcies"; did you mean "--devices"?",
      "--json must be given alone, but is "yes"; see "stormdrain storm --help"",
      "there is no option "-x"; see --help for those there are",
      "--devices must be a whole number from 1 to 64, but is "65"; see "stormdrain storm --help"",
      "--devices must be a whole number from 1 to 64, but is "0"; see "stormdrain storm --help"",
      "--devices must be a whole number from 1 to 64, but is "1.5"; see "stormdrain storm --help"",
      "--devices must be a whole number from 1 to 64, but is "-1"; see "stormdrain storm --help"",
      "--devices must be a whole number from 1 to 64, but is "--json"; see "stormdrain storm --help"",
      "--devices must be a whole number from 1 to 64, but is nothing; see "stormdrain storm --help"",
      "--pasids must be a whole number from 1 to 1024, but is "1025"; see "stormdrain storm --help"",
      "--workers must be a whole number from 0 to 16, but is "17"; see "stormdrain storm --help"",
      "--duration must be a number above 0, at most 86400 seconds, such as 500ms, 10s or 2m, but is "long"; see "stormdrain storm --help"",
      "--duration must be a number above 0, at most 86400 seconds, such as 500ms, 10s or 2m, but is "0s"; see "stormdrain storm --help"",
      "--groups must be a whole number from 1 to 10000000000, but is "1e11"; see "stormdrain storm --help"",
      "--rate must be a number above 0, at most 1000000000, but is "0"; see "stormdrain storm --help"",
      "--seed must be a whole number from 0 to 4294967295, but is "4294967296"; see "stormdrain storm --help"",
      "--groups and --duration exclude each other; give one of them",
      "--driver must be followed by a value, but is given alone; see "stormdrain storm --help"",
      ""burst" is one argument too many: storm takes one profile",
      ""--burst" is one argument too many: storm takes one profile",
      "--record must be followed by a value, but is given alone; see "stormdrain storm --help"",
      "--report must be followed by a value, but is given alone; see "stormdrain storm --help"",
      "there is no option "--constructor"; see --help for those there are",
    ]
  `);
});
