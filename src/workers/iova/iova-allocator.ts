/**
 * IOVA allocator: the pages of one domain's DMA addresses, given out to every CPU whose devices share the domain.
 *
 * Kernel: drivers/iommu/iova.c, alloc_iova_fast(), free_iova_fast(), __iova_rcache_get(), __iova_rcache_insert(),
 *         iova_magazine_free_pfns(); sizes of 7.3: magazines of 127, at most 32 in the depot.
 *
 *     CPU: loaded, previous  ->  depot of full magazines, its lock  ->  tree, its lock
 *
 * A CPU goes to the depot when both magazines of its own are empty, or full, and to the tree when the depot can't help.
 * Policy: the tree is a bitmap that is searched downward from where the last page was found, as the kernel's tree is
 *         from its cached node; what matters here is whose lock is held for it. One size of allocation, a page.
 */
import { invariant } from '../../core/invariant.ts';
import { word } from '../../core/words.ts';
import { LINE_WORDS, sharedWords } from '../lines.ts';
import { ContendedLock, LOCK_WORDS, type LockCounts } from './contended-lock.ts';

export const MAGAZINE_PAGES = 127;
export const DEPOT_MAGAZINES = 32;
/** A level, then the pages. */
const MAGAZINE_WORDS = MAGAZINE_PAGES + 1;
const BITS = 32;

const TREE_LOCK = 0;
const DEPOT_LOCK = TREE_LOCK + LOCK_WORDS;
/** Magazines in the depot; where the search of the tree goes on. */
const DEPOT_LEVEL = DEPOT_LOCK + LOCK_WORDS;
const CACHED = DEPOT_LEVEL + LINE_WORDS;
const DEPOT = CACHED + LINE_WORDS;
const CPUS = DEPOT + DEPOT_MAGAZINES * MAGAZINE_WORDS;
/** Which of the two is loaded, then both; on lines of its own. */
const CPU_WORDS = Math.ceil((1 + 2 * MAGAZINE_WORDS) / LINE_WORDS) * LINE_WORDS;

/** Memory for `pages` (a multiple of 32) and so many CPUs; all pages are free. */
export function iovaMemory(pages: number, cpus: number): Int32Array {
  invariant(pages % BITS === 0, `${pages} pages are no whole number of words`);
  return sharedWords(CPUS + cpus * CPU_WORDS + pages / BITS);
}

export class IovaAllocator {
  readonly #words: Int32Array;
  readonly #tree: ContendedLock;
  readonly #depot: ContendedLock;
  readonly #cpu: number;
  readonly #bitmap: number;

  /** One CPU's view of it; caller's duty: one thread a CPU. */
  constructor(words: Int32Array, cpus: number, cpu: number) {
    this.#words = words;
    this.#tree = new ContendedLock(words, TREE_LOCK);
    this.#depot = new ContendedLock(words, DEPOT_LOCK);
    this.#cpu = CPUS + cpu * CPU_WORDS;
    this.#bitmap = CPUS + cpus * CPU_WORDS;
  }

  /** A page that nobody has; undefined when there is none. */
  allocate(): number | undefined {
    if (this.#level(this.#loaded) === 0) {
      if (this.#level(this.#previous) > 0) this.#swap();
      else if (!this.#refill()) return this.#takeFromTree();
    }
    return this.#pop(this.#loaded);
  }

  /** Caller's duty: the page was allocated, and is given back once, by whichever CPU. */
  free(page: number): void {
    if (this.#level(this.#loaded) === MAGAZINE_PAGES) {
      if (this.#level(this.#previous) < MAGAZINE_PAGES) this.#swap();
      else this.#unload();
    }
    this.#push(this.#loaded, page);
  }

  get counts(): { readonly tree: LockCounts; readonly depot: LockCounts } {
    return { tree: this.#tree.counts, depot: this.#depot.counts };
  }

  get #loaded(): number {
    return this.#cpu + 1 + word(this.#words, this.#cpu) * MAGAZINE_WORDS;
  }
  get #previous(): number {
    return this.#cpu + 1 + (1 - word(this.#words, this.#cpu)) * MAGAZINE_WORDS;
  }
  #swap(): void {
    this.#words[this.#cpu] = 1 - word(this.#words, this.#cpu);
  }
  #level(magazine: number): number {
    return word(this.#words, magazine);
  }
  #pop(magazine: number): number {
    const level = this.#level(magazine) - 1;
    this.#words[magazine] = level;
    return word(this.#words, magazine + 1 + level);
  }
  #push(magazine: number, page: number): void {
    const level = this.#level(magazine);
    this.#words[magazine + 1 + level] = page;
    this.#words[magazine] = level + 1;
  }

  /** A full magazine of the depot's becomes the loaded one; false when it has none. */
  #refill(): boolean {
    this.#depot.take();
    const level = word(this.#words, DEPOT_LEVEL);
    if (level > 0) {
      const magazine = DEPOT + (level - 1) * MAGAZINE_WORDS;
      this.#words.copyWithin(this.#loaded, magazine, magazine + MAGAZINE_WORDS);
      this.#words[DEPOT_LEVEL] = level - 1;
    }
    this.#depot.drop();
    return level > 0;
  }

  /** The loaded magazine goes to the depot, or its pages to the tree when that is full. */
  #unload(): void {
    const loaded = this.#loaded;
    this.#depot.take();
    const level = word(this.#words, DEPOT_LEVEL);
    const hasRoom = level < DEPOT_MAGAZINES;
    if (hasRoom) {
      const to = DEPOT + level * MAGAZINE_WORDS;
      this.#words.copyWithin(to, loaded, loaded + MAGAZINE_WORDS);
      this.#words[DEPOT_LEVEL] = level + 1;
    }
    this.#depot.drop();
    if (!hasRoom) this.#giveToTree(loaded);
    this.#words[loaded] = 0;
  }

  #takeFromTree(): number | undefined {
    const words = this.#words;
    const size = words.length - this.#bitmap;
    this.#tree.take();
    const cached = word(words, CACHED);
    let found: number | undefined;
    for (let step = 0; step < size && found === undefined; step += 1) {
      const at = (cached + step) % size;
      const used = word(words, this.#bitmap + at);
      if (used === -1) continue;
      const bit = Math.clz32(used ^ -1); // the first clear bit from the top
      words[this.#bitmap + at] = used | (1 << (BITS - 1 - bit));
      words[CACHED] = at;
      found = at * BITS + bit;
    }
    this.#tree.drop();
    return found;
  }

  #giveToTree(magazine: number): void {
    const words = this.#words;
    this.#tree.take();
    for (let at = 0; at < MAGAZINE_PAGES; at += 1) {
      const page = word(words, magazine + 1 + at);
      const place = this.#bitmap + Math.floor(page / BITS);
      words[place] = word(words, place) & ~(1 << (BITS - 1 - (page % BITS)));
      words[CACHED] = Math.min(word(words, CACHED), Math.floor(page / BITS));
    }
    this.#tree.drop();
  }
}
