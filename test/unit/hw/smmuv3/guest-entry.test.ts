/** What a guest may say of a stream of its own: abort, bypass or a first stage, in the bits that are its own. */
import { expect, it } from 'vitest';

import { guestEntryOf } from '../../../../src/hw/smmuv3/guest-entry.ts';

/** Two little-endian words, as the uAPI has them. */
function said(low: bigint, high: bigint) {
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setBigUint64(0, low, true);
  bytes.setBigUint64(8, high, true);
  return guestEntryOf(bytes, 0);
}
const V = 1n;
const cfg = (value: bigint): bigint => value << 1n;

it.each([
  ['not valid, whatever else it says', cfg(7n) | (1n << 60n), 1n << 63n, 'abort'],
  ['abort', V | cfg(0n), 0n, 'abort'],
  ['bypass', V | cfg(4n), 0n, 'bypass'],
  ['a first stage with ATS', V | cfg(5n) | (0x1234n << 6n), 1n << 28n, 'first-stage'],
] as const)('%s is accepted', (_what, low, high, kind) => {
  expect(said(low, high)).toMatchObject({ ok: true, value: { kind } });
});

it('a first stage keeps the fields that are the guest’s', () => {
  expect(said(V | cfg(5n) | (0x1234n << 6n) | (8n << 59n), 2n | (1n << 28n))).toMatchObject({
    value: { fields: { s1ContextPtr: 0x1234, s1CdMax: 8, s1Dss: 2, eats: 1 } },
  });
});

it.each([
  ['a second stage', V | cfg(6n), 0n, 'unknown-configuration'],
  ['nesting of its own', V | cfg(7n), 0n, 'unknown-configuration'],
  ['ATS that is checked between the stages', V | cfg(5n), 2n << 28n, 'unknown-ats'],
  ['shareability of what bypasses', V | cfg(4n), 1n << 44n, 'foreign-bits'],
  ['the unit’s own word about caches', V | cfg(5n), 1n << 25n, 'foreign-bits'],
] as const)('%s is refused', (_what, low, high, code) => {
  expect(said(low, high)).toEqual({ ok: false, error: { code } });
});
