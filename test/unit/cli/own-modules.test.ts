/**
 * A module of a user's own on the command line: loaded when its path is given, explored, kept, replayed; and every way
 * in which it can be no good, as one sentence and exit code 2.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { environmentWith } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'own-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const EXAMPLE = join(import.meta.dirname, '../../../examples/drivers.ts');
const DRIVERS = ['vtd', 'vtd@7.3', 'amd', 'amd@7.3', 'smmuv3', 'smmuv3@7.3'];

async function run(...args: readonly string[]) {
  const known = { drivers: DRIVERS, quirks: [] };
  const { environment, stdout, stderr } = environmentWith({ known });
  const code = await runCommandLine(args, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('a module in TypeScript', () => {
  it('is explored with a driver of its own, and its trace is replayed from it', async () => {
    const trace = join(folder, 'trace.json');
    const found = await run('explore', EXAMPLE, '--driver', 'unsafe', '--trace', trace);
    expect(found).toMatchObject({ code: 1, stderr: '' });
    expect(found.stdout).toContain('VIOLATED S8 after 29 steps: no access to a freed group');
    expect(found.stdout).toContain(`npx stormdrain replay ${trace} --from ${EXAMPLE}`);
    const again = await run('replay', trace, '--from', EXAMPLE);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('MATCHED: all 29 steps');
    const without = await run('replay', trace);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('there is no scenario "detach-under-fault"');
  });

  it('is explored with a bundled driver, and lends its driver to bundled scenarios and storms', async () => {
    const bundled = await run('explore', EXAMPLE, '--driver', 'vtd', '--json');
    expect(JSON.parse(bundled.stdout)).toMatchObject({ driver: 'vtd', complete: true });
    const lent = await run('explore', 'pasid-detach', '--driver', `${EXAMPLE}#unsafe`, '--json');
    expect(JSON.parse(lent.stdout)).toMatchObject({
      scenario: 'pasid-detach',
      driver: 'unsafe',
      violation: { property: 'S8' },
    });
    const storm = await run('storm', 'steady', '--driver', `${EXAMPLE}#safe`, '--json');
    expect(JSON.parse(storm.stdout)).toMatchObject({ driver: 'safe' });
  });

  it('is run for a campaign only if its path is given beside the file that names it', async () => {
    const file = written(
      'campaign.yaml',
      `explorations: [{ scenarios: [pasid-detach], drivers: ["${EXAMPLE}#safe"] }]\n`,
    );
    const args = ['campaign', file, '--runs', join(folder, 'runs')];
    const refused = await run(...args);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toBe(
      `stormdrain: module ${EXAMPLE}: its code would be run for a driver; if you trust it, add --from ${EXAMPLE}\n`,
    );
    const done = await run(...args, '--from', EXAMPLE, '--json');
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ jobs: 1, done: 1 });
  });

  it('may use what only a compiler takes away, and import its neighbours', async () => {
    written('names.ts', 'export enum Name { own = "own-flag" }\n');
    const file = written(
      'own.mts',
      `import { defineScenario, flags, threads } from 'stormdrain';
       import { Name } from './names.ts';
       export default defineScenario({ name: 'own', machines: () => {
         const flag = flags(Name.own);
         const setter = threads('setter', [{ step: 'set', does: () => [flag.set()] }]);
         return { parts: [setter.part, flag.part] satisfies unknown[] };
       } });`,
    );
    const explored = await run('explore', file, '--json');
    expect(JSON.parse(explored.stdout)).toMatchObject({ scenario: 'own', states: 2, driver: null });
  });

  it('is explored for a property of its own', async () => {
    const file = EXAMPLE.replace('drivers', 'peterson');
    const clean = await run('explore', `${file}#peterson`, '--property', 'exclusion');
    expect(clean.stdout).toContain('exclusion never violated');
    const other = await run('explore', `${file}#peterson`, '--property', 'exclusive');
    expect(other).toMatchObject({ code: 2 });
    expect(other.stderr).toContain('nothing in the scenario peterson could break exclusive');
  });
});

describe("orders of a driver of one's own", () => {
  const file = written(
    'eager.ts',
    `import { defineDriver } from 'stormdrain';
     export const exported = defineDriver({
       name: 'eager',
       steps: { begin: { kind: 'act', effects: ['allocateHandle', 'reserveSlot'] } },
       operations: { 'attach-pasid': ['begin', 'get-domain', 'track-pasid', 'publish-handle',
         'enable-reporting', 'await-reporting', 'program-entry'] },
     });`,
  );

  it('are tried with its own steps, and held to what was found for its unit', async () => {
    const { code, stdout } = await run('orders', file, 'attach', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      driver: 'eager',
      steps: ['begin', 'get-domain', 'track-pasid', 'publish-handle', 'enable-reporting'].concat([
        'await-reporting',
        'program-entry',
      ]),
      orders: 5040,
      safe: 630,
      own: {
        safe: false,
        property: 'S19',
        heldTo: {
          driver: 'vtd',
          broken: [{ before: 'program-entry', after: 'publish-handle' }],
          brokenAlternatives: [],
          lacking: [],
        },
      },
    });
  });

  it('are those of an export, by its name too', async () => {
    const named = ['exit-unbind', '--driver', `${file}#exported`, '--max-states', '10', '--json'];
    const { code, stdout } = await run('explore', ...named);
    expect({ code, driver: JSON.parse(stdout).driver }).toEqual({ code: 3, driver: 'eager' });
  });
});

describe('a module in JavaScript', () => {
  it('is explored as well', async () => {
    const file = written(
      'plain.mjs',
      `import { defineScenario, flags } from 'stormdrain';
       await Promise.resolve();
       export const plain = defineScenario({ name: 'plain', machines: () => ({ parts: [flags('f').part] }) });`,
    );
    expect(await run('explore', file)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a module that is no good', () => {
  it.each([
    [['explore', EXAMPLE], 'it exports the drivers safe, unsafe; say which, as in --driver'],
    [['explore', `${EXAMPLE}#other`], 'there is no scenario "other"'],
    [
      ['explore', EXAMPLE, '--driver', 'unsave'],
      'there is no driver "unsave"; did you mean "unsafe"?',
    ],
    [['explore', 'no/such.ts'], 'cannot read module no/such.ts: there is no such file'],
    [['explore', 'report', '--driver', `${EXAMPLE}#saf`], 'there is no driver "saf"; did you mean'],
    [['storm', '--driver', EXAMPLE], 'say which, as in --driver'],
    [['orders', EXAMPLE], `say which, as in ${EXAMPLE}#safe`],
    [['validate', 'trace.txt', '--driver', 'no/such.ts'], 'cannot read module no/such.ts'],
    [['ui', '--trace', 'trace.json', '--from', 'no/such.ts'], 'cannot read module no/such.ts'],
    [['conform', 'a.jsonl', '--driver', EXAMPLE], 'there is no recorded driver'],
    [['explore', written('bad.ts', 'export const = 1;\n')], 'bad.ts:1: '],
    [
      ['explore', written('throws.ts', 'throw new Error("on purpose");\n')],
      'throws.ts:1: on purpose',
    ],
    [
      ['explore', written('empty.js', 'export const one = 1;\n')],
      'it exports nothing that defineS',
    ],
    [
      [
        'explore',
        written(
          'wrong.ts',
          `import { defineDriver } from 'stormdrain';\nexport const d = defineDriver({ name: 'd', like: 'x' });\n`,
        ),
      ],
      'definition of driver d: there is no driver "x"',
    ],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
