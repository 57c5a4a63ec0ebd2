/**
 * Goal:   bash, zsh and fish complete what is typed by the scripts that the installed command prints.
 * Method: bash and zsh at a terminal of their own, fish by the question it answers itself. What was completed is made
 *         an argument of `echo`, so that the terminal shows it by itself.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';

import { project, run, stormdrain } from './run.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const TAB = '\t';
const LINE_BEGIN = '\x01';

beforeAll(async () => {
  for (const shell of SHELLS) {
    const { code, stdout } = await stormdrain('completion', shell);
    expect(code).toBe(0);
    writeFileSync(join(project, `stormdrain.${shell}`), stdout);
  }
});

const AT_A_TERMINAL = {
  bash: ['bash --norc --noprofile -i', 'source stormdrain.bash'],
  zsh: ['zsh -f -i', 'bindkey -e; autoload -U compinit; compinit -u -D; source stormdrain.zsh'],
} as const;

async function completedBy(shell: keyof typeof AT_A_TERMINAL, typed: string): Promise<string> {
  const [command, setUp] = AT_A_TERMINAL[shell];
  const keys = `${setUp}\n${typed}${TAB}${LINE_BEGIN}echo "done:" \nexit\n`;
  const { stdout } = await run('script', ['-qec', command, '/dev/null'], keys);
  const [, completed = ''] = /^done: (.*?)\s*$/m.exec(stdout) ?? [];
  return completed;
}

/** What is typed, and what it becomes. */
const TYPED: readonly (readonly [string, string])[] = [
  ['stormdrain camp', 'stormdrain campaign'],
  ['stormdrain storm --dur', 'stormdrain storm --duration'],
  ['stormdrain storm --driver vtd@p', 'stormdrain storm --driver vtd@pasid-flush'],
  ['stormdrain storm --driver vtd@7', 'stormdrain storm --driver vtd@7.3'],
  ['stormdrain storm --driver smmuv3@7', 'stormdrain storm --driver smmuv3@7.3'],
  ['stormdrain storm det', 'stormdrain storm detach-storm'],
  ['stormdrain explore --strategy port', 'stormdrain explore --strategy portfolio'],
  ['stormdrain races run iopf-remove-l', 'stormdrain races run iopf-remove-leaks-groups'],
  ['stormdrain replay stormdrain.fi', 'stormdrain replay stormdrain.fish'],
];

it.each(TYPED)('bash makes of "%s" "%s"', async (typed, completed) => {
  expect(await completedBy('bash', typed)).toBe(completed);
});

it.each(TYPED)('zsh makes of "%s" "%s"', async (typed, completed) => {
  expect(await completedBy('zsh', typed)).toBe(completed);
});

it.each(TYPED)('fish makes of "%s" "%s"', async (typed, completed) => {
  const { stdout } = await run('fish', [
    ...['--no-config', '-c', 'source stormdrain.fish; complete -C $argv[1]', typed],
  ]);
  const proposed = stdout.trim().split('\n');
  expect(proposed.map((line) => line.split('\t')[0])).toEqual([completed.split(' ').at(-1)]);
});
