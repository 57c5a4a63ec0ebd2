/** Shrink: as little of a failing input as still fails. */

/** Most inputs tried; what is left then is small enough to read. */
const TRIES_MAX = 3000;

/** Leaves out ever smaller parts, then makes bytes plain, as long as `fails` says so. */
export async function shrunk(
  input: Buffer,
  fails: (input: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  let best = input;
  let tries = 0;
  const attempt = async (candidate: Buffer): Promise<boolean> => {
    tries += 1;
    if (tries > TRIES_MAX || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let length = Math.max(1, best.length >> 1); length >= 1; length >>= 1) {
    for (let from = 0; from < best.length && tries < TRIES_MAX; ) {
      const without = Buffer.concat([best.subarray(0, from), best.subarray(from + length)]);
      if (!(await attempt(without))) from += length;
    }
  }
  for (let at = 0; at < best.length && tries < TRIES_MAX; at += 1) {
    if (best[at] === PLAIN) continue;
    const plain = Buffer.from(best);
    plain[at] = PLAIN;
    await attempt(plain);
  }
  return best;
}

const PLAIN = 0x61;
