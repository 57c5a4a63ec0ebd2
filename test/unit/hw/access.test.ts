import { expect, it } from 'vitest';

import { accessBits, accessOf } from '../../../src/hw/access.ts';

it('gives access bits back from what they mean', () => {
  for (let bits = 0; bits < 16; bits += 1) expect(accessBits(accessOf(bits))).toBe(bits);
});

it('orders access bits as Linux does: read, write, execute, privileged', () => {
  expect([1, 2, 4, 8].map(accessOf)).toEqual([
    { read: true, write: false, exec: false, privileged: false },
    { read: false, write: true, exec: false, privileged: false },
    { read: false, write: false, exec: true, privileged: false },
    { read: false, write: false, exec: false, privileged: true },
  ]);
});
