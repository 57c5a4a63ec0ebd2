/** `conform` on the command line: arguments, output, exit codes. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runCommandLine } from '../../../src/cli/command-line.ts';
import { environmentWith } from './fixture.ts';

const HAND = 'test/fixtures/oracle/hand_partial.jsonl';

async function run(...args: readonly string[]) {
  const { environment, stdout, stderr } = environmentWith({});
  const code = await runCommandLine(['conform', ...args], environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

let folder = '';
let wrong = '';
let malformed = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormdrain-conform-'));
  wrong = join(folder, 'wrong.jsonl');
  malformed = join(folder, 'malformed.jsonl');
  const [line = ''] = (await readFile(HAND, 'utf8')).split('\n');
  await writeFile(wrong, line.replace('"report":"OK"', '"report":"EINVAL"'));
  await writeFile(malformed, `nonsense\n${line}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

describe('conform', () => {
  test('says that a recording agrees', async () => {
    const { code, stdout, stderr } = await run(HAND);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${HAND}: 17 sequences, 241 operations, all agree\n`,
      stderr: '',
    });
  });

  test('tells each disagreement with both answers and ends with 1', async () => {
    const { code, stdout } = await run(wrong);
    expect(code).toBe(1);
    expect(stdout).toContain('DISAGREED pg_basic_group, operation 5, iopf');
    expect(stdout).toContain('see      01-iopf-core section 4');
    expect(stdout).toContain('1 disagreements');
  });

  test('writes one JSON object over all files', async () => {
    const { code, stdout } = await run('--json', HAND, wrong);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'stormdrain.conform/1',
      sequences: 18,
      disagreed: [{ sequence: 'pg_basic_group', op: 5, expected: { report: 'EINVAL' } }],
    });
  });

  test('names a malformed line, goes on, and ends with 2', async () => {
    const { code, stdout, stderr } = await run(malformed);
    expect(code).toBe(2);
    expect(stderr).toContain('malformed.jsonl:1 must hold one JSON object, but has "nonsense"');
    expect(stdout).toContain('1 sequences');
  });

  test.each([
    { args: [], says: 'conform needs one or more recordings' },
    { args: ['--driver', 'mok@7.3', HAND], says: 'did you mean "mock@7.3"' },
    { args: ['--jsn', HAND], says: 'did you mean "--json"' },
    { args: ['nowhere.jsonl'], says: 'there is no such file' },
  ])('refuses $args', async ({ args, says }) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  test('has a help of its own', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('usage: stormdrain conform FILE...');
  });
});
