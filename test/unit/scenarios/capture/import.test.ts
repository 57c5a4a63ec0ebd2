/**
 * Goal:   a file is read whatever its size, packing and end; what is written is whole or not there.
 * Method: real captures, packed, cut, renamed and repeated in a folder of the test's own.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { badInputSentence } from '../../../../src/scenarios/bad-input.ts';
import { captureLines, LINE_LENGTH_MAX } from '../../../../src/scenarios/capture/capture-lines.ts';
import { importCapture } from '../../../../src/scenarios/capture/import-capture.ts';
import { capturePath, captureText, linesOf, readLines } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-import-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const HOOKS = { signal: new AbortController().signal, progress: () => undefined };

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function read(path: string) {
  const imported = await importCapture(path, undefined, HOOKS);
  return imported.ok ? imported.value : badInputSentence(imported.error).replaceAll(folder, 'DIR');
}

async function allLines(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of captureLines(path)) {
    if (!batch.ok) throw new Error(batch.error);
    expect(batch.value.first).toBe(lines.length + 1);
    lines.push(...batch.value.lines);
  }
  return lines;
}

describe('the lines of a file', () => {
  const text = captureText('overflow.txt.gz');

  test('are the same in one piece and in many, packed and not', async () => {
    const long = text.repeat(3);
    expect(long.length).toBeGreaterThan(1_000_000);
    expect(await allLines(file('long.txt', Buffer.from(long, 'latin1')))).toEqual(linesOf(long));
    const packed = Buffer.concat([gzipSync(text), gzipSync(text)]);
    expect(await allLines(file('named-like-text', packed))).toEqual(linesOf(text + text));
  });

  test('may end as other systems end them, or not at all', async () => {
    expect(await allLines(file('dos.txt', 'a\r\nb\r\n\r\nc'))).toEqual(['a', 'b', '', 'c']);
    expect(await allLines(file('empty.txt', ''))).toEqual([]);
  });

  test('are cut where they never end, and the next is whole', async () => {
    const lines = await allLines(file('endless.txt', `${'x'.repeat(3_000_000)}\nlast\n`));
    expect(lines.map((line) => line.length)).toEqual([LINE_LENGTH_MAX, 4]);
    const { tally } = readLines(lines);
    expect(tally.malformedLines[0]).toMatchObject({ line: 1, why: 'the line has no end' });
    expect(tally.malformedLines[0]?.text.length).toBe(160);
  });
});

describe('a file', () => {
  test('that breaks off is read as far as it goes, and says so', async () => {
    const packed = readFileSync(capturePath('overflow.txt.gz'));
    const cut = await read(file('cut.txt.gz', packed.subarray(0, packed.length / 2)));
    if (typeof cut === 'string') throw new Error(cut);
    expect(cut.reading.brokenOff).toBe('the gzip file ends early');
    expect(cut.reading.events).toBeGreaterThan(500);
    expect(cut.notes[0]).toBe(
      'the file breaks off (the gzip file ends early): what comes before counts',
    );
    const whole = gunzipSync(packed).toString('latin1');
    expect(whole.split('\n').length).toBeGreaterThan(cut.reading.lines);
  });

  test('that cannot be read, or is none of a trace, is told in a sentence', async () => {
    expect(await read(join(folder, 'nowhere.txt'))).toBe(
      'cannot read kernel capture DIR/nowhere.txt: there is no such file; check the path',
    );
    expect(await read(folder)).toMatch(/^cannot read kernel capture DIR: it is a directory/);
    expect(await read(file('bad.gz', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])))).toMatch(
      /^cannot read kernel capture DIR\/bad.gz: it is not a gzip file, or a damaged one/,
    );
    expect(await read(file('data.bin', Buffer.from('\x17\x08\x44tracing6\0\0\0', 'latin1')))).toBe(
      'kernel capture DIR/data.bin must hold events of a trace, but has none, and "\\u{17}\\u{8}Dtracing6\\u{0}\\u{0}\\u{0}" in line 1; give the text of trace, trace_pipe, "trace-cmd report" or "perf script", plain or gzipped',
    );
  });

  test('that says it is a trace may hold nothing that reads', async () => {
    const binary = await read(file('binary.txt', '# tracer: nop\n#\n\u0001\u0002\n\u0003'));
    expect(binary).toMatchObject({ reading: { events: 0, malformed: 2 }, profile: undefined });
  });

  test('that is empty holds nothing', async () => {
    expect(await read(file('nothing.txt', ''))).toMatchObject({
      reading: { lines: 0, events: 0 },
      profile: undefined,
    });
  });

  test('of several captures behind one another is their sum', async () => {
    const names = [
      'single_page.txt',
      'fmt_clock_counter.txt',
      'fmt_verbose.txt',
      'two_devices.txt',
    ];
    const sum = await read(file('several.txt', names.map(captureText).join('')));
    if (typeof sum === 'string') throw new Error(sum);
    expect(sum.reading).toMatchObject({ events: 24 + 19 + 19 + 60, malformed: 0, skipped: 0 });
    expect(sum.load.groups).toMatchObject({ requests: 3 + 3 + 3 + 12, complete: 3 + 2 + 2 + 6 });
    // Clocks that cannot be compared make no gap between groups.
    expect(sum.load.arrivals.seconds).toBeLessThan(1);
  });
});

describe('what is written', () => {
  test('is a profile and a trace with a line for every event', async () => {
    const out = join(folder, 'deep', 'out');
    const imported = await importCapture(capturePath('two_devices.txt'), out, HOOKS);
    if (!imported.ok) throw new Error(badInputSentence(imported.error));
    expect(readdirSync(out).sort()).toEqual(['two_devices.events.jsonl', 'two_devices.yaml']);
    const { traceFile = '', profileFile = '' } = imported.value;
    const [header, ...lines] = linesOf(readFileSync(traceFile, 'utf8')).map((line) =>
      JSON.parse(line),
    );
    expect(header).toEqual({
      schema: 'stormdrain.events/1',
      source: 'kernel-capture',
      from: 'two_devices.txt',
    });
    const { events } = readLines(linesOf(captureText('two_devices.txt')));
    const expected = events.map(({ seconds, ticks, thread, cpu, locks, line, fact }) => {
      const { kind, ...fields } = fact;
      return JSON.parse(
        JSON.stringify({ time: seconds, ticks, thread, cpu, locks, line, kind, fields }),
      );
    });
    expect(lines).toEqual(expected);
    expect(lines).toHaveLength(60);
    expect(readFileSync(profileFile, 'utf8')).toMatch(/^# The load of the kernel capture two_d/);
  });

  test('is nothing when it was interrupted, and no profile without a load', async () => {
    const out = join(folder, 'interrupted');
    const hooks = { ...HOOKS, signal: AbortSignal.abort() };
    const interrupted = await importCapture(capturePath('two_devices.txt'), out, hooks);
    expect(interrupted).toMatchObject({ ok: true, value: { traceFile: undefined } });
    expect(readdirSync(out)).toEqual([]);

    const boot = await importCapture(capturePath('dma_boot.txt'), out, HOOKS);
    expect(boot).toMatchObject({ ok: true, value: { profileFile: undefined } });
    expect(readdirSync(out)).toEqual(['dma_boot.events.jsonl']);

    const missing = await importCapture(join(folder, 'nowhere'), out, HOOKS);
    expect(missing.ok).toBe(false);
    expect(readdirSync(out)).toEqual(['dma_boot.events.jsonl']);
  });

  test('goes nowhere that cannot be written to', async () => {
    const inTheWay = file('in-the-way', '');
    const imported = await importCapture(capturePath('two_devices.txt'), inTheWay, HOOKS);
    expect(imported.ok ? '' : badInputSentence(imported.error).replaceAll(folder, 'DIR')).toBe(
      'cannot write DIR/in-the-way: a file of that name is in the way; try another folder',
    );
    expect(existsSync(join(inTheWay, 'two_devices.yaml'))).toBe(false);
  });
});
