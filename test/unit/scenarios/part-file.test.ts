/**
 * Where nothing can be written, one sentence says why, and nothing is left behind.
 *
 * Method: places that refuse everybody, root included: /proc has files of its own only.
 */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStateFile } from '../../../src/explore/state-file.ts';
import { badInputSentence } from '../../../src/scenarios/bad-input.ts';
import {
  makeFolder,
  PartFile,
  unwritable,
  writeWholeFile,
} from '../../../src/scenarios/part-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stormdrain-part-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const toldOf = async (written: ReturnType<typeof makeFolder>): Promise<string> => {
  const result = await written;
  return result.ok ? 'written' : badInputSentence(result.error);
};

/** As the system tells it. */
const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: as the system says it`), { code, syscall: 'open' });

describe('a place that can not be written to', () => {
  it('is told of a file', async () => {
    expect(await toldOf(writeWholeFile(join(folder, 'none', 'x'), ''))).toBe(
      `cannot write ${join(folder, 'none', 'x')}: there is no such folder; try another folder`,
    );
    expect(await toldOf(writeWholeFile(folder, ''))).toContain('it is a directory');
  });

  it('is told of a folder', async () => {
    expect(await toldOf(makeFolder('/proc/none/x'))).toBe(
      'cannot write /proc/none/x: no folder can be made there; try another folder',
    );
    await writeWholeFile(join(folder, 'file'), '');
    expect(await toldOf(makeFolder(join(folder, 'file', 'x')))).toContain('is in the way');
  });

  it('is told of the states of a search', () => {
    const opened = openStateFile('/proc');
    expect(opened.ok ? 'opened' : badInputSentence(unwritable('/proc', opened.error))).toBe(
      'cannot write /proc: there is no such folder; try another folder',
    );
  });

  it.each([
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission denied'],
    ['ENOSPC', 'the disk is full'],
  ])('is told of %s', (code, reason) => {
    expect(badInputSentence(unwritable('x', systemError(code)))).toBe(
      `cannot write x: ${reason}; try another folder`,
    );
  });

  it('hides no fault of the program', () => {
    expect(() => unwritable('x', new TypeError('a mistake'))).toThrow('a mistake');
  });
});

it('a folder that several make at once is made', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  const told = await Promise.all(Array.from({ length: 8 }, () => toldOf(makeFolder(deep))));
  expect(new Set(told)).toEqual(new Set(['written']));
  expect(statSync(deep).isDirectory()).toBe(true);
});

describe('what is written', () => {
  it('goes into what is no file, which stays what it is', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = readFile(pipe, 'utf8');
    expect(await toldOf(writeWholeFile(pipe, 'told'))).toBe('written');
    expect(await reader).toBe('told');
    expect(statSync(pipe).isFIFO()).toBe(true);
    rmSync(pipe);
  });

  it('goes where a link says, which stays one', async () => {
    const [link, target] = [join(folder, 'link'), join(folder, 'target')];
    writeFileSync(target, 'before');
    symlinkSync(target, link);
    expect(await toldOf(writeWholeFile(link, 'after'))).toBe('written');
    expect(readFileSync(target, 'utf8')).toBe('after');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });
});

describe('a file that is given up', () => {
  it('leaves nothing behind', async () => {
    const before = readdirSync(folder);
    const part = await PartFile.open(join(folder, 'given-up'));
    if (!part.ok) throw new Error('not opened');
    await part.value.write('half');
    await part.value.abandon();
    expect(readdirSync(folder)).toEqual(before);
  });
});
