/**
 * User memory: what a system call reads and writes of its caller, and what poll() tells.
 */

/** Undefined: nothing is mapped there. */
export type UserBuffer = Uint8Array | undefined;

export type PollEvents = { readonly readable: boolean; readonly writeable: boolean };

export const viewOf = (buffer: Uint8Array): DataView =>
  new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
