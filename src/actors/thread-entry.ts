/**
 * Thread entries: where the compiled code of a thread lies, seen from the compiled or the source tree.
 *
 * Node 20 threads run JavaScript only: from the sources (in tests), the entry of the last build is used.
 */
export type ThreadEntry = 'unit-thread' | 'resolver-thread';

export const threadEntry = (name: ThreadEntry): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL(`../../dist/src/workers/${name}.js`, import.meta.url)
    : new URL(`../workers/${name}.js`, import.meta.url);
