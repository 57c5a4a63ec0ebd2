/**
 * Writes docs/machines.md, the reference of the machines.
 *
 * Effects: writes that file.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../src/scenarios/package-root.ts';
import { machinePages } from './machine-pages.ts';

writeFileSync(join(packageRoot(), 'docs/machines.md'), machinePages());
