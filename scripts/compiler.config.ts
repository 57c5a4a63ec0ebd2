/**
 * The build of the compiler of users' modules: one file with the libraries it is made of, in place of the one that
 * imports them, so that whoever installs the package gets what is used of them and no more; and their licences.
 *
 * Effects: writes own-compiler.js and its licences, where the compiler of the sources wrote the former.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const FOLDER = 'dist/src/scenarios/own';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Of every package that a module is from. */
const licences = (): Plugin => ({
  name: 'licences',
  generateBundle() {
    const folders = [...this.getModuleIds()].flatMap((id) => {
      const [, folder] = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
      return folder !== undefined && existsSync(folder) ? [folder] : [];
    });
    const source = [...new Set(folders)].sort().map(licenceIn).join('\n');
    this.emitFile({ type: 'asset', fileName: 'own-compiler.licences.txt', source });
  },
});

/** @throws Error when there is none: then it may not be shipped. */
function licenceIn(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} comes without a licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8')}`;
}

export default defineConfig({
  root: ROOT,
  publicDir: false,
  logLevel: 'warn',
  plugins: [licences()],
  ssr: { noExternal: true },
  build: {
    ssr: 'src/scenarios/own/own-compiler.ts',
    outDir: FOLDER,
    emptyOutDir: false,
    target: 'node20',
    minify: true,
    rolldownOptions: { output: { entryFileNames: 'own-compiler.js' } },
  },
});
