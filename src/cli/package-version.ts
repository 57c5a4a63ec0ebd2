/**
 * Package version: as package.json has it.
 *
 * Effects: reads a file.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { packageRoot } from '../scenarios/package-root.ts';

export async function packageVersion(): Promise<string> {
  const description: unknown = JSON.parse(
    await readFile(join(packageRoot(), 'package.json'), 'utf8'),
  );
  const hasVersion =
    typeof description === 'object' && description !== null && 'version' in description;
  return hasVersion ? String(description.version) : 'unknown';
}
