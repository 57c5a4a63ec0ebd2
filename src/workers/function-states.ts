/**
 * Function states: which functions are still there, and which of them may send page requests.
 *
 * Spec:   PCIe Base, "PRG Response Message": a function that is told Response Failure turns its PRI off, and hears no
 *         response, until software enables it again; a function that was pulled out does neither any more.
 * Kernel: drivers/pci/ats.c, pci_enable_pri(); pci_device_is_present(), which reads what `isPresent` says.
 * Actor:  the device thread's own, but for the words of FUNCTION, which the main thread sees.
 */
import { word } from '../core/words.ts';
import { FUNCTION } from './storm-layout.ts';
import type { StormMemory } from './storm-memory.ts';

const ACTIVE = -1;

export class FunctionStates {
  readonly #words: Int32Array;
  /** By device: how often PRI had been enabled when it failed; ACTIVE as long as it has not. */
  readonly #failedAt: Int32Array;

  constructor({ functions, sizes }: Pick<StormMemory, 'functions' | 'sizes'>) {
    this.#words = functions;
    this.#failedAt = new Int32Array(sizes.devices).fill(ACTIVE);
  }

  /** Whether the function sends requests and hears responses. */
  isActive(device: number): boolean {
    const failedAt = word(this.#failedAt, device);
    if (failedAt === ACTIVE) return true;
    if (failedAt === this.#enables(device) || !isPresent(this.#words, device)) return false;
    this.#failedAt[device] = ACTIVE;
    return true;
  }

  /** Whether it answers when it is asked. */
  isPresent(device: number): boolean {
    return isPresent(this.#words, device);
  }

  /** It was told Response Failure. */
  fail(device: number): void {
    this.#failedAt[device] = this.#enables(device);
  }

  /** It was pulled out. */
  remove(device: number): void {
    this.fail(device);
    Atomics.store(this.#words, device * FUNCTION.words + FUNCTION.removed, 1);
  }

  #enables(device: number): number {
    return enablesOf({ functions: this.#words }, device);
  }
}

/** As the main thread asks; `functions` is that of StormMemory. */
export const isPresent = (functions: Int32Array, device: number): boolean =>
  Atomics.load(functions, device * FUNCTION.words + FUNCTION.removed) === 0;

/** Another function is put where one was pulled out; the driver that is bound to it enables its PRI. */
export function plugIn(functions: Int32Array, device: number): void {
  enablePri(functions, device);
  Atomics.store(functions, device * FUNCTION.words + FUNCTION.removed, 0);
}

/** Times that software has enabled PRI of a function again. */
export const enablesOf = ({ functions }: Pick<StormMemory, 'functions'>, device: number): number =>
  Atomics.load(functions, device * FUNCTION.words + FUNCTION.priEnables);

/** Software enables PRI of a function; wraps. */
export function enablePri(functions: Int32Array, device: number): void {
  Atomics.add(functions, device * FUNCTION.words + FUNCTION.priEnables, 1);
}
