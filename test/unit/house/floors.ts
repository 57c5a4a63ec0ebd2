/**
 * Floors: which folder may import which, and who imports whom.
 *
 * A folder imports from floors below its own and from itself; two folders of one floor do not know each other.
 */
import { dirname, join } from 'node:path';

import type { Source } from './sources.ts';

export const FLOORS: Readonly<Record<string, number>> = {
  'src/core': 0,
  'src/machines': 1,
  'src/hw': 1,
  'src/workers': 2,
  'src/actors': 3,
  'src/explore': 4,
  'src/iommufd': 4,
  'src/scenarios': 5,
  'src/viz': 5,
  'src/ui': 5,
  'src/campaign': 6,
  'src/library': 6,
  ui: 6,
  'src/cli': 7,
  load: 8,
  examples: 8,
  scripts: 8,
  test: 9,
};

/** A benchmark measures whatever it likes. */
const MAY_IMPORT_ANYTHING = 'load/bench/';
/** A build is no part of what it builds. */
const BUILDS = 'ui/vite.config.ts';

/** `import`, `export … from` and `import()` alike; types too, for a type is knowledge. */
const SPECIFIER =
  /^\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'|^\s*import\s+'([^']+)'/gm;

export function specifiersOf(text: string): string[] {
  const code = text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  return [...code.matchAll(SPECIFIER)].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** Paths of the project that a file imports. */
export const importsOf = ({ path, text }: Source): string[] =>
  specifiersOf(text)
    .filter(isRelative)
    .map((specifier) => join(dirname(path), specifier).replaceAll('\\', '/'));

/** Packages a file imports, by the name they are installed under. */
export const packagesOf = ({ text }: Source): string[] =>
  specifiersOf(text)
    .filter((specifier) => !isRelative(specifier) && !specifier.startsWith('node:'))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);

/** The folder that has a floor: two parts of the path in src, one elsewhere. */
export const folderOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('src/') ? 2 : 1)
    .join('/');

/** What is wrong with the folders and imports of `sources`, one sentence each. */
export function floorFaults(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const folder = folderOf(source.path);
    const floor = FLOORS[folder];
    if (floor === undefined) return [`${source.path} is in a folder without a floor: ${folder}`];
    if (source.path.startsWith(MAY_IMPORT_ANYTHING) || source.path === BUILDS) return [];
    return importsOf(source).flatMap((imported) => {
      const other = folderOf(imported);
      const below = FLOORS[other];
      if (below === undefined) return [`${source.path} imports ${imported}, which has no floor`];
      if (other === folder || below < floor) return [];
      const direction = below === floor ? 'sideways' : 'upwards';
      return [`${source.path} (floor ${floor}) imports ${direction}: ${imported} (floor ${below})`];
    });
  });
}

/** The first circle of imports, as the paths along it, or undefined. */
export function importCircle(sources: readonly Source[]): string[] | undefined {
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const imported of imports.get(path) ?? []) {
      const circle = visit(imported, [...trail, path]);
      if (circle !== undefined) return circle;
    }
    finished.add(path);
    return undefined;
  };
  for (const { path } of sources) {
    const circle = visit(path, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
