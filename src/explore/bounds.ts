/**
 * Bounds: what a search is told besides the world: how far to go, in which order, what to judge.
 */
import type { StateFile } from './state-file.ts';

export type Bounds = {
  /** Breadth first by default: its traces are shortest. Depth first reaches the ends of long ways early. */
  readonly strategy?: 'bfs' | 'dfs';
  /** The search ends once more are stored; by how many more is up to a batch. */
  readonly statesMax?: number;
  readonly depthMax?: number;
  /** The search ends before the store grows beyond. */
  readonly bytesMax?: number;
  /**
   * Where states go once memory is full: half of `bytesMax` until then, all of it afterwards. Breadth first, one thread
   * and without `por` only, and not where a goal is judged.
   */
  readonly disk?: StateFile;
  /** Only violations of these properties end the search; undefined: any does. */
  readonly properties?: readonly string[];
  /** Whether states that differ by exchanging alike ids are searched once, as the world declares them. */
  readonly symmetry?: 'declared' | 'none';
  /**
   * `por`: of steps that commute, not every order. Not depth first, nor where a goal is judged; outcomes tell what was
   * done. Traces are real, though not always shortest.
   */
  readonly reduction?: 'none' | 'por';
  /**
   * Threads that search, this one included; breadth first and without `por` only. The outcome is that of one thread,
   * but that a limit on states is looked at where a level ends, and that counts at other limits depend on the threads.
   */
  readonly workers?: number;
  /** A state without choices is no deadlock, whoever waits. */
  readonly mayDeadlock?: boolean;
};
