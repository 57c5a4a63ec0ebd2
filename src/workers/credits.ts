/**
 * Credits: how many page requests each function may still have outstanding.
 *
 * Spec:  PCIe Base, "Page Request Services": each request takes one of the allocation, a response returns its group's.
 * Actor: the device thread's own.
 */
import { word } from '../core/words.ts';

export class Credits {
  readonly #left: Int32Array;
  #free: number;

  constructor(devices: number, perDevice: number) {
    this.#left = new Int32Array(devices).fill(perDevice);
    this.#free = devices * perDevice;
  }

  /** Credits of all devices that are not out. */
  get free(): number {
    return this.#free;
  }

  of(device: number): number {
    return word(this.#left, device);
  }

  take(device: number, requests: number): void {
    this.#left[device] = word(this.#left, device) - requests;
    this.#free -= requests;
  }

  giveBack(device: number, requests: number): void {
    this.take(device, -requests);
  }
}
