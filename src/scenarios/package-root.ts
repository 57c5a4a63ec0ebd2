/**
 * The package's own folder, wherever it is installed: bundled files lie below it.
 *
 * Effects: looks into folders.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invariant } from '../core/invariant.ts';

/** The folder that holds package.json: two floors up from here, three from the compiled copy. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    invariant(parent !== folder, 'the package lies in no folder with a package.json');
    folder = parent;
  }
  return folder;
}
