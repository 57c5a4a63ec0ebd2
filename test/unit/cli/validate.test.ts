/**
 * Goal:   `validate` keeps its contract: JSON fields, exit codes, one sentence on stderr for what is wrong.
 * Method: the whole command line over real captures.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import type { Environment } from '../../../src/cli/storm-command.ts';
import { environmentWith } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-validate-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const capture = (file: string): string =>
  fileURLToPath(new URL(`../../fixtures/captures/${file}`, import.meta.url));

async function run(args: readonly string[], changed: Partial<Environment> = {}) {
  const known = { drivers: driverNames, quirks: quirkIds };
  const { environment, stdout, stderr } = environmentWith({ known, ...changed });
  const code = await runCommandLine(['validate', ...args], environment);
  const here = (text: string): string =>
    text.replaceAll(folder, 'DIR').replaceAll(capture(''), 'CAPTURES/');
  return { code, stdout: here(stdout()), stderr: here(stderr()) };
}

test('with --json prints one object with every field of the contract', async () => {
  const ended = await run([capture('process_exit.txt'), '--json']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(ended.stdout)).toEqual({
    schema: 'stormdrain.validate/1',
    file: 'CAPTURES/process_exit.txt',
    driver: 'vtd@7.3',
    quirks: [],
    recorded: null,
    accepted: true,
    firstRejected: null,
    limitedAt: null,
    events: 21,
    judged: 21,
    notJudged: [],
    broken: [],
    brokenTotal: 0,
    places: 1,
    requests: 11,
    answers: 3,
    open: 0,
    unknown: 0,
    losses: 0,
    notes: [],
  });
});

test('says on one screen where a trace is rejected, and what could have stood there', async () => {
  const ended = await run([capture('patched_process_exit.txt')]);
  expect(ended.code).toBe(1);
  expect(`\n${ended.stdout}`).toMatchInlineSnapshot(`
    "
    trace CAPTURES/patched_process_exit.txt, judged by vtd@7.3
      events           24  18 of them say something of the model
      places            1  devices, and their PASIDs
      requests         10
      answers           2
    REJECTED at CAPTURES/patched_process_exit.txt:30: invalidation.submitted
      nothing that dmar0: device 0x28, PASID 1 may be doing shows inv_wait here
      what could have stood there:
        cache_tag_unassign iotlb, by unbind-sva-of-process of dmar0: device 0x28, PASID 1
    "
  `);
});

test.each([
  [['nowhere.txt'], 'there is no such file'],
  [[], 'validate needs the file of a trace'],
  [[capture('single_page.txt'), 'more'], 'validate takes one trace'],
  [[capture('single_page.txt'), '--driver', 'vtd@7'], 'there is no driver "vtd@7"'],
  [[capture('single_page.txt'), '--driver', 'amd'], 'judge it by vtd or vtd@7.3'],
  [[capture('single_page.txt'), '--quirk', 'nothing'], 'there is no quirk "nothing"'],
])('%j is bad usage, in one sentence', async (args, sentence) => {
  const ended = await run(args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(sentence);
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a file that holds something else is bad input, and so is a damaged header', async () => {
  const prose = fileURLToPath(new URL('../../../README.md', import.meta.url));
  expect(await run([prose])).toMatchObject({ code: 2, stdout: '' });
  const damaged = join(folder, 'damaged.txt');
  writeFileSync(damaged, '# tracer: nop\n# stormdrain.recording/1 {"from":1}\n');
  const ended = await run([damaged]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('from, driver, quirks, seed and complete');
  const events = join(folder, 'damaged.jsonl');
  const header = '{"schema":"stormdrain.events/1","source":"kernel-capture","from":"x"}';
  writeFileSync(events, `${header}\n{"kind":3}\n`);
  expect((await run([events])).stderr).toContain('event trace DIR/damaged.jsonl:2');
});

test('an interrupt ends it, and nothing is printed', async () => {
  const ended = await run([capture('overflow.txt.gz')], { signal: AbortSignal.abort() });
  expect(ended).toEqual({ code: 130, stdout: '', stderr: '' });
});
