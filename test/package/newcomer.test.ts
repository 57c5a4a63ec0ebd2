/**
 * Goal:   written as a newcomer would, a driver with a new ordering bug is caught and fixed in fewer than 60 lines, in a
 *         project of its own and by the installed package: the tutorial's bug, by the code that the tutorial shows, and
 *         another one.
 * Method: `init` makes the project, as the tutorial says; its Vitest is the repository's, lent by a link.
 */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

import { project, run, stormdrain } from './run.ts';

const REPOSITORY = new URL('../../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, REPOSITORY), 'utf8');
const FOLDER = 'newcomer';
const write = (name: string, text: string): string => {
  writeFileSync(join(project, FOLDER, name), text);
  return join(FOLDER, name);
};

beforeAll(async () => {
  expect(await stormdrain('init', FOLDER)).toMatchObject({ code: 0 });
  const vitest = fileURLToPath(new URL('node_modules/vitest', REPOSITORY));
  symlinkSync(vitest, join(project, 'node_modules/vitest'));
});

const tested = () =>
  run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--root', FOLDER]);

/** The tutorial's file with the bug, and with its driver as the tutorial mends it. */
function tutorialFiles() {
  const blocks = [...textOf('docs/tutorial.md').matchAll(/^```ts\n([\s\S]*?)^```$/gm)];
  const [buggy = '', driver = '', test = ''] = blocks.map(([, block = '']) => block);
  const [from, to] = ['export const driver', 'export const scenario'].map((each) =>
    buggy.indexOf(each),
  );
  return { buggy, fixed: `${buggy.slice(0, from)}${driver}\n${buggy.slice(to)}`, test };
}

/** The handle is freed last, once nobody can be at work with it. */
function unbindFiles() {
  const buggy = textOf('test/package/newcomer/unbind.ts');
  const line = (step: string): string => `      '${step}',\n`;
  const without = ['erase-slot', 'free-handle'].reduce(
    (text, step) => text.replace(line(step), ''),
    buggy,
  );
  const fixed = without
    .replace(line('answer-invalid'), line('erase-slot') + line('answer-invalid'))
    .replace(line('put-domain'), line('put-domain') + line('free-handle'));
  return { buggy, fixed };
}

describe.each([
  { bug: "the tutorial's", file: 'detach.ts', ...tutorialFiles(), property: 'S6', lane: 'detach ' },
  { bug: 'another', file: 'unbind.ts', ...unbindFiles(), property: 'S8', lane: 'unbind ' },
])('$bug bug', ({ file, buggy, fixed, property, lane }) => {
  it('is caught in fewer than 60 lines, and drawn', async () => {
    for (const text of [buggy, fixed]) expect(text.trimEnd().split('\n').length).toBeLessThan(60);
    const { code, stdout, stderr } = await stormdrain('explore', write(file, buggy));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(`VIOLATED ${property} after `);
    const heading = stdout.split('\n').find((each) => each.startsWith(lane));
    expect(heading).toMatch(/ device +hardware$/);
  });

  it('is fixed', async () => {
    const { code, stdout } = await stormdrain('explore', write(file, fixed));
    expect(code).toBe(0);
    expect(stdout).toContain('CLEAN: every reachable state was seen, nothing is violated');
  });
});

it("is caught by the tutorial's own test too, whose failure is the drawing", async () => {
  const { buggy, fixed, test } = tutorialFiles();
  write('detach.test.ts', test);
  write('detach.ts', buggy);
  const caught = await tested();
  expect(caught.code).toBe(1);
  const said = `${caught.stdout}${caught.stderr}`;
  expect(said).toContain('detach-under-fault with driver my-driver violates S6 after 24 steps');
  expect(said).toMatch(/^detach +device +hardware$/m);
  expect(said).toContain('stormdrain-traces/detach-under-fault.my-driver.trace.json');
  write('detach.ts', fixed);
  expect(await tested()).toMatchObject({ code: 0 });
});
