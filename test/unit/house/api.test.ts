/**
 * Every name of the library has a docstring where it is declared, so that editors and the reference (`npm run api`) have
 * something to say of it.
 */
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

import { readText } from './sources.ts';

const ENTRIES = ['src/library/stormdrain.ts', 'src/library/testing.ts'];

type Exported = { readonly name: string; readonly path: string };

/** Names that a file exports: its own, and those of others under the name they have there. */
function exportedBy(path: string): readonly Exported[] {
  const text = readText(path);
  const own = [...text.matchAll(/^export (?:async )?(?:const|function|class|type) (\w+)/gm)];
  const others = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)];
  return [
    ...own.map(([, name = '']) => ({ name, path })),
    ...others.flatMap(([, names = '', from = '']) =>
      names
        .split(',')
        .map((each) => each.trim().replace(/ as .*/, ''))
        .filter((name) => name !== '')
        .map((name) => ({ name, path: join(dirname(path), from) })),
    ),
  ];
}

const all = ENTRIES.flatMap(exportedBy);

it('finds the names of the library', () => {
  expect(all.length).toBeGreaterThan(20);
  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['defineDriver', 'defineScenario', 'explore', 'storm', 'replay']),
  );
});

it.each(all)('$name has a docstring in $path', ({ name, path }) => {
  const declared = new RegExp(
    `\\*/\\nexport (?:declare )?(?:async )?(?:const|function|class|type) ${name}\\b`,
  );
  expect(readText(path)).toMatch(declared);
});
