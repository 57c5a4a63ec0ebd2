/**
 * Goal:   tags, entries, caches and default domains move by their rules, and what must not come is a violation.
 * Method: one row for every event in every state that tells rows apart.
 */
import { describe, expect, it, test } from 'vitest';

import { cacheTagMachine } from '../../../../src/machines/cache-tag.ts';
import { contextEntryMachine } from '../../../../src/machines/context-entry.ts';
import { defaultDomainMachine } from '../../../../src/machines/default-domain.ts';
import { deviceTlbMachine } from '../../../../src/machines/device-tlb.ts';
import { dmaMappingMachine } from '../../../../src/machines/dma-mapping.ts';
import { lockMachine } from '../../../../src/machines/lock.ts';
import { tagAllocatorMachine, tagOf } from '../../../../src/machines/tag-allocator.ts';
import { taggedStateMachine } from '../../../../src/machines/tagged-state.ts';
import { begin, take } from '../report/pure.ts';

const plain = <const Type extends string>(...types: readonly Type[]) =>
  types.map((type) => ({ type }));

describe('the tag allocator', () => {
  const SVA = 1;
  const allocator = (countsReserved = false) =>
    begin(tagAllocatorMachine, {
      allocator: 7,
      first: 2,
      last: 3,
      reserved: [{ holder: SVA, tag: 1 }],
      countsReserved,
    });
  const get = (holder: number) => ({ type: 'tag.get', holder }) as const;
  const put = (holder: number) => ({ type: 'tag.put', holder }) as const;
  type Event = ReturnType<typeof get> | ReturnType<typeof put>;
  const run = (from: ReturnType<typeof allocator>, ...events: Event[]) =>
    take(tagAllocatorMachine, from, ...events);
  const tagged = (type: string, holder: number, tag: number) => [
    { type, params: { allocator: 7, holder, tag } },
  ];

  it('grants the lowest free tag, once for each holder', () => {
    expect(run(allocator(), get(5)).effects).toEqual(tagged('grant', 5, 2));
    const second = run(allocator(), get(5), get(6));
    expect(second.effects).toEqual(tagged('grant', 6, 3));
    expect(run(second.snapshot, get(5)).effects).toEqual([]);
    expect([tagOf(second.snapshot.context, 5), tagOf(second.snapshot.context, 6)]).toEqual([2, 3]);
  });

  it('releases a tag with the last of its assignments, and grants it again', () => {
    const shared = run(allocator(), get(5), get(5), get(6)).snapshot;
    expect(run(shared, put(5)).effects).toEqual([]);
    const released = run(shared, put(5), put(5));
    expect(released.effects).toEqual(tagged('release', 5, 2));
    expect(run(released.snapshot, get(8)).effects).toEqual(tagged('grant', 8, 2));
  });

  it('refuses one holder more than it has tags', () => {
    expect(run(allocator(), get(5), get(6), get(8)).effects).toEqual([
      { type: 'refuse', params: { errno: 'ENOSPC', reason: 'every tag is in use' } },
    ]);
  });

  it('counts no reserved tag, whichever way', () => {
    for (const event of [get(SVA), put(SVA)]) {
      const { snapshot, effects } = run(allocator(), event, event, event);
      expect(effects).toMatchObject([{ type: 'ignore' }]);
      expect(tagOf(snapshot.context, SVA)).toBe(1);
      expect(run(snapshot, get(5)).effects).toEqual(tagged('grant', 5, 2));
    }
  });

  it('that counts reserved tags hands one out: S12', () => {
    expect(run(allocator(true), get(SVA), put(SVA), get(5)).effects).toMatchObject([
      { type: 'violate', params: { property: 'S12', sentence: 'a reserved tag is handed out' } },
    ]);
  });

  it.each([[[put(5)]], [[get(5), put(5), put(5)]]])(
    'meets an assignment undone that nobody made: S11 (%#)',
    (events) => {
      expect(run(allocator(), ...events).effects).toMatchObject([
        { type: 'violate', params: { property: 'S11' } },
      ]);
    },
  );
});

describe('the state behind a tag', () => {
  const run = (...types: readonly Type[]) =>
    take(taggedStateMachine, begin(taggedStateMachine, undefined), ...plain(...types));
  type Type = Parameters<typeof take<typeof taggedStateMachine>>[2]['type'];

  test.each<readonly [string, readonly Type[], boolean]>([
    ['a clean tag', [], true],
    ['a tag with an entry', ['entry.programmed'], false],
    ['a cached tag', ['entry.programmed', 'translation.cached', 'entry.cleared'], false],
    [
      'a flushed tag',
      ['entry.programmed', 'translation.cached', 'entry.cleared', 'tag.flushed'],
      true,
    ],
    [
      'a tag flushed before its entry went',
      ['entry.programmed', 'translation.cached', 'tag.flushed', 'entry.cleared'],
      true,
    ],
  ])('%s, after %j, may be granted: %s', (_, events, fine) => {
    const { effects } = run(...events, 'tag.granted');
    expect(effects).toEqual(fine ? [] : [expect.objectContaining({ type: 'violate' })]);
    if (!fine) expect(effects).toMatchObject([{ params: { property: 'S11' } }]);
  });

  it('may be released cached, for whoever grants it next to see, but not programmed', () => {
    expect(run('translation.cached', 'tag.released').effects).toEqual([]);
    expect(run('entry.programmed', 'tag.released').effects).toMatchObject([
      { params: { property: 'S11' } },
    ]);
  });

  it('counts its entries', () => {
    expect(run('entry.programmed', 'entry.programmed', 'entry.cleared').snapshot.context).toEqual({
      entries: 1,
    });
    expect(run('entry.cleared').effects).toMatchObject([{ type: 'violate' }]);
  });
});

describe('the context entry', () => {
  type Type = Parameters<typeof take<typeof contextEntryMachine>>[2]['type'];
  const run = (...types: readonly Type[]) =>
    take(contextEntryMachine, begin(contextEntryMachine, undefined), ...plain(...types));

  it.each<readonly [readonly Type[], string]>([
    [['entry.program'], 'whole'],
    [['entry.program', 'present.clear'], 'halfCleared'],
    [['entry.program', 'present.clear', 'entry.zero'], 'empty'],
    [['entry.program', 'entry.zero'], 'torn'],
    [['entry.program', 'entry.zero', 'present.clear'], 'empty'],
    [['entry.zero', 'present.clear'], 'empty'],
  ])('after %j is %s', (events, value) => {
    expect(run(...events).snapshot.value).toBe(value);
  });

  it.each<readonly [readonly Type[], boolean]>([
    [['entry.program'], true],
    [['entry.program', 'present.clear'], true],
    [['entry.program', 'present.clear', 'entry.zero'], false],
    [['entry.program', 'entry.zero'], false],
  ])('after %j may be acted on: %s', (events, fine) => {
    const { effects } = run(...events, 'rest.fetched');
    expect(effects.map(({ type }) => type)).toEqual(fine ? [] : ['violate']);
    if (!fine) expect(effects).toMatchObject([{ params: { property: 'S13' } }]);
  });

  it('is not programmed twice', () => {
    expect(run('entry.program', 'entry.program').effects).toMatchObject([{ type: 'violate' }]);
  });
});

describe('a DMA mapping', () => {
  const map = (through: 'direct' | 'translating') => ({ type: 'buffer.map', through }) as const;
  const unmap = (through: 'direct' | 'translating') => ({ type: 'buffer.unmap', through }) as const;
  const changed = (to: 'direct' | 'translating') => ({ type: 'domain.changed', to }) as const;
  type Event = ReturnType<typeof map> | ReturnType<typeof unmap> | ReturnType<typeof changed>;

  it.each<readonly [string, readonly Event[], boolean]>([
    ['direct to direct keeps it', [map('direct'), changed('direct'), unmap('direct')], true],
    ['direct to translating does not', [map('direct'), changed('translating')], false],
    ['translating to direct does not', [map('translating'), changed('direct')], false],
    ['one domain to another does not', [map('translating'), changed('translating')], false],
    ['it is undone as it was made', [map('translating'), unmap('translating')], true],
    ['it is undone otherwise', [map('translating'), unmap('direct')], false],
    ['it is undone otherwise, too', [map('direct'), unmap('translating')], false],
    ['a buffer not mapped does not care', [changed('translating'), changed('direct')], true],
  ])('and a change of domain: %s', (_, events, fine) => {
    const { effects } = take(dmaMappingMachine, begin(dmaMappingMachine, undefined), ...events);
    expect(effects.map(({ type }) => type)).toEqual(fine ? [] : ['violate']);
    if (!fine) expect(effects).toMatchObject([{ params: { property: 'S16' } }]);
  });

  it.each([[[unmap('direct')]], [[map('direct'), map('direct')]]])(
    'is neither undone nor made twice (%#)',
    (events) => {
      const { effects } = take(dmaMappingMachine, begin(dmaMappingMachine, undefined), ...events);
      expect(effects).toMatchObject([{ type: 'violate' }]);
    },
  );
});

test.each([
  { kind: 'identity', to: 'direct', tags: ['set'] },
  { kind: 'paging', to: 'translating', tags: ['set', 'translating'] },
] as const)('a default domain of kind $kind makes the DMA API $to', ({ kind, to, tags }) => {
  const none = begin(defaultDomainMachine, { group: 3 });
  expect([...none.tags]).toEqual([]);
  for (const from of [
    none,
    take(defaultDomainMachine, none, { type: 'domain.set', kind }).snapshot,
  ]) {
    const { snapshot, effects } = take(defaultDomainMachine, from, { type: 'domain.set', kind });
    expect(effects).toEqual([{ type: 'changeOperations', params: { group: 3, to } }]);
    expect([...snapshot.tags]).toEqual(tags);
  }
});

describe('a device TLB', () => {
  type Type = Parameters<typeof take<typeof deviceTlbMachine>>[2]['type'];
  const run = (...types: readonly Type[]) =>
    take(deviceTlbMachine, begin(deviceTlbMachine, undefined), ...plain(...types));

  it.each<readonly [string, readonly Type[], object]>([
    [
      'keeps translations while ATS is on',
      ['ats.enable', 'translation.cached'],
      { cache: 'holding' },
    ],
    [
      'forgets when asked',
      ['ats.enable', 'translation.cached', 'invalidation.request', 'invalidation.complete'],
      { cache: 'empty', request: 'none' },
    ],
    ['ignores what comes while ATS is off', ['invalidation.request'], { request: 'ignored' }],
    [
      'ignores what comes during a reset',
      ['ats.enable', 'reset.begin', 'invalidation.request'],
      { request: 'ignored' },
    ],
    [
      'forgets a request when ATS goes off',
      ['ats.enable', 'invalidation.request', 'ats.disable'],
      { request: 'ignored', ats: 'off' },
    ],
    [
      'forgets a request at a reset',
      ['ats.enable', 'translation.cached', 'invalidation.request', 'reset.begin', 'reset.end'],
      { request: 'ignored', cache: 'empty', function: 'running' },
    ],
    [
      'loses its cache with ATS',
      ['ats.enable', 'translation.cached', 'ats.disable'],
      { cache: 'empty' },
    ],
  ])('%s', (_, events, value) => {
    const { snapshot, effects } = run(...events);
    expect(effects).toEqual([]);
    expect(snapshot.value).toMatchObject(value);
  });

  it.each<readonly [string, readonly Type[]]>([
    ['a translation without ATS', ['translation.cached']],
    [
      'a completion nobody asked for',
      ['ats.enable', 'translation.cached', 'invalidation.complete'],
    ],
    ['a completion of what was ignored', ['invalidation.request', 'invalidation.complete']],
    ['the end of no reset', ['reset.end']],
    ['a second request', ['ats.enable', 'invalidation.request', 'invalidation.request']],
  ])('meets with a violation %s', (_, events) => {
    expect(run(...events).effects).toMatchObject([{ type: 'violate' }]);
  });
});

test('a cache tag is listed while it has users', () => {
  const tag = begin(cacheTagMachine, undefined);
  const twice = take(
    cacheTagMachine,
    tag,
    ...plain('cache-tag.assign', 'cache-tag.assign'),
  ).snapshot;
  const [unassign] = plain('cache-tag.unassign');
  expect(twice).toMatchObject({ value: 'listed', context: { users: 2 } });
  expect(take(cacheTagMachine, twice, { type: 'cache-tag.unassign' }).snapshot.value).toBe(
    'listed',
  );
  const gone = take(cacheTagMachine, twice, ...plain('cache-tag.unassign', 'cache-tag.unassign'));
  expect(gone.snapshot).toMatchObject({ value: 'absent', context: { users: 0 } });
  expect(unassign && take(cacheTagMachine, gone.snapshot, unassign).effects).toMatchObject([
    { type: 'violate' },
  ]);
});

test.each([['lock.take', 'lock.take'] as const, ['lock.drop'] as const])(
  'a spin lock is neither taken twice nor dropped free (%#)',
  (...types) => {
    const { effects } = take(lockMachine, begin(lockMachine, undefined), ...plain(...types));
    expect(effects).toMatchObject([{ type: 'violate' }]);
  },
);
