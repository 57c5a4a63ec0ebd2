/**
 * Goal:   lines are whole wherever the chunks of a file end, and one that is too long is refused in time that is
 *         proportional to its length.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { boundedLines } from '../../../src/scenarios/bounded-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormdrain-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Longer than the chunks that Node reads. */
const LONG = 200_000;

async function linesOf(text: string, bytesMax: number): Promise<string[]> {
  const file = join(folder, 'lines.txt');
  writeFileSync(file, text);
  const told: string[] = [];
  for await (const line of boundedLines('process recording', file, bytesMax)) {
    told.push(line.ok ? `${line.value.number}: ${line.value.text}` : line.error.code);
  }
  return told;
}

describe('the lines of a file', () => {
  it('are whole, however long and wherever a chunk ends', async () => {
    const long = 'é'.repeat(LONG);
    const text = ['first', long, '', `${long}x`, 'last'].join('\n');
    const told = await linesOf(text, 2 ** 20);
    expect(told).toEqual(['1: first', `2: ${long}`, '3: ', `4: ${long}x`, '5: last']);
  });

  it('end with the one that is too long, ended or not', async () => {
    expect(await linesOf(`a\n${'b'.repeat(LONG)}\nc\n`, 1000)).toEqual(['1: a', 'limit-exceeded']);
    expect(await linesOf(`a\n${'b'.repeat(LONG)}`, LONG)).toEqual(['1: a', 'limit-exceeded']);
    expect(await linesOf(`a\n${'b'.repeat(LONG)}`, LONG + 1)).toHaveLength(2);
  });
});
