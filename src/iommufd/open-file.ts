/**
 * Open file: the descriptor by which a user holds a fault queue or an event queue.
 *
 * Kernel: drivers/iommu/iommufd/eventq.c, iommufd_eventq_init(), iommufd_eventq_release().
 *
 * It keeps its object and the whole iommufd alive. Closing it answers nothing: faults go on queueing with no reader.
 */
import type { EventFile } from './event-file.ts';
import type { FaultFile } from './fault-file.ts';
import { refuseIf } from './iommufd-error.ts';
import type { PollEvents, UserBuffer } from './user-memory.ts';

export class OpenFile {
  readonly #file: FaultFile | EventFile;
  readonly #checked: <Result>(call: () => Result) => Result;
  readonly #release: () => void;
  #open = true;

  constructor(
    file: FaultFile | EventFile,
    checked: <Result>(call: () => Result) => Result,
    release: () => void,
  ) {
    this.#file = file;
    this.#checked = checked;
    this.#release = release;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** @returns the bytes read. @throws IommufdError EBADF, and those of the file. */
  read(buffer: UserBuffer, count: number, offset?: number): number {
    this.#refuseClosed();
    return this.#checked(() => this.#file.read(buffer, count, offset));
  }

  /** @returns the bytes written. @throws IommufdError EBADF, and those of the file. */
  write(buffer: UserBuffer, count: number, offset?: number): number {
    this.#refuseClosed();
    return this.#checked(() => this.#file.write(buffer, count, offset));
  }

  /** @throws IommufdError EBADF. */
  poll(): PollEvents {
    this.#refuseClosed();
    return this.#file.poll();
  }

  /** @throws IommufdError EBADF. */
  close(): void {
    this.#refuseClosed();
    this.#open = false;
    this.#checked(this.#release);
  }

  #refuseClosed(): void {
    refuseIf(!this.#open, 'EBADF', 'the file is closed');
  }
}
