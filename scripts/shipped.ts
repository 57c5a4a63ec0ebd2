/**
 * Shipped: of all declarations that the compiler writes, the package gets those that its entry points lead to; of
 * compiled code, what still has a source, without its indentation, a fifth of it.
 *
 * Effects: reads dist/declarations; writes `.d.ts` files below dist/src, and removes what does not belong there.
 * Policy:  modules import each other by `.ts`; in the package by `.js`, which every compiler resolves.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { minifySync } from 'vite';
import { packageRoot } from '../src/scenarios/package-root.ts';

const WRITTEN = 'dist/declarations';
const SHIPPED = 'dist';
/** Made small by the next step, scripts/compiler.config.ts. */
const BUNDLED = 'own-compiler.js';
/** `from './a.ts'`, `import './a.ts'` and `import('./a.ts')`. */
const RELATIVE = /((?:from|import)\s*\(?\s*['"])(\.[^'"]+)\.ts(['"])/g;

const root = packageRoot();
const compiled = join(root, SHIPPED, 'src');
const description: { readonly exports?: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Paths below dist of what `exports` calls types. */
const entries = Object.values(description.exports ?? {}).flatMap((entry) =>
  typeof entry === 'object' && entry !== null && 'types' in entry
    ? [String(entry.types).replace(`./${SHIPPED}/`, '')]
    : [],
);

/** Lines stay lines, for stack traces. The printer indents by tabs, and texts that begin a line with one are refused. */
function unindent(file: string): void {
  const code = readFileSync(file, 'utf8');
  if (/^\t/m.test(code)) throw new Error(`${file} has a line that begins with a tab`);
  const options = { compress: false, mangle: false, codegen: { removeWhitespace: false } };
  const { code: printed, errors } = minifySync(file, code, options);
  if (errors.length > 0) throw new Error(`${file} is not printed: ${errors[0]?.message}`);
  // Whoever runs the file meanwhile has it as it was or as it is.
  writeFileSync(`${file}.new`, printed.replaceAll(/^\t+/gm, ''));
  renameSync(`${file}.new`, file);
}

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

for (const entry of readdirSync(compiled, { recursive: true, withFileTypes: true })) {
  const path = relative(compiled, join(entry.parentPath, entry.name));
  const source = join(root, 'src', path.replace(/\.js$/, '.ts'));
  const belongs = path.endsWith('.js') && existsSync(source);
  if (entry.isFile() && !belongs) rmSync(join(compiled, path));
  if (belongs && entry.name !== BUNDLED) unindent(join(compiled, path));
}
for (const [path, text] of wanted) {
  mkdirSync(dirname(join(root, SHIPPED, path)), { recursive: true });
  writeFileSync(join(root, SHIPPED, path), text);
}
