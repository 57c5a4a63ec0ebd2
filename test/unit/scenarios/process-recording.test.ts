/**
 * Goal:   a recording is read exactly, and the first thing wrong with one is named in one sentence.
 * Method: the bundled recordings against the format's table; one small broken file a breakage.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import { readProcessRecording } from '../../../src/scenarios/process-recording.ts';

const HEADER = '{"schema":"stormdrain.process/1","program":"tiny","pageBytes":4096}';
const EXIT = '{"op":"exit"}';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormdrain-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads `content` as a file of the name and gives its value, or the sentence without the folder. */
async function read(content: string | Buffer, name = 'tiny.jsonl') {
  const file = join(folder, name);
  await writeFile(file, content);
  const recording = await readProcessRecording(file);
  return recording.ok
    ? recording.value
    : badInputSentence(recording.error).replaceAll(`${folder}/`, '');
}

const withEvents = (...events: string[]) => read([HEADER, ...events, EXIT, ''].join('\n'));

describe('a good recording', () => {
  test('keeps every field of every operation, in order', async () => {
    const recording = await withEvents(
      '{"op":"map","pfn":"0x108","pages":3,"prot":"r","shared":false,"image":true}',
      '{"op":"map","pfn":"0x200","pages":8,"prot":"","shared":true}',
      '{"op":"map","pfn":"0x300","pages":1,"prot":"rw","shared":false,"heap":true}',
      '{"op":"protect","pfn":"0x108","pages":1,"prot":"rx"}',
      '{"op":"touch","pfn":"0x109","access":"xw"}',
      '{"op":"unmap","pfn":"0x7FFFFFFFF","pages":1}',
    );
    expect(recording).toEqual({
      program: 'tiny',
      operations: [
        {
          kind: 'map',
          pfn: 0x108,
          pages: 3,
          prot: { read: true, write: false, exec: false },
          shared: false,
          image: true,
          heap: false,
        },
        {
          kind: 'map',
          pfn: 0x200,
          pages: 8,
          prot: { read: false, write: false, exec: false },
          shared: true,
          image: false,
          heap: false,
        },
        {
          kind: 'map',
          pfn: 0x300,
          pages: 1,
          prot: { read: true, write: true, exec: false },
          shared: false,
          image: false,
          heap: true,
        },
        {
          kind: 'protect',
          pfn: 0x108,
          pages: 1,
          prot: { read: true, write: false, exec: true },
        },
        { kind: 'touch', pfn: 0x109, access: { read: false, write: true, exec: true } },
        { kind: 'unmap', pfn: 2 ** 35 - 1, pages: 1 },
        { kind: 'exit' },
      ],
    });
  });

  test.each(['gzip', 'sort', 'sqlite3'])('%s, as bundled, is read line for line', async (name) => {
    const file = `load/processes/${name}.jsonl`;
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(1);
    const recording = await readProcessRecording(file);
    expect(recording).toMatchObject({ ok: true, value: { program: name } });
    const kinds = recording.ok ? recording.value.operations.map(({ kind }) => kind) : [];
    expect(kinds).toEqual(lines.map((line) => JSON.parse(line).op));
  });

  test('may be compressed, end without a newline, and use CRLF', async () => {
    const text = [HEADER, '{"op":"touch","pfn":"0x1","access":"r"}', EXIT].join('\r\n');
    const plain = await read(text);
    expect(plain).toMatchObject({ program: 'tiny', operations: [{ kind: 'touch' }, {}] });
    expect(await read(gzipSync(text), 'tiny.jsonl.gz')).toEqual(plain);
  });

  test('may carry fields this reader does not know, from a newer recorder', async () => {
    const recording = await withEvents('{"op":"touch","pfn":"0x1","access":"r","thread":7}');
    expect(recording).toMatchObject({ operations: [{ kind: 'touch', pfn: 1 }, {}] });
  });
});

test('a broken event is named by line, field, what was expected and got', async () => {
  const sentences: unknown[] = [];
  for (const event of [
    '{"op":"map","pfn":"zz","pages":1,"prot":"r"}',
    '{"op":"map","pfn":4096,"pages":1,"prot":"r"}',
    '{"op":"map","pfn":"0x800000000","pages":1,"prot":"r"}',
    '{"op":"map","pfn":"0x1","pages":0,"prot":"r"}',
    '{"op":"map","pfn":"0x1","pages":1.5,"prot":"r"}',
    '{"op":"map","pfn":"0x7ffffffff","pages":2,"prot":"r"}',
    '{"op":"map","pfn":"0x1","pages":1,"prot":"rq"}',
    '{"op":"map","pfn":"0x1","pages":1,"prot":"r","shared":"no"}',
    '{"op":"unmap","pfn":"0x1"}',
    '{"op":"protect","pfn":"0x1","pages":1}',
    '{"op":"touch","pfn":"0x1","access":""}',
    '{"op":"touch","pfn":"0x1","access":"rr"}',
    '{"op":"fork"}',
    '{}',
    '[]',
    'null',
    '{"op":"touch"',
    EXIT,
    `{"op":"touch","pfn":"\\u001b[31m${'9'.repeat(100)}","access":"r"}`,
    `{"op":"${'x'.repeat(5000)}"}`,
  ]) {
    sentences.push(await withEvents(event));
  }
  expect(sentences).toMatchInlineSnapshot(`
    [
      "process recording tiny.jsonl:2: "pfn" must be a hex page frame below 0x800000000 (2^35), but is "zz"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pfn" must be a hex page frame below 0x800000000 (2^35), but is 4096; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pfn" must be a hex page frame below 0x800000000 (2^35), but is "0x800000000"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pages" must be a whole number from 1 to 34359738368, but is 0; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pages" must be a whole number from 1 to 34359738368, but is 1.5; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pages" must be at most 1, to end below 2^35, but is 2; mend that line or record the process again",
      "process recording tiny.jsonl:2: "prot" must be letters of "rwx", each at most once, or empty, but is "rq"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "shared" must be true or false, but is "no"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pages" must be a whole number from 1 to 34359738368, but is nothing; mend that line or record the process again",
      "process recording tiny.jsonl:2: "prot" must be letters of "rwx", each at most once, or empty, but is nothing; mend that line or record the process again",
      "process recording tiny.jsonl:2: "access" must be one or more letters of "rwx", each at most once, but is ""; mend that line or record the process again",
      "process recording tiny.jsonl:2: "access" must be one or more letters of "rwx", each at most once, but is "rr"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "op" must be one of map, unmap, protect, touch, exit, but is "fork"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "op" must be one of map, unmap, protect, touch, exit, but is nothing; mend that line or record the process again",
      "process recording tiny.jsonl:2: the line must be a mapping of fields, but is a list; mend that line or record the process again",
      "process recording tiny.jsonl:2: the line must be a mapping of fields, but is nothing; mend that line or record the process again",
      "process recording tiny.jsonl:2 must hold one JSON object, but has "{"op":"touch""; mend that line or record the process again",
      "process recording tiny.jsonl:3 must hold nothing after "exit", but has "{"op":"exit"}"; mend that line or record the process again",
      "process recording tiny.jsonl:2: "pfn" must be a hex page frame below 0x800000000 (2^35), but is "\\u{1b}[31m9999999999999999999999999999999999999999999999999999999…"; mend that line or record the process again",
      "process recording tiny.jsonl:2 is too big: a line must be under 4096 bytes; split or shorten it",
    ]
  `);
});

describe('a broken file', () => {
  test('of another schema is refused at its first line', async () => {
    expect(await read('{"schema":"stormdrain.process/9","program":"x"}\n')).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1: "schema" must be "stormdrain.process/1", but is "stormdrain.process/9"; mend that line or record the process again"`,
    );
  });

  test('with pages of another size is refused', async () => {
    const header = HEADER.replace('4096', '16384');
    expect(await read(`${header}\n${EXIT}\n`)).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1: "pageBytes" must be 4096, but is 16384; mend that line or record the process again"`,
    );
  });

  test('without a program is refused', async () => {
    expect(await read('{"schema":"stormdrain.process/1"}\n')).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1: "program" must be a text of 1 to 256 characters, but is nothing; mend that line or record the process again"`,
    );
  });

  test('that is empty is refused', async () => {
    expect(await read('')).toMatchInlineSnapshot(
      `"process recording tiny.jsonl must hold a first line with "schema": "stormdrain.process/1", but has no line at all; mend that line or record the process again"`,
    );
  });

  test('cut off before its exit is refused at its last line', async () => {
    expect(await read(`${HEADER}\n`)).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1 must hold "exit" as its last event, but has an end without it; mend that line or record the process again"`,
    );
  });

  test('that is not text is refused', async () => {
    expect(await read(Buffer.from([0xff, 0xfe, 0x0a]))).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1 must hold UTF-8 text, but has other bytes; mend that line or record the process again"`,
    );
  });

  test('that never ends its line is given up within the limit of a line', async () => {
    expect(await read('x'.repeat(200_000))).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1 is too big: a line must be under 4096 bytes; split or shorten it"`,
    );
  });

  test('of too many events is given up', { timeout: 60_000 }, async () => {
    const touch = '{"op":"touch","pfn":"0x1","access":"r"}\n';
    expect(await read(`${HEADER}\n${touch.repeat(1_000_001)}`)).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:1000002 is too big: a recording may hold 1000000 events; split or shorten it"`,
    );
  });

  test('of more mappings at once than an address space holds is given up', async () => {
    const maps = Array.from({ length: 513 }, (_, index) => {
      const pfn = (index * 2).toString(16);
      return `{"op":"map","pfn":"0x${pfn}","pages":1,"prot":"r"}`;
    });
    expect(await withEvents(...maps.slice(0, 512))).toMatchObject({ program: 'tiny' });
    expect(await withEvents(...maps)).toMatchInlineSnapshot(
      `"process recording tiny.jsonl:514 is too big: a process may hold 512 mappings at once; split or shorten it"`,
    );
  });

  test('that is only named like a compressed one is refused', async () => {
    expect(await read(HEADER, 'plain.gz')).toMatchInlineSnapshot(
      `"cannot read process recording plain.gz: it is not a gzip file, or a damaged one; check the path"`,
    );
  });

  test('compressed and cut short is refused', async () => {
    const whole = gzipSync(`${HEADER}\n${EXIT}\n`);
    expect(await read(whole.subarray(0, 40), 'short.gz')).toMatchInlineSnapshot(
      `"cannot read process recording short.gz: the gzip file ends early; check the path"`,
    );
  });

  test('that does not exist, or is a folder, is refused', async () => {
    const sentences: string[] = [];
    for (const file of ['nowhere.jsonl', 'load', 'package.json/x', 'bad\u001bname']) {
      const recording = await readProcessRecording(file);
      sentences.push(recording.ok ? 'read' : badInputSentence(recording.error));
    }
    expect(sentences).toMatchInlineSnapshot(`
      [
        "cannot read process recording nowhere.jsonl: there is no such file; check the path",
        "cannot read process recording load: it is a directory; check the path",
        "cannot read process recording package.json/x: there is no such file; check the path",
        "cannot read process recording bad\\u{1b}name: there is no such file; check the path",
      ]
    `);
  });
});

test('no text whatever makes the reader throw', async () => {
  const event = fc.oneof(
    fc.json(),
    fc
      .record(
        {
          op: fc.constantFrom('map', 'unmap', 'protect', 'touch', 'exit', 'other'),
          pfn: fc.oneof(fc.constantFrom('0x1', '0xfffffffff', ''), fc.anything()),
          pages: fc.oneof(fc.integer(), fc.double(), fc.string()),
          prot: fc.constantFrom('r', 'rwx', '', 'q', 3),
          access: fc.constantFrom('r', 'rwx', '', 'q', 3),
        },
        { requiredKeys: [] },
      )
      .map((fields) => JSON.stringify(fields)),
    fc.string(),
  );
  const content = fc.oneof(
    fc.string(),
    fc.array(event).map((events) => [HEADER, ...events].join('\n')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(content, fc.constantFrom('any.jsonl', 'any.gz'), async (any, name) => {
      const outcome = await read(any, name);
      if (typeof outcome === 'string')
        expect(outcome).toMatch(/^(cannot read )?process recording|cannot read/);
    }),
    { numRuns: 300 },
  );
});
