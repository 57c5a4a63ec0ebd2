import { describe, expect, it } from 'vitest';

import {
  decodeLegacyContext,
  decodeScalableContext,
  directoryEntries,
  directorySizeCode,
  encodeLegacyContext,
  encodeScalableContext,
  type LegacyContextEntry,
  type ScalableContextEntry,
} from '../../../../src/hw/vtd/context-entry.ts';
import { quadwordsOf, viewOf } from '../quadwords.ts';

describe('a context entry', () => {
  it('says in scalable mode what the device can do and where its PASIDs are', () => {
    const entry: ScalableContextEntry = {
      present: true,
      faultDisabled: false,
      deviceTlb: true,
      pasids: true,
      pageRequests: true,
      directorySize: 7,
      pasidDirectory: 0x12345,
      ridPasid: 0,
    };
    const view = viewOf();
    encodeScalableContext(view, 0, entry);
    expect(quadwordsOf(view)).toEqual([0x12345e1dn, 0n, 0n, 0n]);
    expect(decodeScalableContext(view, 0)).toEqual(entry);
  });

  it.each([
    ['multi-level', 0x12345001n],
    ['multi-level-device-tlb', 0x12345005n],
    ['pass-through', 0x12345009n],
    [undefined, 0x1234500dn],
  ] as const)('says in legacy mode how to translate: %s', (translation, quadword) => {
    const entry: LegacyContextEntry = {
      present: true,
      faultDisabled: false,
      translation,
      root: 0x12345,
      width: 2,
      did: 0x1234,
    };
    const view = new DataView(new ArrayBuffer(16));
    encodeLegacyContext(view, 0, entry);
    expect(quadwordsOf(view)).toEqual([quadword, 0x123402n]);
    expect(decodeLegacyContext(view, 0)).toEqual(entry);
  });

  it.each([
    [1, 0, 128],
    [128, 0, 128],
    [129, 1, 256],
    [2 ** 14, 7, 2 ** 14],
  ])('sizes a directory for %d entries with code %d', (entries, code, held) => {
    expect(directorySizeCode(entries)).toBe(code);
    expect(directoryEntries(code)).toBe(held);
  });
});
