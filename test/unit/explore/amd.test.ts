/**
 * What a process's page table means behind an AMD function's own domain, and what a bind does to live DMA mappings.
 */
import { describe, expect, it } from 'vitest';

import { askedType, defaultDomainOf } from '../../../src/actors/default-domain-type.ts';
import { AMD_SCENARIOS } from '../../../src/scenarios/explore/amd/scenarios.ts';
import { outcomeOf } from './outcome-of.ts';
import { driverOf } from './unit-worlds.ts';

const worldOf = (name: string, ...quirks: readonly string[]) => {
  const found = AMD_SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found.world(driverOf('amd@7.3', quirks));
};
const CLEAN = { kind: 'complete', unseen: [] };
const broken = (property: string) => ({ kind: 'violated', violation: { property } });

it.each(AMD_SCENARIOS.map(({ name }) => name))('%s is clean, and shows what it is for', (name) => {
  expect(outcomeOf(worldOf(name))).toMatchObject(CLEAN);
});

describe('a process bound over a host table, unasked,', () => {
  it('is read in other memory by the device where that table maps elsewhere', () => {
    const world = worldOf('walk-through-host-table', 'binds-over-host-table');
    expect(outcomeOf(world)).toMatchObject(broken('S26'));
  });

  it('is read where the CPU reads it while that table maps one to one', () => {
    const world = worldOf('walk-through-direct-table', 'binds-over-host-table');
    expect(outcomeOf(world)).toMatchObject(CLEAN);
  });
});

describe('a bind that switches the domain of its function', () => {
  it('keeps live mappings where both map one to one', () => {
    expect(outcomeOf(worldOf('bind-under-dma', 'bind-switches-domain'))).toMatchObject(CLEAN);
  });

  it('breaks them where the first one translated', () => {
    const world = worldOf('bind-under-translated-dma', 'bind-switches-domain');
    expect(outcomeOf(world)).toMatchObject(broken('S16'));
  });
});

describe('the default domain of a function', () => {
  const facts = { isUntrusted: false, pasidsMax: 8, hasMemoryEncryption: false, hasSnp: false };

  it.each([
    [facts, 'identity', 'identity'],
    [{ ...facts, hasSnp: true }, 'any', 'v2'],
    [{ ...facts, hasMemoryEncryption: true }, 'any', 'v2'],
    [{ ...facts, isUntrusted: true }, 'dma', 'v2'],
    [{ ...facts, pasidsMax: 0 }, 'any', 'v1'],
  ] as const)('of %o is asked to be %s, and is %s', (function_, asked, domain) => {
    expect(askedType(function_)).toBe(asked);
    expect(defaultDomainOf([function_], 'dma')).toBe(domain);
  });

  it('is identity for all of a group as soon as one asks for that, but not beside one nobody trusts', () => {
    const plain = { ...facts, pasidsMax: 0 };
    expect(defaultDomainOf([plain, facts], 'dma')).toBe('identity');
    expect(defaultDomainOf([{ ...plain, isUntrusted: true }, facts], 'dma')).toBeUndefined();
    expect(defaultDomainOf([plain], 'identity')).toBe('identity');
  });
});
