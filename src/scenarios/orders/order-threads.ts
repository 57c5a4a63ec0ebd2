/**
 * Order threads: the hosts of a question's worlds, side by side; a world stays where it is.
 *
 * An abort ends the threads where they are, and whoever still waits for one of them is told that it was stopped.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import { invariant } from '../../core/invariant.ts';
import { type HostAnswer, type HostAsked, type OrderQuestion, orderHost } from './order-host.ts';

/** Thrown to whoever asks once the hosts are gone; only this folder catches it. */
export class OrdersStopped extends Error {
  override readonly name = 'OrdersStopped';
}

export type OrderHosts = {
  readonly ask: (asked: HostAsked) => Promise<HostAnswer>;
  readonly stop: () => Promise<void>;
};

/** As many threads as are told, with the worlds of the question dealt out among them. */
export type StartHosts = (question: OrderQuestion, signal: AbortSignal) => OrderHosts;

export const onThreads =
  (workers: number): StartHosts =>
  (question, signal) => {
    invariant(existsSync(ENTRY), 'threads run compiled code: build the program first');
    const threads = Array.from({ length: workers }, () => hostThread(question));
    const end = (): void => {
      for (const { stop } of threads) void stop();
    };
    signal.addEventListener('abort', end, { once: true });
    let turn = 0;
    return {
      ask: async (asked) => {
        // A search needs no world that is there already: it goes to whoever is next.
        turn += asked.kind === 'search' ? 1 : 0;
        const at = asked.kind === 'search' ? turn : asked.world;
        const thread = threads[at % threads.length];
        invariant(thread !== undefined, 'there is no thread');
        return thread.ask(asked);
      },
      stop: async () => {
        signal.removeEventListener('abort', end);
        await Promise.all(threads.map(({ stop }) => stop()));
      },
    };
  };

/** On the thread that asks. */
export const onThisThread: StartHosts = (question, signal) => {
  const host = orderHost(question);
  return {
    ask: async (asked) => {
      if (signal.aborted) throw new OrdersStopped();
      return host(asked);
    },
    stop: async () => {},
  };
};

type Waiting = {
  readonly resolve: (answer: HostAnswer) => void;
  readonly reject: (error: Error) => void;
};

/** Answers come in the order in which they were asked for. */
function hostThread(question: OrderQuestion): OrderHosts {
  const worker = new Worker(ENTRY, { workerData: question, execArgv: [] });
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', (answer: HostAnswer) => waiting.shift()?.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail(new OrdersStopped()));
  return {
    ask: (asked) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        waiting.push({ resolve, reject });
        worker.postMessage(asked);
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}

/** From the sources (in tests), the entry of the last build is used. */
const ENTRY = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/src/scenarios/orders/order-thread.js', import.meta.url)
  : new URL('./order-thread.js', import.meta.url);
