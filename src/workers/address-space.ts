/**
 * Address spaces in shared memory: VMAs, page-table roots, and the lock between faults and unmaps.
 *
 * Kernel: include/linux/mm_types.h, struct mm_struct; mm/mmap.c; the lock stands for mmap_lock and, because a dead
 *         address space is refused under it, for mmget_not_zero() too.
 * Actor:  resolvers read, the main thread (the processes' own side) writes.
 *
 * The lock is a big-reader: a resolver announces the address space it reads in a word of its own and then looks
 * whether a writer waits; the one writer announces itself and then waits for every such word. Both orders are
 * sequentially consistent, so one of them always sees the other.
 */
import { VMAS_MAX } from '../core/limits.ts';
import { double, word } from '../core/words.ts';
import { LINE_WORDS } from './lines.ts';
import { MM, RESOLVER } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

/** Spins before a writer that waits for a reader sleeps: the reader's thread may be off its core. */
const WRITER_SPINS = 200;
const WRITER_SLEEP_MILLISECONDS = 1;
const READER_SLEEP_MILLISECONDS = 1;

/** A mapping: [first, end) pages and its Linux permission bits. */
export type Vma = { readonly first: number; readonly end: number; readonly bits: number };

export const mmWord = (mm: number, field: number): number => mm * LINE_WORDS + field;

/** One resolver's side of the lock. */
export class AddressSpaceReader {
  readonly #writers: Int32Array;
  readonly #resolvers: Int32Array;
  readonly #holds: number;
  #held = -1;

  constructor(memory: StormMemory, resolver: number) {
    this.#writers = memory.mmWriters;
    this.#resolvers = memory.resolvers;
    this.#holds = resolver * RESOLVER.words + RESOLVER.holds;
  }

  /** Takes the lock of `mm` for reading, giving up any other; kept until `release`. */
  hold(mm: number): void {
    if (this.#held === mm && word(this.#writers, mm * LINE_WORDS) === 0) return;
    for (;;) {
      Atomics.store(this.#resolvers, this.#holds, mm + 1);
      if (Atomics.load(this.#writers, mm * LINE_WORDS) === 0) break;
      this.release();
      Atomics.wait(this.#writers, mm * LINE_WORDS, 1, READER_SLEEP_MILLISECONDS);
    }
    this.#held = mm;
  }

  release(): void {
    if (word(this.#resolvers, this.#holds) === 0) return;
    this.#held = -1;
    Atomics.store(this.#resolvers, this.#holds, 0);
    Atomics.notify(this.#resolvers, this.#holds);
  }
}

/**
 * The writers' side of one address space's lock: changes run one after the other, each while no reader is in.
 *
 * Main thread only. A reader that is slow, or dead, is waited for without blocking the event loop, so that whoever
 * buries a dead resolver gets its turn.
 */
export class AddressSpaceWriter {
  readonly #writers: Int32Array;
  readonly #resolvers: Int32Array;
  readonly #mm: number;
  readonly #readers: number;
  #earlier: Promise<unknown> = Promise.resolve();

  constructor({ mmWriters, resolvers, sizes }: StormMemory, mm: number) {
    this.#writers = mmWriters;
    this.#resolvers = resolvers;
    this.#mm = mm;
    this.#readers = sizes.resolvers;
  }

  /** Resolves, or rejects, as `change` returns or throws. */
  write<Value>(change: () => Value): Promise<Value> {
    const written = this.#earlier.then(() => this.#alone(change));
    this.#earlier = written.catch(() => {}); // its own caller hears of it
    return written;
  }

  async #alone<Value>(change: () => Value): Promise<Value> {
    const writer = this.#mm * LINE_WORDS;
    Atomics.store(this.#writers, writer, 1);
    try {
      for (let reader = 0; reader < this.#readers; reader += 1) await this.#outlast(reader);
      return change();
    } finally {
      Atomics.store(this.#writers, writer, 0);
      Atomics.notify(this.#writers, writer);
    }
  }

  async #outlast(reader: number): Promise<void> {
    const holds = reader * RESOLVER.words + RESOLVER.holds;
    const mine = this.#mm + 1;
    for (let spins = 0; Atomics.load(this.#resolvers, holds) === mine; spins += 1) {
      if (spins < WRITER_SPINS) continue;
      await Atomics.waitAsync(this.#resolvers, holds, mine, WRITER_SLEEP_MILLISECONDS).value;
    }
  }
}

const rangeAt = (mm: number, index: number): number => (mm * VMAS_MAX + index) * 2;

/** Index of the VMA that holds a page, or -1. Caller's duty: the lock. */
export function findVma(memory: StormMemory, mm: number, pfn: number): number {
  let low = 0;
  let high = word(memory.mms, mmWord(mm, MM.vmas)) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = rangeAt(mm, middle);
    if (pfn < double(memory.vmaRanges, at)) high = middle - 1;
    else if (pfn >= double(memory.vmaRanges, at + 1)) low = middle + 1;
    else return middle;
  }
  return -1;
}

export const vmaAt = (memory: StormMemory, mm: number, index: number): Vma => ({
  first: double(memory.vmaRanges, rangeAt(mm, index)),
  end: double(memory.vmaRanges, rangeAt(mm, index) + 1),
  bits: word(memory.vmaBits, mm * VMAS_MAX + index),
});

export const vmasOf = (memory: StormMemory, mm: number): Vma[] =>
  Array.from({ length: word(memory.mms, mmWord(mm, MM.vmas)) }, (_, index) =>
    vmaAt(memory, mm, index),
  );

/** Replaces the list: ascending, without overlap, at most VMAS_MAX. Caller's duty: the lock for writing. */
export function storeVmas(memory: StormMemory, mm: number, vmas: readonly Vma[]): void {
  for (const [index, vma] of vmas.entries()) {
    memory.vmaRanges[rangeAt(mm, index)] = vma.first;
    memory.vmaRanges[rangeAt(mm, index) + 1] = vma.end;
    memory.vmaBits[mm * VMAS_MAX + index] = vma.bits;
  }
  memory.mms[mmWord(mm, MM.vmas)] = vmas.length;
  Atomics.add(memory.mms, mmWord(mm, MM.vmaChange), 1);
}

/** The list with [first, end) cut out of every VMA. */
export const withoutRange = (vmas: readonly Vma[], first: number, end: number): Vma[] =>
  vmas.flatMap((vma) => {
    if (vma.end <= first || vma.first >= end) return [vma];
    const before = vma.first < first ? [{ ...vma, end: first }] : [];
    const after = vma.end > end ? [{ ...vma, first: end }] : [];
    return [...before, ...after];
  });

/** The list with one VMA put in place; neighbours of equal permissions are merged. */
export function withVma(vmas: readonly Vma[], vma: Vma): Vma[] {
  const sorted = [...withoutRange(vmas, vma.first, vma.end), vma].sort(
    (left, right) => left.first - right.first,
  );
  return sorted.reduce<Vma[]>((merged, next) => {
    const last = merged.at(-1);
    if (last !== undefined && last.end === next.first && last.bits === next.bits) {
      merged[merged.length - 1] = { ...last, end: next.end };
    } else merged.push(next);
    return merged;
  }, []);
}
