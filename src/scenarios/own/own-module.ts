/**
 * Own module: a user's file of scenarios and drivers, loaded because its path was given; nothing else ever is.
 *
 * Effects: reads the file and those it imports, TypeScript or not, and runs them: it is a program like any other.
 * Policy:  its `stormdrain` and `xstate` are those that run here, wherever it lies: two copies would not know each
 *          other's effects and questions.
 */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../bad-input.ts';
import { noSuchName } from '../known-names.ts';
import { moduleFault } from './module-fault.ts';
import type { LentModules } from './own-compiler.ts';
import { OwnDriver } from './own-driver.ts';
import { OwnScenario } from './own-scenario.ts';

export type OwnModule = {
  readonly file: string;
  readonly scenarios: readonly OwnScenario[];
  readonly drivers: readonly OwnDriver[];
  /** What each of them was exported as. */
  readonly exportedAs: ReadonlyMap<OwnScenario | OwnDriver, string>;
};

const ENDINGS = ['.ts', '.mts', '.js', '.mjs'];

/** A path, and what of the module is meant: `my.ts#my-driver`. */
export type ModuleName = { readonly file: string; readonly member: string | undefined };

/** Undefined for what can't be the path of a module. */
export function moduleNamed(text: string): ModuleName | undefined {
  const [file = '', member] = text.split('#', 2);
  return ENDINGS.includes(extname(file)) ? { file, member } : undefined;
}

/** Loads the module; `lent` are what its bare imports of those names are. */
export async function loadOwnModule(
  file: string,
  lent: LentModules,
): Promise<Result<OwnModule, BadInput>> {
  const place = { kind: 'module', file, line: undefined } as const;
  const path = resolve(file);
  if (!existsSync(path)) {
    return err({ code: 'unreadable-file', place, reason: 'there is no such file' });
  }
  const { runOwnModule } = await import('./own-compiler.ts');
  let exported: object;
  try {
    exported = await runOwnModule(path, lent);
  } catch (error) {
    return err(moduleFault(error, file, path));
  }
  const exportedAs = new Map<OwnScenario | OwnDriver, string>();
  for (const [name, member] of Object.entries(exported)) {
    for (const each of [member].flat()) {
      const isOwn = each instanceof OwnScenario || each instanceof OwnDriver;
      if (isOwn && !exportedAs.has(each)) exportedAs.set(each, name);
    }
  }
  const members = [...exportedAs.keys()];
  const scenarios = members.filter((each) => each instanceof OwnScenario);
  const drivers = members.filter((each) => each instanceof OwnDriver);
  const twin = twinIn(scenarios) ?? twinIn(drivers);
  if (twin !== undefined) {
    return err({ code: 'unusable-definition', place, reason: `two of its own are called ${twin}` });
  }
  if (scenarios.length + drivers.length === 0) {
    return err({ code: 'bad-module', place, reason: nothingIn(exported) });
  }
  return ok({ file, scenarios, drivers, exportedAs });
}

/** Why nothing of what a module exports can be used. */
function nothingIn(exported: object): string {
  const what = 'it exports nothing that defineScenario or defineDriver made';
  const hint = 'write export const mine = defineScenario({ … }), or defineDriver';
  const [wrong] = Object.entries(exported).flatMap(([name, value]) => {
    if (typeof value === 'function') return [`${name} is a function`];
    return value instanceof Promise ? [`${name} is a promise`] : [];
  });
  return wrong === undefined
    ? `${what}; ${hint}`
    : `${what}: ${wrong}, not what it comes to; ${hint}`;
}

const twinIn = (named: readonly { readonly name: string }[]): string | undefined =>
  named.map(({ name }) => name).find((name, at, all) => all.indexOf(name) !== at);

/**
 * The one that is meant: by its name, or that of its export, or because there is no other. `option` is what its path is
 * typed behind.
 */
export function memberOf<Member extends OwnScenario | OwnDriver>(
  { file, exportedAs }: OwnModule,
  kind: 'scenario' | 'driver',
  members: readonly Member[],
  name: string | undefined,
  option = '',
): Result<Member, BadInput> {
  const place = { kind: 'module', file, line: undefined } as const;
  const [first, ...others] = members;
  const names = members.map((each) => each.name);
  if (name !== undefined) {
    const named =
      members.find((each) => each.name === name) ??
      members.find((each) => exportedAs.get(each) === name);
    return named === undefined ? err(noSuchName(kind, name, names, place)) : ok(named);
  }
  if (first !== undefined && others.length === 0) return ok(first);
  const reason =
    first === undefined
      ? `it exports no ${kind}`
      : [
          `it exports the ${kind}s ${names.join(', ')}`,
          `say which, as in ${option}${file}#${first.name}`,
        ].join('; ');
  return err({ code: 'bad-module', place, reason });
}
