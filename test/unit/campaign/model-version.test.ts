/** The version of the model changes with whatever decides what a job comes to, and with nothing else. */
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

import { modelVersion } from '../../../src/campaign/model-version.ts';
import { packageRoot } from '../../../src/scenarios/package-root.ts';

const root = mkdtempSync(join(tmpdir(), 'stormdrain-model-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('is of behaviour, not of pictures', () => {
  for (const folder of ['dist/src', 'load/profiles', 'load/processes']) {
    cpSync(join(packageRoot(), folder), join(root, folder), { recursive: true });
  }
  const version = modelVersion(root);
  expect(version).toBe(modelVersion(packageRoot()));
  expect(version).toMatch(/^[0-9a-f]{16}$/);

  appendFileSync(join(root, 'dist/src/viz/chart-svg.js'), '\n// wider\n');
  writeFileSync(join(root, 'dist/src/machines/notes.txt'), 'not run by anybody');
  expect(modelVersion(root)).toBe(version);

  const seen = new Set([version]);
  for (const file of [
    'dist/src/machines/domain.js',
    'load/profiles/steady.yaml',
    'load/processes/gzip.jsonl',
  ]) {
    appendFileSync(join(root, file), '\n');
    seen.add(modelVersion(root));
  }
  writeFileSync(join(root, 'dist/src/explore/new.js'), '');
  seen.add(modelVersion(root));
  expect(seen.size).toBe(5);
});
