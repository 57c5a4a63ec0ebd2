/**
 * One event of a recorded process: what it is, and the check of its JSON form.
 *
 * Units: page frame numbers of user virtual addresses; pages of 4 KiB.
 */
import { ok, type Result } from '../core/result.ts';
import {
  badField,
  type FieldCheck,
  type FieldFault,
  type FieldPath,
  oneOf,
  record,
  satisfying,
  wholeNumber,
} from './field-check.ts';

/** User addresses have 47 bits, 12 of them inside a page. */
const PAGE_FRAMES = 2 ** 35;

export type Permissions = {
  readonly read: boolean;
  readonly write: boolean;
  readonly exec: boolean;
};

export type ProcessOperation =
  | {
      readonly kind: 'map';
      readonly pfn: number;
      readonly pages: number;
      readonly prot: Permissions;
      readonly shared: boolean;
      /** Existed before the first system call. */
      readonly image: boolean;
      /** Grown by brk. */
      readonly heap: boolean;
    }
  | { readonly kind: 'unmap'; readonly pfn: number; readonly pages: number }
  | {
      readonly kind: 'protect';
      readonly pfn: number;
      readonly pages: number;
      readonly prot: Permissions;
    }
  | { readonly kind: 'touch'; readonly pfn: number; readonly access: Permissions }
  | { readonly kind: 'exit' };

const isPageFrame = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^(0x)?[0-9a-f]{1,9}$/i.test(value) &&
  Number.parseInt(value, 16) < PAGE_FRAMES;

const pageFrameText = satisfying('a hex page frame below 0x800000000 (2^35)', isPageFrame);

const pageFrame: FieldCheck<number> = (value, path) => {
  const text = pageFrameText(value, path);
  return text.ok ? ok(Number.parseInt(text.value, 16)) : text;
};

/** Letters of `rwx`, each at most once, in any order. */
const permissions = (expected: string, lettersMin: number): FieldCheck<Permissions> => {
  const letters = satisfying(
    expected,
    (value): value is string =>
      typeof value === 'string' &&
      /^[rwx]*$/.test(value) &&
      value.length >= lettersMin &&
      new Set(value).size === value.length,
  );
  return (value, path) => {
    const checked = letters(value, path);
    if (!checked.ok) return checked;
    const has = (letter: string): boolean => checked.value.includes(letter);
    return ok({ read: has('r'), write: has('w'), exec: has('x') });
  };
};

const flag = satisfying('true or false', (value): value is boolean => typeof value === 'boolean');

const kinds = oneOf(['map', 'unmap', 'protect', 'touch', 'exit']);
const checkKind = record({ op: kinds });

const RANGE_CHECKS = { pfn: pageFrame, pages: wholeNumber(1, PAGE_FRAMES) };
const prot = permissions('letters of "rwx", each at most once, or empty', 0);

const checkMap = record(
  { ...RANGE_CHECKS, prot, shared: flag, image: flag, heap: flag },
  { shared: false, image: false, heap: false },
);
const checkUnmap = record(RANGE_CHECKS);
const checkProtect = record({ ...RANGE_CHECKS, prot });
const checkTouch = record({
  pfn: pageFrame,
  access: permissions('one or more letters of "rwx", each at most once', 1),
});

/** Checks one event; fields of a newer recorder are passed over. */
export function checkOperation(
  value: unknown,
  path: FieldPath,
): Result<ProcessOperation, FieldFault> {
  const kind = checkKind(value, path);
  if (!kind.ok) return kind;
  switch (kind.value.op) {
    case 'map':
      return inUserSpace('map', checkMap(value, path));
    case 'unmap':
      return inUserSpace('unmap', checkUnmap(value, path));
    case 'protect':
      return inUserSpace('protect', checkProtect(value, path));
    case 'touch': {
      const touch = checkTouch(value, path);
      return touch.ok ? ok({ kind: 'touch', ...touch.value }) : touch;
    }
    case 'exit':
      return ok({ kind: 'exit' });
  }
}

/** Names the operation, once its range is known not to run past the last user page. */
function inUserSpace<Kind extends string, Range extends { pfn: number; pages: number }>(
  kind: Kind,
  range: Result<Range, FieldFault>,
): Result<{ readonly kind: Kind } & Range, FieldFault> {
  if (!range.ok) return range;
  const { pfn, pages } = range.value;
  const room = PAGE_FRAMES - pfn;
  if (pages > room) return badField(['pages'], `at most ${room}, to end below 2^35`, pages);
  return ok({ kind, ...range.value });
}
