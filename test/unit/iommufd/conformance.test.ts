/**
 * Our iommufd answers as a real Linux 7.3.4 did: every operation of every recording, ids, errnos, bytes and page
 * responses. And the comparison is able to disagree.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MOCK_7_3 } from '../../../src/actors/mock-driver.ts';
import { type BadInput, badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { conformFile, type Disagreement } from '../../../src/scenarios/iommufd/conformance.ts';
import type { RecordedSequence } from '../../../src/scenarios/iommufd/recorded-sequence.ts';

const ORACLE = 'test/fixtures/oracle';

async function conform(file: string) {
  const disagreed: Disagreement[] = [];
  const refused: BadInput[] = [];
  const found = await conformFile(file, MOCK_7_3, {
    disagreed: (disagreement) => disagreed.push(disagreement),
    refused: (input) => refused.push(input),
    goesOn: () => true,
  });
  return { ...found, disagreed, refused: refused.map(badInputSentence) };
}

describe('recordings of Linux 7.3.4', () => {
  it.each([
    { file: 'hand.jsonl', sequences: 90, operations: 1_756 },
    { file: 'hand_partial.jsonl', sequences: 17, operations: 241 },
    { file: 'random.jsonl.gz', sequences: 6_000, operations: 206_683 },
    { file: 'random_partial.jsonl.gz', sequences: 1_500, operations: 51_176 },
  ])(
    'agree with us in all $operations operations of $file',
    async (recording) => {
      const { file, sequences, operations } = recording;
      const found = await conform(join(ORACLE, file));
      expect(found).toEqual({
        sequences,
        operations,
        agreed: operations,
        disagreed: [],
        refused: [],
      });
    },
    600_000,
  );
});

describe('a comparison', () => {
  let folder = '';
  let lines: string[] = [];
  const write = async (name: string, text: string | Buffer): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stormdrain-conform-'));
    lines = (await readFile(join(ORACLE, 'hand.jsonl'), 'utf8')).trimEnd().split('\n').slice(0, 8);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const sequence = (line: number): RecordedSequence => JSON.parse(lines[line] ?? '');

  it('names the sequence, the operation, both answers and the section where one byte differs', async () => {
    const recorded = sequence(0);
    const results = recorded.results.with(22, { ...recorded.results[22], err: 'EPERM' });
    const file = await write('wrong.jsonl', JSON.stringify({ ...recorded, results }));
    const { disagreed, agreed, operations } = await conform(file);
    expect(operations - agreed).toBe(1);
    expect(disagreed).toEqual([
      {
        file,
        line: 1,
        sequence: 'st_alloc_hwpt_nested',
        op: 22,
        operation: 'destroy',
        spec: '06-iommufd section 1, observations 29 and 30',
        expected: { ret: -1, err: 'EPERM', refs: { id: ['parent', 5] } },
        actual: { ret: -1, err: 'EBUSY', refs: { id: ['parent', 5] } },
      },
    ]);
  });

  it('looks at the end of a sequence too', async () => {
    const recorded = { ...sequence(0), end: { resp_close_ctx: [] } };
    const { disagreed } = await conform(await write('end.jsonl', JSON.stringify(recorded)));
    expect(disagreed).toMatchObject([{ operation: 'end', op: 65, actual: {} }]);
  });

  it('names a malformed line by file and number, and compares all others', async () => {
    const bad = [
      '{"name":1}',
      'garbage',
      '{"name":"x","kernel":"y","ops":[{}],"results":[{}],"end":{}}',
    ];
    const unknown = { ...sequence(0), ops: [{ op: 'fly' }], results: [{}] };
    const text = [...bad, JSON.stringify(unknown), ...lines].join('\n');
    const file = await write('malformed.jsonl', text);
    const { sequences, disagreed, refused } = await conform(file);
    expect({ sequences, disagreed }).toEqual({ sequences: 8, disagreed: [] });
    expect(refused.map((sentence) => sentence.replace(folder, ''))).toMatchInlineSnapshot(`
      [
        "iommufd recording /malformed.jsonl:1: "name" must be text, but is 1; mend that line or record the sequence again",
        "iommufd recording /malformed.jsonl:2 must hold one JSON object, but has "garbage"; mend that line or record the sequence again",
        "iommufd recording /malformed.jsonl:3: "ops[0]" must be an object with the name of an operation, but is a mapping; mend that line or record the sequence again",
        "iommufd recording /malformed.jsonl:4 must hold operations that can be replayed, but has one that cannot: there is no operation "fly"; mend that line or record the sequence again",
      ]
    `);
  });

  it('reads on behind a line that is not UTF-8, and gzipped lines like plain ones', async () => {
    const text = Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from(lines.join('\n'))]);
    const { sequences, disagreed, refused } = await conform(
      await write('b.jsonl.gz', gzipSync(text)),
    );
    expect({ sequences, disagreed, refusals: refused.length }).toEqual({
      sequences: 8,
      disagreed: [],
      refusals: 1,
    });
  });

  it('refuses a file without a sequence', async () => {
    const { refused } = await conform(await write('empty.jsonl', '\n'));
    expect(refused).toHaveLength(1);
  });
});
