/**
 * The few rules of style that a program can judge; everything else is judgement. An exception stands here with
 * its reason, and goes when it is no longer needed.
 */
import { describe, expect, it } from 'vitest';

import { isComment, numberedLines, readText, type Source, sourcesBelow } from './sources.ts';

const LINES_MAX = 300;
const CODE_COLUMNS_MAX = 100;
/** Comments, which the formatter leaves as they are. A sentence in a string is as long as it is. */
const COMMENT_COLUMNS_MAX = 120;

/** Longer than allowed, and why; the aim is 200. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/machines/page-request-thread.ts': 'one thread, one chart: cutting it would hide the order',
  'src/machines/page-request-thread-terms.ts': 'every word of that chart',
  'src/machines/fault-queue.ts': 'one lock, one chart: its states differ in every event',
};

/** Nothing but types: their docstrings say it all. */
const WITHOUT_HEADER = ['src/core/brand.ts'];

/** Entry points below the command line: they lend a thread its clock. */
const THREAD_ENTRIES = [
  'src/workers/resolver-thread.ts',
  'src/workers/unit-thread.ts',
  'src/campaign/job-thread.ts',
  // Of programs that use the library, which have no command line to lend one.
  'src/library/this-process.ts',
];

const OUTSIDE = /\b(Date\.now|new Date\(|Math\.random|performance\.now|process\.(env|argv))\b/;
const VENDOR = /\b(vt-?d|intel|qi(?![a-z])|amd|smmu)/i;
const SWITCHED_OFF = /\b(?:it|test|describe|suite|bench)(?:\.\w+)*\.(?:skip|only|todo)/;

const src = ['src', 'ui'].flatMap(sourcesBelow);

/** `path:line` of every line that `isBad`. */
const linesWhere = (sources: readonly Source[], isBad: (line: string) => boolean): string[] =>
  sources.flatMap(({ path, text }) =>
    numberedLines(text)
      .filter(({ line }) => isBad(line))
      .map(({ number }) => `${path}:${number}`),
  );

/** Most columns a line may have: code, code with a comment or a sentence behind it, or a sentence alone. */
function columnsMax(line: string): number {
  if (/['"`][^'"`]{60,}/.test(line)) return Number.POSITIVE_INFINITY;
  return isComment(line) || line.includes(' // ') ? COMMENT_COLUMNS_MAX : CODE_COLUMNS_MAX;
}

describe('a source file', () => {
  it(`has at most ${LINES_MAX} lines, but for the exceptions listed`, () => {
    const long = src.filter(({ text }) => text.trimEnd().split('\n').length > LINES_MAX);
    const paths = long.map(({ path }) => path);
    expect(paths.filter((path) => LONG_FILES[path] === undefined)).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !paths.includes(path))).toEqual([]);
  });

  it(`has at most ${CODE_COLUMNS_MAX} columns of code and ${COMMENT_COLUMNS_MAX} of comment`, () => {
    expect(linesWhere(src, (line) => line.length > columnsMax(line))).toEqual([]);
  });

  it('opens with a header that says what it is', () => {
    const bare = src.filter(
      ({ path, text }) =>
        !/^(#!.*\n)?\/\*\*[\s\S]*?\*\//.test(text) && !WITHOUT_HEADER.includes(path),
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('reads clock, chance, environment and arguments at the entry points only', () => {
    const below = src.filter(
      ({ path }) => !path.startsWith('src/cli/') && !THREAD_ENTRIES.includes(path),
    );
    expect(linesWhere(below, (line) => !isComment(line) && OUTSIDE.test(line))).toEqual([]);
  });
});

describe('a machine', () => {
  it('names no vendor outside comments', () => {
    const machines = sourcesBelow('src').filter(({ path }) => path.startsWith('src/machines/'));
    const named = linesWhere(
      machines,
      (line) => !isComment(line) && VENDOR.test(line.replace(/\/\/.*$/, '')),
    );
    expect(named).toEqual([]);
  });
});

describe('a test', () => {
  it('is never switched off, nor the only one', () => {
    expect(linesWhere(sourcesBelow('test'), (line) => SWITCHED_OFF.test(line))).toEqual([]);
  });
});

type LockedPackage = { readonly hasInstallScript?: boolean; readonly dev?: boolean };

describe('the lock file', () => {
  it('has no install script that a user would run, and one that only developers might', () => {
    const { packages }: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
      readText('package-lock.json'),
    );
    const scripted = Object.entries(packages).filter(([, each]) => each.hasInstallScript === true);
    expect(scripted.filter(([, { dev }]) => dev !== true).map(([path]) => path)).toEqual([]);
    // Of BullMQ's serialiser, optional: it works without, and npm runs it only where that is approved.
    expect(scripted.map(([path]) => path)).toEqual(['node_modules/msgpackr-extract']);
    const { scripts }: { readonly scripts: object } = JSON.parse(readText('package.json'));
    const run = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(scripts).filter((name) => run.includes(name))).toEqual([]);
  });

  it('names no host that packages came from', () => {
    expect(readText('package-lock.json')).not.toContain('"resolved"');
  });
});
