/**
 * Shipped: of all declarations that the compiler writes, the package gets those that its entry points lead to; of
 * compiled code, what still has a source.
 *
 * Effects: reads dist/declarations; writes `.d.ts` files below dist/src, and removes what does not belong there.
 * Policy:  modules import each other by `.ts`; in the package by `.js`, which every compiler resolves.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { packageRoot } from '../src/scenarios/package-root.ts';

const WRITTEN = 'dist/declarations';
const SHIPPED = 'dist';
/** `from './a.ts'`, `import './a.ts'` and `import('./a.ts')`. */
const RELATIVE = /((?:from|import)\s*\(?\s*['"])(\.[^'"]+)\.ts(['"])/g;

const root = packageRoot();
const description: { readonly exports?: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Paths below dist of what `exports` calls types. */
const entries = Object.values(description.exports ?? {}).flatMap((entry) =>
  typeof entry === 'object' && entry !== null && 'types' in entry
    ? [String(entry.types).replace(`./${SHIPPED}/`, '')]
    : [],
);

const wanted = new Map<string, string>();
const open = [...entries];
for (let path = open.pop(); path !== undefined; path = open.pop()) {
  if (wanted.has(path)) continue;
  const text = readFileSync(join(root, WRITTEN, path), 'utf8');
  wanted.set(path, text.replaceAll(RELATIVE, '$1$2.js$3'));
  for (const [, , imported] of text.matchAll(RELATIVE)) {
    open.push(`${join(dirname(path), imported ?? '').replaceAll('\\', '/')}.d.ts`);
  }
}

const compiled = join(root, SHIPPED, 'src');
for (const entry of readdirSync(compiled, { recursive: true, withFileTypes: true })) {
  const path = relative(compiled, join(entry.parentPath, entry.name));
  const source = join(root, 'src', path.replace(/\.js$/, '.ts'));
  const belongs = path.endsWith('.js') && existsSync(source);
  if (entry.isFile() && !belongs) rmSync(join(compiled, path));
}
for (const [path, text] of wanted) {
  mkdirSync(dirname(join(root, SHIPPED, path)), { recursive: true });
  writeFileSync(join(root, SHIPPED, path), text);
}
