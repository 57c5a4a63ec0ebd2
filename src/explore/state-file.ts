/**
 * State file: packed states on disk, in the order of discovery, for searches that outgrow their memory.
 *
 * The file has no name once it is open, so that nothing is left of it however the process ends.
 *
 * Units: states are numbered from 0; a state is `words` 32-bit words.
 */
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { invariant } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';

export type StateFile = {
  /** Writes `count` states at number `at`; false when the disk is full, or refuses otherwise. */
  write(at: number, states: Int32Array, words: number, count: number): boolean;
  /** Reads `count` states from number `at` on to the front of `into`. */
  read(at: number, into: Int32Array, words: number, count: number): void;
  /** Gives up what it holds, once no search uses it any more: whoever opened it closes it. */
  close(): void;
};

const WORD_BYTES = 4;

/** A new file in `folder`, or the system's error. */
export function openStateFile(folder: string): Result<StateFile, unknown> {
  let file: number;
  try {
    const own = mkdtempSync(join(folder, 'stormdrain-states-'));
    try {
      file = openSync(join(own, 'states'), 'wx+');
    } finally {
      rmSync(own, { recursive: true });
    }
  } catch (error) {
    return err(error);
  }
  const bytesOf = (states: Int32Array, words: number, count: number): Uint8Array =>
    new Uint8Array(states.buffer, states.byteOffset, count * words * WORD_BYTES);

  return ok({
    write: (at, states, words, count) => {
      const bytes = bytesOf(states, words, count);
      const start = at * words * WORD_BYTES;
      try {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file, bytes, done, bytes.length - done, start + done);
        }
        return true;
      } catch {
        // Whatever was written of it is forgotten, so that space is left for what the search has to say.
        ftruncateSync(file, start);
        return false;
      }
    },
    read: (at, into, words, count) => {
      const bytes = bytesOf(into, words, count);
      const start = at * words * WORD_BYTES;
      for (let done = 0; done < bytes.length; ) {
        const read = readSync(file, bytes, done, bytes.length - done, start + done);
        invariant(read > 0, 'a file of states is shorter than it was');
        done += read;
      }
    },
    close: () => closeSync(file),
  });
}
