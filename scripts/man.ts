/**
 * Writes man/stormdrain.1 from the help of every command.
 *
 * Effects: writes that file.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../src/scenarios/package-root.ts';
import { manPageText } from './man-text.ts';

const folder = join(packageRoot(), 'man');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'stormdrain.1'), await manPageText());
