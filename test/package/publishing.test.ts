/** Goal: the tarball is what registries, bundlers and compilers expect of a package. */
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { expect, inject, it } from 'vitest';

import { installed } from './run.ts';

const tarball = readFileSync(inject('tarball'));

/** The package is ES modules only, and Node 20 resolves `exports`. */
const NOT_MEANT = ['node10', 'node16-cjs'];

it('has nothing that publint would say', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

it('has types that are right wherever they are resolved', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  const problems = analysis.types === false ? [] : analysis.problems;
  const meant = problems.filter(
    (problem) => !('resolutionKind' in problem && NOT_MEANT.includes(problem.resolutionKind)),
  );
  expect(meant).toEqual([]);
});
