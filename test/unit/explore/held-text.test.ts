/**
 * One state, one text: however the context was written, through what the machine says it holds.
 */
import { describe, expect, it } from 'vitest';

import { HeldMisfit, heldText } from '../../../src/explore/held-text.ts';
import { plainText } from '../../../src/explore/plain-text.ts';
import {
  bag,
  bit,
  count,
  holds,
  id,
  list,
  maybe,
  oneOf,
  record,
  scalar,
} from '../../../src/machines/wiring-types.ts';

const fields = holds({
  last: bit,
  position: count(3),
  code: oneOf(['success', 'invalid']),
  group: maybe(id('group')),
  running: bag(3, id('group')),
  entries: list(2, { group: id('group'), pfn: scalar }),
  access: record({ read: bit, write: bit }),
});
const context = {
  last: false,
  position: 2,
  code: 'invalid',
  group: undefined,
  running: [1, 2],
  entries: [{ group: 1, pfn: 7 }],
  access: { read: true, write: false },
};

describe('a held text', () => {
  it.each([
    ['0 for false', { last: 0 }],
    ['1 for true', { access: { read: 1, write: 0 } }],
    ['the keys of a record the other way round', { access: { write: false, read: true } }],
    ['a bag in another order', { running: [2, 1] }],
    ['a constant that is not held', { unit: 4 }],
  ])('is the same with %s', (_, change) => {
    expect(heldText(fields, { ...context, ...change })).toBe(heldText(fields, context));
  });

  it.each([
    ['a list in another order', { entries: [{ group: 2, pfn: 7 }] }],
    ['id 0 instead of none', { group: 0 }],
    ['one more in a bag', { running: [1, 2, 2] }],
  ])('differs with %s', (_, change) => {
    expect(heldText(fields, { ...context, ...change })).not.toBe(heldText(fields, context));
  });

  it.each([
    ['position', { position: 4 }, 'out-of-bounds'],
    ['code', { code: 'failure' }, 'out-of-bounds'],
    ['running', { running: [1, 2, 3, 4] }, 'out-of-bounds'],
    ['entries[0].group', { entries: [{ pfn: 7 }] }, 'out-of-bounds'],
    ['access.exec', { access: { read: true, write: true, exec: true } }, 'undeclared-field'],
  ])('is refused at %s when the value does not fit', (field, change, code) => {
    const attempt = (): unknown => {
      try {
        return heldText(fields, { ...context, ...change });
      } catch (error) {
        return error instanceof HeldMisfit ? error.misfit : error;
      }
    };
    expect(attempt()).toMatchObject({ code, field });
  });
});

describe('a plain text', () => {
  it('forgets the order of keys and fields that are undefined', () => {
    expect(plainText({ b: 1, a: [undefined, 'x'], c: undefined })).toBe('{a:[-,"x"],b:1}');
  });

  it('tells 0 from false and a number from its text', () => {
    expect(new Set([0, false, '0', undefined].map(plainText)).size).toBe(4);
  });
});
