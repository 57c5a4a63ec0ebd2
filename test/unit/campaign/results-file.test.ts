/**
 * Goal:   whatever a kill or a disk does to the results file, what was whole is read and what was not is dropped.
 * Method: real files, cut at every byte of their last line, and damaged in the middle.
 */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import type { JobRecord } from '../../../src/campaign/job-record.ts';
import { ResultsFile, readRecords, recordLine } from '../../../src/campaign/results-file.ts';
import { explored, failed, record, search, storm, stormed, trace, walks } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-results-'));
const FIRST = record(search('a'), explored({ trace: trace(1, 'unbind'), verdict: 'violated' }));
const SECOND = record(storm(1), stormed());
const THIRD = record(walks(1), failed('died'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);

async function appended(path: string, records: readonly JobRecord[]): Promise<void> {
  const results = await ResultsFile.open(path);
  if (!results.ok) throw new Error(results.error.code);
  await Promise.all(records.map((each) => results.value.append(each)));
  await results.value.close();
}

async function read(path: string) {
  const records = await readRecords(path);
  if (!records.ok) throw new Error(records.error.code);
  return records.value;
}

describe('a results file', () => {
  it('reads what was appended, in one session or in two', async () => {
    const path = file('two');
    await appended(path, [FIRST, SECOND]);
    await appended(path, [THIRD]);
    expect(await read(path)).toEqual({ records: [FIRST, SECOND, THIRD], dropped: 0 });
  });

  it('drops a last line that is cut anywhere, and goes on behind it', async () => {
    const path = file('cut');
    const whole = `\n${recordLine(SECOND)}${recordLine(THIRD)}`;
    const start = 1 + recordLine(SECOND).length;
    for (let length = start; length < whole.length - 1; length += length < start + 60 ? 9 : 29) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      await appended(path, [FIRST]);
      const dropped = length === start ? 0 : 1;
      expect(await read(path), `cut to ${length}`).toEqual({ records: [SECOND, FIRST], dropped });
    }
  });

  it('keeps a last line that lacks nothing but its end', async () => {
    const path = file('end');
    writeFileSync(path, recordLine(SECOND).trimEnd());
    await appended(path, [FIRST]);
    expect(await read(path)).toEqual({ records: [SECOND, FIRST], dropped: 0 });
  });

  it('drops a line that was damaged in any byte, and none beside it', async () => {
    const path = file('damaged');
    const lines = [recordLine(SECOND), recordLine(THIRD), recordLine(FIRST)];
    const [first = '', second = '', third = ''] = lines;
    for (let at = 0; at < second.length - 1; at += 7) {
      const byte = second[at] === '0' ? '1' : '0';
      const damaged = second.slice(0, at) + byte + second.slice(at + 1);
      writeFileSync(path, first + damaged + third);
      expect(await read(path), `damaged at ${at}`).toEqual({
        records: [SECOND, FIRST],
        dropped: 1,
      });
    }
  });

  it('drops zeros, as a disk leaves them that lost its power, and foreign lines', async () => {
    const path = file('zeros');
    writeFileSync(path, `${'\0'.repeat(300)}\n{"record":1}\nhello\n${recordLine(SECOND)}`);
    expect(await read(path)).toEqual({ records: [SECOND], dropped: 3 });
  });

  it('writes many that come at once with few writings, each whole', async () => {
    const path = file('many');
    const many = Array.from({ length: 200 }, (_, seed) => record(storm(seed), stormed()));
    await appended(path, many);
    expect((await read(path)).records).toEqual(many);
    expect(readFileSync(path, 'utf8').split('\n').filter(Boolean).length).toBe(200);
  });
});
