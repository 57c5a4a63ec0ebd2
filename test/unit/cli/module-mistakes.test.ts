/**
 * Goal: each of the mistakes that a newcomer makes most is told as one sentence, with the file and line where it is and
 *       what to try; and the program ends with exit code 2.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { driverNames, quirkIds } from '../../../src/actors/drivers.ts';
import { runCommandLine } from '../../../src/cli/command-line.ts';
import { environmentWith } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'mistakes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const IMPORTS = `import { actor, defineDriver, defineScenario, flags, held, offer, slots, threads, where } from 'stormdrain';
import { assign, setup } from 'xstate';
`;
const driver = (operations: string): string =>
  `${IMPORTS}export const d = defineDriver({\n  name: 'mine',\n  operations: ${operations},\n});\n`;
/** A counter without an end; what it holds is told. */
const counter = (holds: string): string => `${IMPORTS}
const machine = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'step' } },
}).createMachine({
  id: 'counter',
  context: { n: 0 },
  on: { step: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
});
export const s = defineScenario({
  name: 'counts',
  machines: () => {
    const kind = slots('counter', machine, { holds: ${holds} });
    return { parts: [actor(kind, { takes: () => [offer({ type: 'step' })] })] };
  },
});
`;
const delayed = counter('{}').replace('on: {', 'after: { 10: {} }, on: {');
const throwing = `${IMPORTS}
export const s = defineScenario({
  name: 'throws',
  machines: () => {
    const flag = flags('flag');
    const setter = threads('setter', [
      { step: 'set', does: () => [flag.set()] },
      { step: 'look', when: () => [where(setter.kind, 0, () => { throw new TypeError('on purpose'); })] },
    ]);
    return { parts: [setter.part, flag.part] };
  },
});
`;
const unit = (fields: string): string =>
  `${IMPORTS}export const s = defineScenario({\n  name: 'small',\n  devices: [{ groups: [{ ${fields} }] }],\n});\n`;
const machines = (value: string): string =>
  `${IMPORTS}export const s = defineScenario({ name: 'own', machines: ${value} });\n`;

writeFileSync(
  join(folder, 'neighbour.ts'),
  'export const one = 1;\nthrow new RangeError("of mine");\n',
);

const MISTAKES: readonly (readonly [what: string, text: string, sentence: string])[] = [
  [
    'no syntax',
    `${IMPORTS}const d = {\n  name: 'mine'\n  like: 'vtd'\n};\n`,
    ":5: it can't be read: Unexpected token",
  ],
  [
    'a wrong step',
    driver("{ 'detach-pasid': ['drain-rnig'] }"),
    ':3: definition of driver mine: there is no step "drain-rnig"; did you mean "drain-ring"?',
  ],
  [
    'a wrong operation',
    driver("{ detach: ['erase-slot'] }"),
    ':3: definition of driver mine: there is no operation "detach"; known are bind-sva',
  ],
  [
    'no detach',
    driver("{ 'detach-pasid': [] }"),
    ':3: definition of driver mine: "operations.detach-pasid" must be a list with erase-slot',
  ],
  [
    'nothing exported',
    driver('{}').replace('export ', ''),
    ': it exports nothing that defineScenario or defineDriver made; write export const',
  ],
  [
    'a function exported',
    machines('() => ({ parts: [] })').replace('= def', '= () => def'),
    ': s is a function, not what it comes to; write export const',
  ],
  [
    'a promise exported',
    machines('() => ({ parts: [] })')
      .replace('= def', '= (async () => def')
      .replace(/;\n$/, ')();\n'),
    ': s is a promise, not what it comes to',
  ],
  [
    'an async function',
    machines('async () => ({ parts: [] })'),
    ':3: definition of scenario own: its machines can\'t be made: "machines" returns a promise, and may not be async',
  ],
  [
    'a function that returns nothing',
    machines('() => {}'),
    ':3: definition of scenario own: its machines can\'t be made: "machines" returns no { parts: [ … ] }',
  ],
  ['a condition that throws', throwing, ':10: TypeError: on purpose; mend it'],
  [
    'a machine that is refused',
    delayed,
    ':11: definition of scenario counts: counter: after (unsupported-feature)',
  ],
  [
    'an endless count',
    counter('{ n: held.count(100) }'),
    "counts can't be explored: counter: n = 101 (out-of-bounds); widen the bound",
  ],
  [
    'wrong bounds',
    counter('{ n: held.count(-1) }'),
    ':11: definition of scenario counts: counter: n = 0 (out-of-bounds)',
  ],
  [
    'a field that is not held',
    counter('{}'),
    "counts can't be explored: counter: n varies and is not held (undeclared-field); name it in",
  ],
  [
    'a place that is not there',
    unit('attachment: 3'),
    ':3: definition of scenario small: devices[0].groups[0].attachment is 3, but there are 0 attachments',
  ],
  [
    'a number out of range',
    unit('attachment: 0, prgIndex: 512'),
    ':3: definition of scenario small: "devices[0].groups[0].prgIndex" must be a whole number from 0 to 511',
  ],
  [
    'a package that is missing',
    `import none from '@no/such/part';\nexport { none };\n`,
    ':1: it imports @no/such/part, which is not installed; npm install @no/such',
  ],
  [
    'a file that is missing',
    `${IMPORTS}import { x } from './nowhere.ts';\nexport { x };\n`,
    ':3: it imports ./nowhere.ts, and there is no such file; check the path',
  ],
  [
    'an error',
    `${IMPORTS}\nthrow new Error('of mine');\n`,
    ':4: of mine; mend it, or begin with one that "stormdrain init" makes',
  ],
];

async function explored(...args: readonly string[]) {
  const known = { drivers: driverNames, quirks: quirkIds };
  const { environment, stdout, stderr } = environmentWith({ known });
  const code = await runCommandLine(['explore', ...args], environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

describe('a module with', () => {
  it.each(MISTAKES)('%s is told what and where', async (what, text, sentence) => {
    const file = join(folder, `${what.replaceAll(' ', '-')}.ts`);
    writeFileSync(file, text);
    const told = /defineDriver\(/.test(text) ? ['exit-unbind', '--driver', file] : [file];
    const { code, stdout, stderr } = await explored(...told);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    if (sentence.startsWith(':')) expect(stderr).toContain(`module ${file}`);
  });

  it('a mistake in a file that it imports is told where that is', async () => {
    const file = join(folder, 'importing.ts');
    writeFileSync(file, `import { one } from './neighbour.ts';\nexport { one };\n`);
    const { stderr } = await explored(file);
    expect(stderr).toContain(`module ${join(folder, 'neighbour.ts')}:2: RangeError: of mine`);
  });
});
