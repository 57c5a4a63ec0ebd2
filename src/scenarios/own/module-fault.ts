/**
 * Module fault: what went wrong while a user's module was loaded, with the file and line of the user's where it was.
 *
 * Policy: an error's own stack says the line. Frames of the package, of other packages and of Node are passed over: the
 *         mistake is in what the user wrote.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BadInput, Place } from '../bad-input.ts';
import { printable } from '../field-check.ts';
import { packageRoot } from '../package-root.ts';
import { StormdrainError } from '../stormdrain-error.ts';
import { NotCompiled } from './own-compiler.ts';

const REASON_MAX = 400;
const HINT = 'mend it, or begin with one that "stormdrain init" makes';

type Spot = { readonly file: string; readonly line: number | undefined };

type ModuleFault = Extract<BadInput, { code: 'bad-module' }> & { readonly place: Place };

/** What a function that a module of that path has defined threw, long after it was loaded; undefined: no such. */
export const thrownByModule = (error: unknown, typed: string): ModuleFault | undefined =>
  error instanceof Error && spotOf(error, '').file !== ''
    ? moduleFault(error, typed, resolve(typed))
    : undefined;

/** @param typed the module's path as its user has it; @param path the same, absolute */
export function moduleFault(error: unknown, typed: string, path: string): ModuleFault {
  const told = (reason: string, spot: Spot): ModuleFault => ({
    code: 'bad-module',
    place: { kind: 'module', file: shownFile(spot.file, typed, path), line: spot.line },
    reason: printable(reason, REASON_MAX),
  });
  if (error instanceof NotCompiled) {
    return told(`it can't be read: ${error.message}; ${HINT}`, error);
  }
  if (!(error instanceof Error)) return told(`it throws ${String(error)}; ${HINT}`, at(path));
  const missing = missingModule(error, path);
  if (missing !== undefined) return told(missing.reason, missing);
  const spot = spotOf(error, path);
  if (error instanceof StormdrainError) return told(error.message, spot);
  const kind = error.name === 'Error' ? '' : `${error.name}: `;
  return told(`${kind}${error.message.split('\n')[0]}; ${HINT}`, spot);
}

const at = (file: string): Spot => ({ file, line: undefined });

/** As its user would find it from where the module was named. */
const shownFile = (file: string, typed: string, path: string): string =>
  file === path ? typed : join(dirname(typed), relative(dirname(path), file));

/** Node names the module that is missing, and who asked for it. */
function missingModule(
  error: Error,
  path: string,
): (Spot & { readonly reason: string }) | undefined {
  const [, name] = /^Cannot find (?:module|package) '([^']+)'/.exec(error.message) ?? [];
  if (name === undefined) return undefined;
  const [, asker] = /Require stack:\n- (\S+)/.exec(error.message) ?? [];
  const file = asker !== undefined && isUsers(asker) ? asker : path;
  const isFile = /^[./]|^file:/.test(name);
  const reason = isFile
    ? `it imports ${name}, and there is no such file; check the path, with its ending`
    : `it imports ${name}, which is not installed; npm install ${packageOf(name)}`;
  return { file, line: lineWith(file, isFile ? (name.split('/').at(-1) ?? name) : name), reason };
}

const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** The first line that has the text in quotes. */
function lineWith(file: string, text: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((each) => /import|require|from/.test(each) && each.includes(text));
  return line < 0 ? undefined : line + 1;
}

/** The innermost frame in the user's files; a syntax error that Node finds has its spot in front of the stack. */
function spotOf({ stack = '' }: Error, path: string): Spot {
  const frames = stack.matchAll(/^(?:.*[ (])?((?:file:\/\/)?\/[^:()]+):(\d+)(?::\d+)?\)?$/gm);
  for (const [, named = '', line] of frames) {
    const file = named.startsWith('file:') ? fileURLToPath(named) : named;
    if (isUsers(file)) return { file, line: Number(line) };
  }
  return at(path);
}

/** Examples and tests of the repository are users of the package too. */
const isUsers = (file: string): boolean =>
  !file.includes(`${sep}node_modules${sep}`) &&
  !['src', 'dist'].some((folder) => file.startsWith(join(packageRoot(), folder) + sep));
