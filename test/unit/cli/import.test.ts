/**
 * Goal:   `import` keeps its contract: JSON fields, exit codes, one sentence on stderr for what is wrong.
 * Method: the whole command line over real captures, writing into a folder of the test's own.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import { environmentWith, recorded } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-import-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const capture = (file: string): string =>
  fileURLToPath(new URL(`../../fixtures/captures/${file}`, import.meta.url));

/** Headings, blank lines and text: none of it a trace's. */
const PROSE = fileURLToPath(new URL('../../../README.md', import.meta.url));

async function run(args: readonly string[], changed: Partial<Environment> = {}) {
  const { environment, stdout, stderr } = environmentWith(changed);
  const code = await runCommandLine(['import', ...args], environment);
  const here = (text: string): string =>
    text.replaceAll(folder, 'DIR').replaceAll(capture(''), 'CAPTURES/');
  return { code, stdout: here(stdout()), stderr: here(stderr()) };
}

test('with --json prints one object with every field of the contract', async () => {
  const ended = await run([capture('bad_requests.txt'), '--json']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(ended.stdout)).toEqual({
    schema: 'stormdrain.import/1',
    file: 'CAPTURES/bad_requests.txt',
    lines: 40,
    bytes: 3885,
    events: 28,
    eventsByKind: {
      'page-group.responded': 10,
      'page-request.reported': 8,
      'invalidation.submitted': 6,
      'cache-tag.assigned': 2,
      'cache-tag.unassigned': 2,
    },
    skipped: 0,
    skippedByName: {},
    malformed: 0,
    malformedLines: [],
    lost: 0,
    lossPlaces: 0,
    brokenOff: null,
    interrupted: false,
    devices: 1,
    deviceList: [{ unit: 'dmar0', device: '0000:00:05.0', rid: 0x28, requests: 8, answers: 10 }],
    pasids: 2,
    pasidList: [1, 99],
    load: {
      pasidsPerDevice: 1,
      groups: {
        requests: 8,
        writes: 1,
        complete: 7,
        untraced: 3,
        unfinished: 0,
        answers: { success: 1, invalid: 9, failure: 0 },
        sizes: [0, 6, 1],
      },
      arrivals: { rate: expect.any(Number), seconds: expect.closeTo(0.289517, 6) },
      detaches: 0,
      missedReports: 0,
    },
    profile: {
      name: 'bad_requests',
      devices: 1,
      pasids: 1,
      groups: 10,
      rate: 31.0863,
      groupPages: { min: 1, max: 2, shares: [0.857143, 0.142857] },
      writeShare: 0.125,
      invalidGroupShare: 0.9,
    },
    notes: [],
    profileFile: null,
    traceFile: null,
  });
});

test('tells what it read, what it left out, and what to do next', async () => {
  const lines = [
    '# tracer: nop',
    '  bash-9  [000] d..2.  1.000001: sched_switch: prev_comm=bash',
    ' irq/24-dmar0-pr-36 [000] ..... 1.1: prq_report: dmar0/0000:00:05.0 seq# 3: rid=0x28 addr=0x1 rw--l pasid=0x1 index=0x4',
    'CPU:1 [LOST 7 EVENTS]',
    ' irq/24-dmar0-pr-36 [000] ..... 1.2: prq_report: dmar0/0000:00:05.0 seq#',
    '\u001b[31mnonsense',
  ];
  writeFileSync(join(folder, 'mixed.txt'), lines.join('\n'));
  const ended = await run([join(folder, 'mixed.txt'), '--out', join(folder, 'out')]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(`\n${ended.stdout}`).toMatchInlineSnapshot(`
    "
    capture DIR/mixed.txt   6 lines   304 bytes
      events             1  page-request.reported 1
      skipped            1  sched_switch 1
      malformed          2
      lost               7
      devices            1  dmar0/0000:00:05.0
      PASIDs             1  1
      groups             1  pace unknown; 0 known by their answer alone; by pages 1: 1
      answers            0  0 success, 0 invalid, 0 failure
      DIR/mixed.txt:5: "prq_report" does not read: irq/24-dmar0-pr-36 [000] ..... 1.2: prq_report: dmar0/0000:00:05.0 seq#
      DIR/mixed.txt:6: it is no line of a trace: \\u{1b}[31mnonsense
      note  events that the recorder lost: 7, places where: 1
      note  how fast groups came cannot be told: the profile offers them as fast as it can
      profile  DIR/out/mixed.yaml
      trace    DIR/out/mixed.events.jsonl
    offer the same load: npx stormdrain storm DIR/out/mixed.yaml
    "
  `);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['mixed.events.jsonl', 'mixed.yaml']);
  expect(`\n${readFileSync(join(folder, 'out', 'mixed.yaml'), 'utf8')}`).toMatchInlineSnapshot(`
    "
    # The load of the kernel capture mixed; page requests: 1
    # groups seen whole: 1, known by their answer alone: 0
    # events that the recorder lost: 7, places where: 1
    # how fast groups came cannot be told: the profile offers them as fast as it can
    name: mixed
    devices: 1
    pasids: 1
    groups: 1
    groupPages:
      min: 1
      max: 1
    writeShare: 1
    invalidGroupShare: 0
    "
  `);
  expect(
    `\n${readFileSync(join(folder, 'out', 'mixed.events.jsonl'), 'utf8')}`,
  ).toMatchInlineSnapshot(`
    "
    {"schema":"stormdrain.events/1","source":"kernel-capture","from":"mixed.txt"}
    {"time":1.1,"thread":"irq/24-dmar0-pr-36","cpu":0,"line":3,"kind":"page-request.reported","fields":{"unit":"dmar0","device":"0000:00:05.0","sequence":3,"rid":40,"pasid":1,"index":4,"pfn":1,"read":true,"write":true,"exec":false,"privileged":false,"last":true}}
    {"cpu":1,"line":4,"kind":"events.lost","fields":{"count":7}}
    "
  `);
});

test('refuses what it cannot take with 2 and one sentence', async () => {
  const file = capture('single_page.txt');
  const sentences: string[] = [];
  for (const args of [
    [],
    ['--json'],
    [join(folder, 'nowhere')],
    [file, file],
    [file, '--out'],
    [file, '--out='],
    [file, '--json=yes'],
    [file, '--ouy', 'x'],
    [PROSE],
  ]) {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    sentences.push(ended.stderr.replaceAll(PROSE, 'PROSE'));
  }
  expect(`\n${sentences.join('')}`).toMatchInlineSnapshot(`
    "
    stormdrain: import needs the file of a capture; see "stormdrain import --help"
    stormdrain: import needs the file of a capture; see "stormdrain import --help"
    stormdrain: cannot read kernel capture DIR/nowhere: there is no such file; check the path
    stormdrain: "CAPTURES/single_page.txt" is one argument too many: import takes one capture
    stormdrain: --out must be followed by a value, but is given alone; see "stormdrain import --help"
    stormdrain: cannot write : no folder can be made there; try another folder
    stormdrain: --json must be given alone, but is "yes"; see "stormdrain import --help"
    stormdrain: there is no option "--ouy"; did you mean "--out"?
    stormdrain: kernel capture PROSE must hold events of a trace, but has none, and "Stormdrain is a laboratory for I/O page faults: PCIe devices…" in line 3; give the text of trace, trace_pipe, "trace-cmd report" or "perf script", plain or gzipped
    "
  `);
});

test('interrupted, it reports what it read and writes nothing', async () => {
  const out = join(folder, 'none');
  const args = [capture('overflow.txt.gz'), '--json', '--out', out];
  const ended = await run(args, { signal: AbortSignal.abort() });
  expect(ended.code).toBe(130);
  expect(JSON.parse(ended.stdout)).toMatchObject({ interrupted: true, traceFile: null });
  expect(readdirSync(out)).toEqual([]);
});

test('shows how far it is on a terminal, and clears the line', async () => {
  const terminal = recorded(true);
  let time = 0;
  await run([capture('overflow.txt.gz')], {
    stderr: terminal.output,
    now: () => {
      time += 1000;
      return time;
    },
  });
  const shown = terminal.text().split('\r\u001b[K');
  expect([shown[0], shown.at(-1)]).toEqual(['', '']);
  expect(shown.slice(1, -1).length).toBeGreaterThan(1);
  for (const figure of shown.slice(1, -1)) expect(figure).toMatch(/^\d MB read$/);
});

test('has a help of its own', async () => {
  const ended = await run(['--help']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  for (const option of ['--out', '--json', '--help']) expect(ended.stdout).toContain(`  ${option}`);
});
