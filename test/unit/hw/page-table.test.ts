/**
 * Goal:   what is mapped, with which permissions, and which frames come back, is exactly what a map
 *         from page to (frame, permissions) says, through every sequence of changes.
 * Method: random commands against a Map, on pages chosen to share and to split tables; then the
 *         contests between installers, staged by a takeFrame that lets another one win.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FrameBatch } from '../../../src/hw/frame-batch.ts';
import { pageHigh, pageLow, TABLE_PAGES, USER_PAGES } from '../../../src/hw/page-number.ts';
import {
  ALREADY_PRESENT,
  INSTALLED,
  installEntry,
  LOST,
  leafTable,
  leafTableOrCreate,
  readEntry,
  readEntryHigh,
  UPGRADED,
} from '../../../src/hw/page-table.ts';
import {
  ENTRY_ACCESSED,
  ENTRY_DIRTY,
  ENTRY_EXECUTE_DISABLE,
  ENTRY_PERMISSIONS,
  ENTRY_PRESENT,
  ENTRY_USER,
  ENTRY_WRITE,
  entryFrame,
  entryOf,
} from '../../../src/hw/page-table-entry.ts';
import { clearRange, forEachTable, protectRange } from '../../../src/hw/page-table-range.ts';
import { zeroFrame } from '../../../src/hw/table-memory.ts';
import { type Frames, frameIsZero, framesOf } from './frames.ts';

const READ_ONLY = ENTRY_PRESENT | ENTRY_USER | ENTRY_ACCESSED;
const READ_WRITE = READ_ONLY | ENTRY_WRITE;
/** Beyond any table frame of these tests. */
const DATA = 0x40000;

const framesIn = (batch: FrameBatch): number[] =>
  Array.from({ length: batch.count }, (_, index) => batch.at(index));

const install = (frames: Frames, root: number, pfn: number, lo: number, hi = 0): number => {
  const { words, take, giveBack } = frames;
  const table = leafTableOrCreate(words, root, pageLow(pfn), pageHigh(pfn), take, giveBack);
  expect(table).not.toBe(0);
  return installEntry(words, table, pageLow(pfn), lo, hi);
};
const walk = ({ words }: Frames, root: number, pfn: number): number => {
  const table = leafTable(words, root, pageLow(pfn), pageHigh(pfn));
  return table === 0 ? 0 : readEntry(words, table, pageLow(pfn));
};
const walkHigh = ({ words }: Frames, root: number, pfn: number): number =>
  readEntryHigh(words, leafTable(words, root, pageLow(pfn), pageHigh(pfn)), pageLow(pfn));

describe('a page table', () => {
  it('maps nothing when it is new', () => {
    const frames = framesOf(8);
    expect(leafTable(frames.words, frames.take(), 0, 0)).toBe(0);
  });

  it('takes three tables for a first page and none for its neighbour', () => {
    const frames = framesOf(8);
    const root = frames.take();
    install(frames, root, 0x7f1234567, entryOf(DATA, READ_ONLY));
    expect(frames.taken()).toEqual([1, 2, 3, 4]);
    install(frames, root, 0x7f1234568, entryOf(DATA + 1, READ_ONLY));
    expect(frames.taken()).toEqual([1, 2, 3, 4]);
  });

  it('keeps apart pages that differ in any one bit', () => {
    const frames = framesOf(128);
    const root = frames.take();
    for (let index = 0; index < 36; index += 1) {
      expect(install(frames, root, 2 ** index, entryOf(DATA + index, READ_ONLY))).toBe(INSTALLED);
    }
    for (let index = 0; index < 36; index += 1) {
      expect(entryFrame(walk(frames, root, 2 ** index))).toBe(DATA + index);
    }
    expect(walk(frames, root, 0)).toBe(0);
  });

  it('holds frames of all 20 bits', () => {
    const frames = framesOf(8);
    const root = frames.take();
    install(frames, root, 5, entryOf(0xfffff, READ_ONLY));
    expect(entryFrame(walk(frames, root, 5))).toBe(0xfffff);
  });

  it('has no leaf table when frames run out on any level', () => {
    for (let count = 2; count < 5; count += 1) {
      const { words, take, giveBack } = framesOf(count);
      expect(leafTableOrCreate(words, take(), 7, 7, take, giveBack)).toBe(0);
    }
  });

  it('gives back the table that came second', () => {
    const frames = framesOf(16);
    const root = frames.take();
    const { words, giveBack } = frames;
    let winner = 0;
    const slow = (): number => {
      const mine = frames.take();
      if (winner === 0) winner = leafTableOrCreate(words, root, 9, 9, frames.take, giveBack);
      return mine;
    };
    expect(leafTableOrCreate(words, root, 9, 9, slow, giveBack)).toBe(winner);
    expect(frames.taken()).toHaveLength(4);
  });

  it('installs once, then is present', () => {
    const frames = framesOf(8);
    const root = frames.take();
    expect(install(frames, root, 1, entryOf(DATA, READ_WRITE))).toBe(INSTALLED);
    expect(install(frames, root, 1, entryOf(DATA + 1, READ_ONLY))).toBe(ALREADY_PRESENT);
    expect(walk(frames, root, 1)).toBe(entryOf(DATA, READ_WRITE));
  });

  it('widens permissions, keeping frame, accessed and dirty', () => {
    const frames = framesOf(8);
    const root = frames.take();
    install(frames, root, 1, entryOf(DATA, READ_ONLY | ENTRY_DIRTY));
    const wider = entryOf(DATA + 1, ENTRY_PRESENT | ENTRY_USER | ENTRY_WRITE);
    expect(install(frames, root, 1, wider)).toBe(UPGRADED);
    expect(walk(frames, root, 1)).toBe(entryOf(DATA, READ_WRITE | ENTRY_DIRTY));
  });

  it('drops execute-disable when the page becomes executable, and never adds it', () => {
    const frames = framesOf(8);
    const root = frames.take();
    install(frames, root, 1, entryOf(DATA, READ_ONLY), ENTRY_EXECUTE_DISABLE);
    expect(walkHigh(frames, root, 1)).toBe(ENTRY_EXECUTE_DISABLE);
    expect(install(frames, root, 1, entryOf(DATA, READ_ONLY), 0)).toBe(UPGRADED);
    const disabled = install(frames, root, 1, entryOf(DATA, READ_ONLY), ENTRY_EXECUTE_DISABLE);
    expect(disabled).toBe(ALREADY_PRESENT);
    expect(walkHigh(frames, root, 1)).toBe(0);
  });

  it.each([
    ['nothing', 0],
    ['a narrower entry', entryOf(DATA, READ_ONLY)],
  ])('loses to an installer that came between, over %s', (_, before) => {
    const frames = framesOf(8);
    const root = frames.take();
    const { words, take, giveBack } = frames;
    const table = leafTableOrCreate(words, root, 1, 0, take, giveBack);
    const at = table * 1024 + 2;
    words[at] = before;
    const rival = entryOf(DATA + 7, READ_WRITE);
    const load = Atomics.load;
    Atomics.load = ((array: Int32Array, index: number) => {
      const seen = load(array, index);
      if (index === at) array[at] = rival;
      return seen;
    }) as typeof Atomics.load; // only Int32Array is loaded here
    try {
      expect(installEntry(words, table, 1, entryOf(DATA, READ_WRITE), 0)).toBe(LOST);
    } finally {
      Atomics.load = load;
    }
    expect(words[at]).toBe(rival);
  });

  it('clears half the address space at once', () => {
    const frames = framesOf(16);
    const root = frames.take();
    install(frames, root, USER_PAGES - 1, entryOf(DATA, READ_ONLY));
    install(frames, root, USER_PAGES, entryOf(DATA + 1, READ_ONLY));
    install(frames, root, 0, entryOf(DATA + 2, READ_ONLY));
    const freed = new FrameBatch();
    expect(clearRange(frames.words, root, 0, USER_PAGES, freed)).toBe(2);
    expect(framesIn(freed)).toEqual([DATA + 2, DATA]);
    expect(entryFrame(walk(frames, root, USER_PAGES))).toBe(DATA + 1);
  });

  it('takes every permission but presence away for PROT_NONE', () => {
    const frames = framesOf(8);
    const root = frames.take();
    install(frames, root, 3, entryOf(DATA, READ_WRITE));
    expect(protectRange(frames.words, root, 0, 8, 0, false)).toBe(1);
    expect(walk(frames, root, 3)).toBe(entryOf(DATA, ENTRY_PRESENT | ENTRY_ACCESSED));
    expect(walkHigh(frames, root, 3)).toBe(ENTRY_EXECUTE_DISABLE);
  });

  it('refuses ranges beyond the address space and bits that are no permissions', () => {
    const frames = framesOf(8);
    const root = frames.take();
    const clear = (pfn: number, pages: number) => () =>
      clearRange(frames.words, root, pfn, pages, new FrameBatch());
    expect(clear(TABLE_PAGES - 1, 2)).toThrow('leave the address space');
    expect(clear(0, -1)).toThrow('a range of -1 pages');
    expect(() => protectRange(frames.words, root, 0, 1, ENTRY_PRESENT, true)).toThrow('permission');
    expect(clear(TABLE_PAGES, 0)()).toBe(0);
  });

  it('visits children before parents, each once, the root last', () => {
    const frames = framesOf(32);
    const root = frames.take();
    for (const pfn of [0, 600, 2 ** 20, 2 ** 30]) {
      install(frames, root, pfn, entryOf(DATA, READ_ONLY));
    }
    const levels = new Map<number, number>();
    forEachTable(frames.words, root, (frame, level) => {
      levels.set(frame, level);
      zeroFrame(frames.words, frame);
    });
    expect([...levels.keys()].toSorted((one, other) => one - other)).toEqual(frames.taken());
    expect([...levels.entries()].at(-1)).toEqual([root, 4]);
    expect(frames.taken().every((frame) => frameIsZero(frames.words, frame))).toBe(true);
  });
});

type Command =
  | { readonly kind: 'install'; readonly page: number; readonly lo: number; readonly hi: number }
  | { readonly kind: 'clear'; readonly page: number; readonly pages: number }
  | {
      readonly kind: 'protect';
      readonly page: number;
      readonly pages: number;
      readonly bits: number;
      readonly executable: boolean;
    };

/** Few enough to meet again, on both sides of the boundaries of every level. */
const pages = fc
  .tuple(fc.constantFrom(0, 2 ** 9, 2 ** 18, 2 ** 27, 2 ** 35, 2 ** 36 - 4), fc.nat(7))
  .map(([boundary, near]) => Math.min(Math.max(0, boundary - 4) + near, TABLE_PAGES - 1));
const counts = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(2 ** 9, 2 ** 18, 2 ** 27, 2 ** 35),
);
const permissions = fc.constantFrom(0, ENTRY_USER, ENTRY_USER | ENTRY_WRITE);
const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('install' as const),
      page: pages,
      lo: permissions.map((bits) => ENTRY_PRESENT | bits),
      hi: fc.constantFrom(0, ENTRY_EXECUTE_DISABLE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clear' as const), page: pages, pages: counts }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('protect' as const),
      page: pages,
      pages: counts,
      bits: permissions,
      executable: fc.boolean(),
    }),
  },
);

describe('a page table through any sequence of changes', () => {
  it('maps what its model maps', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 40 }), (run) => {
        const frames = framesOf(256);
        const root = frames.take();
        const model = new Map<number, { frame: number; bits: number; hi: number }>();
        const within = (command: { page: number; pages: number }): number[] =>
          [...model.keys()]
            .filter((pfn) => pfn >= command.page && pfn < command.page + command.pages)
            .toSorted((one, other) => one - other);
        let nextFrame = DATA;

        for (const command of run) {
          if (command.kind === 'install') {
            const { page, lo, hi } = command;
            const frame = nextFrame;
            nextFrame += 1;
            const known = model.get(page);
            const wanted = lo & ENTRY_PERMISSIONS;
            const result = install(frames, root, page, entryOf(frame, lo), hi);
            if (known === undefined) {
              expect(result).toBe(INSTALLED);
              model.set(page, { frame, bits: wanted, hi });
              continue;
            }
            const gains = (wanted & ~known.bits) !== 0 || (hi === 0 && known.hi !== 0);
            expect(result).toBe(gains ? UPGRADED : ALREADY_PRESENT);
            known.bits |= wanted;
            if (hi === 0) known.hi = 0;
          } else if (command.kind === 'clear') {
            const clipped = {
              ...command,
              pages: Math.min(command.pages, TABLE_PAGES - command.page),
            };
            const freed = new FrameBatch();
            clearRange(frames.words, root, clipped.page, clipped.pages, freed);
            expect(framesIn(freed)).toEqual(within(clipped).map((pfn) => model.get(pfn)?.frame));
            for (const pfn of within(clipped)) model.delete(pfn);
          } else {
            const { page, bits, executable } = command;
            const clipped = { page, pages: Math.min(command.pages, TABLE_PAGES - page) };
            const changed = protectRange(frames.words, root, page, clipped.pages, bits, executable);
            expect(changed).toBe(within(clipped).length);
            for (const pfn of within(clipped)) {
              const known = model.get(pfn);
              if (known === undefined) continue;
              known.bits = bits;
              known.hi = executable ? 0 : ENTRY_EXECUTE_DISABLE;
            }
          }
        }

        const probes = fc.sample(pages, { numRuns: 64, seed: 1 });
        for (const pfn of [...model.keys(), ...probes]) {
          const known = model.get(pfn);
          const expected =
            known === undefined ? 0 : entryOf(known.frame, ENTRY_PRESENT | known.bits);
          expect(walk(frames, root, pfn)).toBe(expected);
          if (known !== undefined) expect(walkHigh(frames, root, pfn)).toBe(known.hi);
        }
        let tables = 0;
        forEachTable(frames.words, root, () => {
          tables += 1;
        });
        expect(tables).toBe(frames.taken().length);
      }),
    );
  });
});
