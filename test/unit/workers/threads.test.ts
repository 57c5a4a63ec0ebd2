/**
 * Goal:   the bell loses no wake-up, and a reader of an address space never sees half a change.
 * Method: real threads on the built modules; a watchdog in the waiting thread turns a lost wake-up into a failure.
 *         The thread that must not block (a writer keeps the event loop) is this one.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';

import { AddressSpaceReader, AddressSpaceWriter } from '../../../src/workers/address-space.ts';
import { LINE_WORDS, sharedWords } from '../../../src/workers/lines.ts';
import { MM, RESOLVER } from '../../../src/workers/storm-layout.ts';
import { smallMemory } from './memory.ts';

const built = new URL('../../../dist/src/workers/', import.meta.url);
const ROUNDS = 20_000;
/** No wake-up takes this long unless it was lost. */
const WATCHDOG_MILLISECONDS = 10_000;

beforeAll(() => {
  // `npm test` has built already; a test run alone may not have.
  if (existsSync(new URL('bell.js', built))) return;
  const compiler = fileURLToPath(
    new URL('../../../node_modules/typescript/bin/tsc', import.meta.url),
  );
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  });
}, 60_000);

/** A thread that runs `code` as a module; `workerData` is its own. */
const thread = (code: string, data: unknown): Worker =>
  new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData: data });

const imports = (...names: readonly [file: string, ...names: string[]][]): string =>
  names
    .map(([file, ...each]) => `import { ${each.join(', ')} } from '${new URL(file, built).href}';`)
    .join('\n');

describe('a bell', () => {
  it(`loses none of ${ROUNDS} wake-ups between two threads that sleep in turn`, async () => {
    // Ball: whose turn it is; each waits for its turn, then hands it over and rings.
    const bells = sharedWords(2 * LINE_WORDS);
    const ball = sharedWords(2);
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      ${imports(['bell.js', 'Bell'])}
      const { bells, ball, me } = workerData;
      const [mine, other] = [new Bell(bells, me), new Bell(bells, 1 - me)];
      let lost = 0;
      for (let round = 0; round < ${ROUNDS} && lost === 0; round += 1) {
        while (Atomics.load(ball, 0) !== me && lost === 0) {
          const start = performance.now();
          mine.sleep(() => Atomics.load(ball, 0) === me, ${WATCHDOG_MILLISECONDS});
          const slept = performance.now() - start;
          if (slept >= ${WATCHDOG_MILLISECONDS} * 0.9 && Atomics.load(ball, 0) === me) lost += 1;
          if (slept >= ${WATCHDOG_MILLISECONDS} * 0.9 && Atomics.load(ball, 1) !== 0) lost += 1;
        }
        Atomics.store(ball, 0, 1 - me);
        other.ring();
      }
      if (lost > 0) Atomics.store(ball, 1, 1);
      parentPort.postMessage(lost);
    `;
    const workers = [0, 1].map((me) => thread(code, { bells, ball, me }));
    const lost = await Promise.all(workers.map((worker) => once(worker, 'message')));
    expect(lost.flat()).toEqual([0, 0]);
  }, 60_000);

  it('wakes an event loop that waits by promise', async () => {
    const { Bell } = await import('../../../src/workers/bell.ts');
    const bells = sharedWords(LINE_WORDS);
    const turn = sharedWords(1);
    const code = `
      import { workerData } from 'node:worker_threads';
      ${imports(['bell.js', 'Bell'])}
      const { bells, turn } = workerData;
      const bell = new Bell(bells, 0);
      for (let round = 1; round <= 500; round += 1) {
        Atomics.store(turn, 0, round);
        bell.ring();
        while (Atomics.load(turn, 0) === round) Atomics.wait(turn, 0, round, 100);
      }
    `;
    const worker = thread(code, { bells, turn });
    const bell = new Bell(bells, 0);
    let late = 0;
    for (let round = 1; round <= 500; round += 1) {
      while (Atomics.load(turn, 0) !== round) {
        const start = performance.now();
        await bell.rung(() => Atomics.load(turn, 0) === round, WATCHDOG_MILLISECONDS);
        if (performance.now() - start >= WATCHDOG_MILLISECONDS * 0.9) late += 1;
      }
      Atomics.store(turn, 0, -round);
      Atomics.notify(turn, 0);
    }
    await once(worker, 'exit');
    expect(late).toBe(0);
  }, 60_000);
});

describe('the lock of an address space', () => {
  it('lets no reader see a change half made, and no writer change what is read', async () => {
    const memory = smallMemory();
    const stop = sharedWords(1);
    const mm = 1;
    const [root, instance] = [mm * LINE_WORDS + MM.root, mm * LINE_WORDS + MM.instance];
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      ${imports(['address-space.js', 'AddressSpaceReader'])}
      const { memory, stop, root, instance, mm } = workerData;
      const reader = new AddressSpaceReader(memory, 0);
      let torn = 0;
      let reads = 0;
      parentPort.postMessage('ready');
      while (Atomics.load(stop, 0) === 0) {
        for (let held = 0; held < 8; held += 1) {
          reader.hold(mm);
          const before = memory.mms[root];
          let spin = 0;
          for (let each = 0; each < 200; each += 1) spin += memory.mms[instance];
          if (memory.mms[instance] !== before || memory.mms[root] !== before) torn += 1;
          if (spin !== 200 * before) torn += 1;
          reads += 1;
        }
        reader.release();
      }
      parentPort.postMessage({ torn, reads });
    `;
    const worker = thread(code, { memory, stop, root, instance, mm });
    await once(worker, 'message');
    const writer = new AddressSpaceWriter(memory, mm);
    for (let change = 1; change <= 5000; change += 1) {
      await writer.write(() => {
        memory.mms[root] = change;
        for (let pause = 0; pause < 50; pause += 1) Atomics.load(stop, 0);
        memory.mms[instance] = change;
      });
    }
    Atomics.store(stop, 0, 1);
    const [seen] = await once(worker, 'message');
    expect(seen).toEqual({ torn: 0, reads: expect.any(Number) });
    expect(seen.reads).toBeGreaterThan(0);
  }, 60_000);

  it('is free again after a change that threw', async () => {
    const memory = smallMemory();
    const writer = new AddressSpaceWriter(memory, 0);
    const thrown = writer.write(() => {
      throw new Error('no');
    });
    await expect(thrown).rejects.toThrow('no');
    const reader = new AddressSpaceReader(memory, 0);
    reader.hold(0);
    reader.release();
    expect(await writer.write(() => 5)).toBe(5);
  });

  it('lets a reader that will never leave be buried by the event loop', async () => {
    const memory = smallMemory();
    new AddressSpaceReader(memory, 0).hold(0);
    const written = new AddressSpaceWriter(memory, 0).write(() => 5);
    setTimeout(() => {
      Atomics.store(memory.resolvers, RESOLVER.holds, 0);
      Atomics.notify(memory.resolvers, RESOLVER.holds);
    }, 5);
    expect(await written).toBe(5);
  });

  it('makes one change after the other', async () => {
    const writer = new AddressSpaceWriter(smallMemory(), 0);
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((change) => writer.write(() => order.push(change))));
    expect(order).toEqual([1, 2, 3]);
  });

  it('of another address space holds no writer up', async () => {
    const memory = smallMemory();
    const reader = new AddressSpaceReader(memory, 0);
    reader.hold(0);
    expect(await new AddressSpaceWriter(memory, 1).write(() => 5)).toBe(5);
    reader.hold(1);
    expect(await new AddressSpaceWriter(memory, 0).write(() => 6)).toBe(6);
    reader.release();
  });
});
