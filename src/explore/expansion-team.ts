/**
 * Expansion team: threads that expand a level together with the main thread, over one store and one program.
 *
 * The main thread never returns to its event loop meanwhile: it takes part, and then sleeps until all are done.
 */
import { existsSync } from 'node:fs';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';

import { InvariantViolation, invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import {
  ASIDE_MAX,
  type Boards,
  CONTROL,
  OWN,
  passRunner,
  roomFor,
  type Shared,
} from './expansion-pass.ts';
import { sharedInts } from './program.ts';
import type { Space } from './space.ts';
import { capacityOf, compact } from './state-store.ts';

export type ThreadStart = {
  readonly boards: Boards;
  readonly thread: number;
  readonly port: MessagePort;
};

export type Team = {
  /** Whether the store has room for what threads may begin. */
  hasRoom(): boolean;
  /** Expands states from `from` to before `until`, or to where it was broken off. */
  expand(from: number, until: number): Expanded;
  close(): void;
};

export type Expanded = {
  readonly transitions: number;
  /** Ascending; they are left to the main thread. */
  readonly aside: readonly number[];
  /** The first state nobody has looked at. */
  readonly next: number;
};

/** Node 20 threads run JavaScript only: from the sources (in tests), the entry of the last build is used. */
const ENTRY = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/src/explore/expansion-thread.js', import.meta.url)
  : new URL('./expansion-thread.js', import.meta.url);

const START_MILLISECONDS = 30_000;

/** `threads` of them, the main thread included. @throws InvariantViolation when one does not start. */
export function expansionTeam(space: Space, threads: number): Team {
  invariant(existsSync(ENTRY), 'threads run compiled code: build the program first');
  const boards: Boards = {
    control: sharedInts(CONTROL.words),
    own: sharedInts(threads * OWN.words),
    // Each thread may set one more aside after the last that fits.
    aside: sharedInts(ASIDE_MAX + threads + 1),
  };
  const { control, own } = boards;
  const main = passRunner(boards, 0);
  const others = Array.from({ length: threads - 1 }, (_, index) => {
    const { port1, port2 } = new MessageChannel();
    const start: ThreadStart = { boards, thread: index + 1, port: port2 };
    const worker = new Worker(ENTRY, { workerData: start, transferList: [port2], execArgv: [] });
    worker.unref();
    port1.unref();
    return port1;
  });
  let known: Shared | undefined;

  /** Sleeps until every other thread has ended the pass, or has come to its beginning. */
  const awaitOthers = (milliseconds: number): void => {
    for (;;) {
      const ended = Atomics.load(control, CONTROL.ended);
      if (ended === others.length) return;
      if (Atomics.wait(control, CONTROL.ended, ended, milliseconds) === 'timed-out') {
        throw new InvariantViolation('a thread did not start');
      }
    }
  };
  awaitOthers(START_MILLISECONDS);

  const publish = (): void => {
    const { program, store, roots, conditions } = space.workbench();
    const now: Shared = {
      program: { ...program },
      states: store.states,
      table: store.table,
      words: store.words,
      roots,
      conditions,
      exchanges: space.exchanges(),
    };
    if (known !== undefined && isSame(known, now)) return;
    known = now;
    main.use(now);
    for (const port of others) port.postMessage(now);
  };
  const runAll = (): void => {
    Atomics.store(control, CONTROL.ended, 0);
    Atomics.add(control, CONTROL.pass, 1);
    Atomics.notify(control, CONTROL.pass);
    main.run();
    awaitOthers(Number.POSITIVE_INFINITY);
    if (Atomics.load(control, CONTROL.failed) === 0) return;
    const words = others.map((port) => receiveMessageOnPort(port)?.message).filter(Boolean);
    throw new InvariantViolation(`a thread failed: ${words.join('; ')}`);
  };
  const ownWord = (thread: number, index: number): number => word(own, thread * OWN.words + index);
  const all = Array.from({ length: threads }, (_, thread) => thread);

  return {
    hasRoom: () => space.store.count + 2 * roomFor(own) < capacityOf(space.store),
    expand: (from, until) => {
      publish();
      own.fill(0);
      control[CONTROL.next] = from;
      control[CONTROL.until] = until;
      control[CONTROL.count] = space.store.count;
      control[CONTROL.aside] = 0;
      control[CONTROL.broken] = 0;
      runAll();
      const free = all.flatMap((thread) =>
        range(ownWord(thread, OWN.next), ownWord(thread, OWN.end)),
      );
      compact(space.store, word(control, CONTROL.count), free);
      const next = Math.min(until, word(control, CONTROL.next));
      const left = all.flatMap((thread) =>
        range(ownWord(thread, OWN.from), ownWord(thread, OWN.until)),
      );
      const aside = [...boards.aside.subarray(0, word(control, CONTROL.aside))];
      const transitions = all.reduce((sum, thread) => sum + ownWord(thread, OWN.transitions), 0);
      return { transitions, aside: [...aside, ...left].sort((a, b) => a - b), next };
    },
    close: () => {
      Atomics.store(control, CONTROL.exit, 1);
      Atomics.add(control, CONTROL.pass, 1);
      Atomics.notify(control, CONTROL.pass);
      for (const port of others) port.close();
    },
  };
}

const range = (from: number, until: number): number[] =>
  Array.from({ length: until - from }, (_, index) => from + index);

const isSame = (some: Shared, others: Shared): boolean =>
  some.program.code === others.program.code &&
  some.program.entries === others.program.entries &&
  some.states === others.states &&
  some.table === others.table &&
  some.words === others.words &&
  some.exchanges === others.exchanges;
