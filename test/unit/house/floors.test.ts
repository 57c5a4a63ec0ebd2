/**
 * Imports go down the floors and never in a circle. The reading of imports is tested first, on made-up files, so
 * that a silent reader can't pass the house.
 */
import { describe, expect, it } from 'vitest';

import { floorFaults, importCircle, packagesOf, specifiersOf } from './floors.ts';
import { readText, sourcesBelow } from './sources.ts';

const sources = ['src', 'ui', 'load', 'scripts', 'test'].flatMap(sourcesBelow);

describe('the reading of imports', () => {
  it('finds every form and no comment', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      'import {',
      '  c,',
      "} from './c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      "import './f.ts';",
      "// import { g } from './g.ts';",
      " * import { h } from './h.ts';",
    ].join('\n');
    expect(specifiersOf(text).sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `./${name}.ts`),
    );
  });

  it.each([
    ['src/core/a.ts', '../hw/b.ts', 'imports upwards'],
    ['src/machines/a.ts', '../hw/b.ts', 'imports sideways'],
    ['src/explore/a.ts', '../iommufd/b.ts', 'imports sideways'],
    ['src/workers/a.ts', '../../load/b.ts', 'imports upwards'],
    ['src/workers/a.ts', '../nowhere/b.ts', 'has no floor'],
    ['src/nowhere/a.ts', '../core/b.ts', 'without a floor'],
  ])('refuses %s importing %s', (path, specifier, sentence) => {
    const faults = floorFaults([{ path, text: `import { b } from '${specifier}';` }]);
    expect(faults).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    ['src/hw/vtd/a.ts', '../b.ts'],
    ['src/workers/a.ts', '../hw/vtd/b.ts'],
    ['src/workers/a.ts', '../machines/b.ts'],
    ['load/bench/a.ts', '../../test/b.ts'],
  ])('accepts %s importing %s', (path, specifier) => {
    expect(floorFaults([{ path, text: `import { b } from '${specifier}';` }])).toEqual([]);
  });

  it('follows a circle to its beginning', () => {
    const file = (name: string, imported: string) => ({
      path: `src/core/${name}.ts`,
      text: `import { x } from './${imported}.ts';`,
    });
    const circle = importCircle([file('a', 'b'), file('b', 'c'), file('c', 'b')]);
    expect(circle).toEqual(['src/core/b.ts', 'src/core/c.ts', 'src/core/b.ts']);
  });
});

/** Inside of one module of the package: scripts/compiler.config.ts. */
const BUNDLED = ['jiti', 'sucrase'];

describe('the house', () => {
  it('has files to look at', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('imports only from floors below', () => {
    expect(floorFaults(sources)).toEqual([]);
  });

  it('imports in no circle', () => {
    expect(importCircle(sources)).toBeUndefined();
  });

  it('imports in src no package that is not a runtime dependency, or an optional peer', () => {
    const { dependencies, peerDependencies }: Readonly<Record<string, object>> = JSON.parse(
      readText('package.json'),
    );
    const known = [...Object.keys({ ...dependencies, ...peerDependencies }), ...BUNDLED];
    const strangers = sourcesBelow('src').flatMap((source) =>
      packagesOf(source)
        .filter((name) => !known.includes(name))
        .map((name) => `${source.path}: ${name}`),
    );
    expect(strangers).toEqual([]);
  });

  it('loads an optional peer only where it is asked for', () => {
    const { peerDependencies = {}, peerDependenciesMeta = {} }: Readonly<Record<string, object>> =
      JSON.parse(readText('package.json'));
    const peers = Object.keys(peerDependencies);
    expect(Object.entries(peerDependenciesMeta)).toEqual(
      peers.map((name) => [name, { optional: true }]),
    );
    const eager = sourcesBelow('src').filter(({ text }) =>
      peers.some((name) => new RegExp(`^import (?!type ).*'${name}'`, 'm').test(text)),
    );
    // The matchers are an entry of their own, for those who test with Vitest.
    expect(eager.map(({ path }) => path)).toEqual(['src/library/testing.ts']);
  });
});
