/**
 * Model version: a hash over everything that determines what a job comes to.
 *
 * Two hosts with the same version give the same answers; one with another version is given no jobs. That is the
 * compiled code of all floors up to this one, the profiles and recordings that ship with it, and the machinery below:
 * XState, and Node's major version. A changed comment may change it too, which costs a refusal and never an answer.
 *
 * Effects: reads the package's own files.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { packageRoot } from '../scenarios/package-root.ts';

/** What decides; pictures, pages and the command line only show. */
const BEHAVIOUR = [
  'dist/src/core',
  'dist/src/machines',
  'dist/src/hw',
  'dist/src/workers',
  'dist/src/actors',
  'dist/src/explore',
  'dist/src/iommufd',
  'dist/src/scenarios',
  'dist/src/campaign',
  'load/profiles',
  'load/processes',
];
const COUNTED = /\.(js|yaml|jsonl)$/;
const VERSION_CHARACTERS = 16;

/** Caller's duty: the package is built. */
export function modelVersion(root: string = packageRoot()): string {
  const hash = createHash('sha256');
  const add = (name: string, bytes: string | Buffer): void => {
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  };
  for (const folder of BEHAVIOUR) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((each) => COUNTED.test(each)).sort()) {
      add(`${folder}/${file}`, readFileSync(join(root, folder, file)));
    }
  }
  const { version }: { readonly version: string } = createRequire(import.meta.url)(
    'xstate/package.json',
  );
  add('xstate', version);
  add('node', process.versions.node.split('.')[0] ?? '');
  return hash.digest('hex').slice(0, VERSION_CHARACTERS);
}
