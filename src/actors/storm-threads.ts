/**
 * Storm threads: the device thread, the PRQ thread and the resolver pool, and what happens when a resolver dies.
 *
 * A resolver is one long piscina task. When it throws or its thread exits, another takes its place behind the last
 * answer that was published: what was queued is answered, by whom doesn't matter. A stuck one may only wait for a
 * core: it is ended first, lest both answer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { Piscina } from 'piscina';

import { word } from '../core/words.ts';
import { Bell } from '../workers/bell.ts';
import { controlWord } from '../workers/role.ts';
import { CONTROL, GROUP_RECORD, RESOLVER, RESPONSE, THREAD } from '../workers/storm-layout.ts';
import type { StormMemory } from '../workers/storm-memory.ts';
import type {
  DeviceLoad,
  ResolverFault,
  ResolverStart,
  UnitThreadStart,
} from '../workers/thread-messages.ts';
import { WordQueue } from '../workers/word-queue.ts';
import { threadEntry } from './thread-entry.ts';

/** A thread that is told to stop and is alive has this long to do it. */
const STOP_MILLISECONDS = 20_000;
/** Deaths after which a resolver is given up: something is wrong with it, not with its luck. */
const DEATHS_MAX = 16;
/** Work in its queue and nothing done for this long: it is stuck. Shorter than what a lost group is waited for. */
const STUCK_MILLISECONDS = 2000;
/** The data plane allocates nothing: one that takes more is broken. */
const RESOLVER_HEAP_MEGABYTES = 64;

const ENDED = 'came to its end before the storm';
const STUCK = `it did nothing for ${STUCK_MILLISECONDS / 1000} s with groups in its queue`;
/** Groups that a resolver may hold back until all are done. */
const BATCHED = 64;
const LOOKS = 4;
/** Ids of threads begin at 1 outside the main one. */
const NO_THREAD = 0;

type ResolverWatch = {
  readonly stuck: AbortSignal;
  /** Resolves once a thread that was aborted has ended. */
  gone(): Promise<unknown>;
  stop(): void;
};

export type ThreadPlan = {
  readonly memory: StormMemory;
  readonly load: DeviceLoad;
  /** 0: the PRQ thread resolves inline. */
  readonly workers: number;
  readonly resolverDelayMicroseconds: number;
  readonly fault: ResolverFault | undefined;
};

export class StormThreads {
  readonly #plan: ThreadPlan;
  readonly #unit: Worker[] = [];
  readonly #ended: Promise<void>[] = [];
  #pool: Piscina | undefined;
  /** Why a thread ended before its time; the storm can't go on. */
  failure: Error | undefined;
  /** Resolves to it, if ever there is one. */
  readonly failed: Promise<Error>;
  #settleFailed: (error: Error) => void = () => {};
  deaths = 0;
  /** One sentence each. */
  readonly misbehaviours: string[] = [];

  constructor(plan: ThreadPlan) {
    this.#plan = plan;
    this.failed = new Promise((resolve) => {
      this.#settleFailed = resolve;
    });
  }

  #fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    this.#settleFailed(this.failure);
  }

  start(): void {
    const { memory, load, workers, resolverDelayMicroseconds } = this.#plan;
    this.#startUnitThread({ kind: 'device', memory, load });
    this.#startUnitThread({
      kind: 'prq',
      memory,
      inline: workers === 0,
      delayMicroseconds: resolverDelayMicroseconds,
      misbehaviour: load.misbehaviour,
    });
    if (workers === 0) return;
    this.#pool = new Piscina({
      filename: threadEntry('resolver-thread').href,
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: RESOLVER_HEAP_MEGABYTES },
    });
    this.#pool.on('error', (error) => this.#fail(error));
    for (let resolver = 0; resolver < workers; resolver += 1) {
      this.#ended.push(this.#keepResolving(this.#pool, resolver));
    }
  }

  #startUnitThread(start: UnitThreadStart): void {
    const worker = new Worker(threadEntry('unit-thread'), { workerData: start });
    this.#unit.push(worker);
    this.#ended.push(
      new Promise((resolve) => {
        worker.once('error', (error) => this.#fail(error));
        worker.once('exit', () => resolve());
      }),
    );
  }

  async #keepResolving(pool: Piscina, resolver: number): Promise<void> {
    const { memory, resolverDelayMicroseconds } = this.#plan;
    let fault = this.#plan.fault;
    for (let resumes = false; ; resumes = true) {
      const start: ResolverStart = {
        kind: 'resolver',
        memory,
        resolver,
        delayMicroseconds: resolverDelayMicroseconds,
        resumes,
        fault,
      };
      const watch = this.#watchResolver(pool, resolver);
      try {
        await pool.run(start, { name: 'resolve', signal: watch.stuck });
        return;
      } catch (error) {
        await watch.gone();
        this.deaths += 1;
        const why = watch.stuck.aborted ? STUCK : error instanceof Error ? error.message : error;
        this.misbehaviours.push(`resolver ${resolver} ${ENDED}: ${why}; another took its place`);
        fault = undefined;
        if (this.deaths > DEATHS_MAX) {
          this.#fail(error);
          return;
        }
        this.#bury(resolver);
      } finally {
        watch.stop();
      }
    }
  }

  /** Aborts what is stuck: a thread that runs, work in its queue, and nothing released from it for too long. */
  #watchResolver(pool: Piscina, resolver: number): ResolverWatch {
    const { resolvers, queues } = this.#plan.memory;
    const abort = new AbortController();
    const thread = resolver * RESOLVER.words + RESOLVER.thread;
    Atomics.store(resolvers, thread, NO_THREAD);
    const words = queues[resolver];
    const queue = words && new WordQueue(words, GROUP_RECORD.words);
    // A slow resolver releases a batch at a time.
    const patience = STUCK_MILLISECONDS + (BATCHED * this.#plan.resolverDelayMicroseconds) / 1000;
    let seen: number | undefined;
    let looks = 0;
    let gone: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      const id = Atomics.load(resolvers, thread);
      const hasWork = queue !== undefined && queue.tail() !== queue.head();
      const head = hasWork && id !== NO_THREAD ? queue.head() : undefined;
      looks = head !== undefined && head === seen ? looks + 1 : 0;
      seen = head;
      if (looks !== LOOKS) return;
      const worker = pool.threads.find(({ threadId }) => threadId === id);
      // Not as `once` of node:events, which an error on the way to the end would reject.
      if (worker !== undefined) gone = new Promise((resolve) => worker.once('exit', resolve));
      abort.abort();
    }, patience / LOOKS).unref();
    return { stuck: abort.signal, gone: () => gone, stop: () => clearInterval(timer) };
  }

  /** Gives back what a dead resolver held, and moves its queue behind what it had answered. */
  #bury(resolver: number): void {
    const { memory } = this.#plan;
    const holds = resolver * RESOLVER.words + RESOLVER.holds;
    Atomics.store(memory.resolvers, holds, 0);
    Atomics.notify(memory.resolvers, holds);
    const queue = memory.queues[resolver];
    const ring = memory.responses[resolver + 1];
    if (queue === undefined || ring === undefined) return;
    const responses = new WordQueue(ring, RESPONSE.words);
    if (responses.tail() === 0) return;
    const last = responses.recordAt(responses.tail() - 1);
    new WordQueue(queue, GROUP_RECORD.words).resume(word(ring, last + RESPONSE.position));
  }

  /** Ends every thread; resolves when they have ended. */
  async stop(): Promise<void> {
    const { memory } = this.#plan;
    Atomics.store(memory.control, controlWord(CONTROL.stop), 1);
    for (let thread = 0; thread < THREAD.resolver + memory.sizes.resolvers; thread += 1) {
      new Bell(memory.bells, thread).ring();
    }
    await this.#endByThemselves();
    await this.#pool?.destroy();
  }

  /** A thread is ended from outside only as a last resort: one that is still loading takes the process with it. */
  async #endByThemselves(): Promise<void> {
    const patience = new AbortController();
    const late = pause(STOP_MILLISECONDS, false, { signal: patience.signal }).catch(() => false);
    const ended = Promise.all(this.#ended).then(() => true);
    if (!(await Promise.race([ended, late]))) {
      this.#fail(`a thread did not stop within ${STOP_MILLISECONDS / 1000} s`);
      await Promise.all(this.#unit.map((worker) => worker.terminate()));
    }
    patience.abort();
  }
}
