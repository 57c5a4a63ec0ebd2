/**
 * Disk course: breadth first, level by level, with the states on disk and in memory only what is worked on.
 *
 * In memory are a part of the level that is expanded and what it has led to, the candidates. When they fill the memory,
 * and where a level ends, those that are on disk already are dropped and the others written behind them (see
 * {@link storedStates}). So the file is the queue, and what is found is what a search in memory finds.
 */
import type { Bounds } from './bounds.ts';
import { breadthFirst, type Standing } from './breadth-first.ts';
import type { Course, Verdict } from './course.ts';
import { wayOnDisk } from './disk-way.ts';
import { type Cursor, cursorAtFirst, expand, type Pause, type Workbench } from './expansion.ts';
import type { Space } from './space.ts';
import type { StateFile } from './state-file.ts';
import { keepFirst, makeRoom } from './state-store.ts';
import { type StoredStates, storedStates } from './stored-states.ts';
import { withLast } from './way.ts';

/** Of the states that fit, how many are of the level that is expanded; the rest is for what they lead to. */
const PART_OF_LEVEL = 1 / 3;
/** So many states read take about as long as one that is expanded. */
const READS_A_STATE = 8;
/** Of a space with alike ids, as many states are looked at when it is complete. */
const SAMPLES = 64;

/** `bytesMax` is met by both: half of it in memory, since a store that grows is there twice; then a fixed store. */
export function diskCourse(space: Space, bounds: Bounds, disk: StateFile): Course {
  const { bytesMax = Number.POSITIVE_INFINITY } = bounds;
  const inMemory = breadthFirst(space, bounds);
  let onDisk: DiskSearch | undefined;
  return {
    progress: () => (onDisk ?? inMemory).progress(),
    advance: (states) => {
      if (onDisk === undefined) {
        const verdict = inMemory.advance(states);
        if (verdict?.kind !== 'limited' || verdict.limit !== 'bytes') return verdict;
        onDisk = searchOnDisk(space, { ...bounds, bytesMax }, disk, inMemory.standing());
      }
      return onDisk.advance(states);
    },
  };
}

type DiskSearch = Pick<Course, 'progress' | 'advance'>;

function searchOnDisk(
  space: Space,
  bounds: Bounds & { readonly bytesMax: number },
  file: StateFile,
  standing: Standing,
): DiskSearch {
  const { bytesMax, depthMax = Number.POSITIVE_INFINITY } = bounds;
  const { statesMax = Number.POSITIVE_INFINITY } = bounds;
  const { store, conditions } = space;
  const stored: StoredStates = storedStates(space, file);
  const cursor: Cursor = cursorAtFirst();
  const levels: number[] = [...standing.levels];
  let end = standing.end;
  /** On disk, the number of the first state in memory; and how many of those in memory are of the level. */
  let base = 0;
  let loaded = 0;
  let work = 0;
  const steps = run();

  /** Takes the next states of the level into memory. */
  const load = (): void => {
    base += loaded;
    makeRoom(store, bytesMax);
    const room = Math.floor((store.states.length / store.words) * PART_OF_LEVEL);
    loaded = Math.min(room, end - base);
    stored.read(base, store.states, loaded);
    keepFirst(store, loaded);
    Object.assign(cursor, { state: 0, root: 0, open: 0 });
  };
  /** Whether alike ids are alike is asked of a sample. */
  const complete = (): Verdict => {
    const stride = Math.max(1, Math.floor(stored.count() / SAMPLES));
    const one = new Int32Array(store.words);
    makeRoom(store, bytesMax);
    for (let at = 0; at < stored.count(); at += stride) {
      stored.read(at, one, 1);
      store.states.set(one, store.count * store.words);
      store.count += 1;
    }
    return { kind: 'complete' };
  };
  /** Drops the candidates that are known and writes the others down. */
  function* settle(): Generator<number, Verdict | undefined> {
    if (!stored.relayout()) return DISK_IS_FULL;
    const isKnown = new Uint8Array(store.count - loaded);
    for (const read of stored.mark(loaded, isKnown)) yield read / READS_A_STATE;
    if (!stored.add(loaded, isKnown)) return DISK_IS_FULL;
    keepFirst(store, loaded);
    return stored.count() > statesMax ? { kind: 'limited', limit: 'states' } : undefined;
  }
  const workbench = (): Workbench => ({
    ...space.workbench(),
    statesMax: Number.POSITIVE_INFINITY,
  });
  const way = () => wayOnDisk(base + cursor.state, levels, space, stored);

  /** What a pause means that is about one state; undefined: go on. */
  const deal = (pause: Exclude<Pause, 'expanded' | 'full'>): Verdict | undefined => {
    switch (pause) {
      case 'condition': {
        const violation = space.met(cursor.root);
        return violation && { kind: 'violated', violation, way };
      }
      case 'stuck':
        if (space.isDeadlock(cursor.state)) return { kind: 'deadlocked', way };
        cursor.state += 1;
        cursor.root = 0;
        return undefined;
      case 'stopped': {
        const violation = space.resume(cursor);
        const last = cursor.root - conditions;
        return violation && { kind: 'violated', violation, way: () => withLast(way(), last) };
      }
      case 'unfit':
        space.widen();
        return undefined;
    }
  };

  /** Yields how many states it has looked at. */
  function* run(): Generator<number, Verdict> {
    // Everything so far goes to disk; the state at the cursor is begun again where it was.
    if (!stored.add(0, new Uint8Array(store.count))) return DISK_IS_FULL;
    base = standing.cursor.state;
    load();
    const { root, open, transitions } = standing.cursor;
    Object.assign(cursor, { root, open, transitions });
    for (;;) {
      const from = cursor.state;
      const pause = expand(cursor, Math.min(loaded, from + SLICE_STATES), workbench());
      yield cursor.state - from;
      if (pause !== 'expanded' && pause !== 'full') {
        const verdict = deal(pause);
        if (verdict !== undefined) return verdict;
        continue;
      }
      if (pause === 'expanded' && cursor.state < loaded) continue;
      const verdict = yield* settle();
      if (verdict !== undefined) return verdict;
      if (pause === 'full') continue;
      if (base + loaded === end) {
        if (stored.count() === end) return complete();
        if (levels.length > depthMax) return { kind: 'limited', limit: 'depth' };
        levels.push(end);
        end = stored.count();
      }
      load();
    }
  }

  return {
    progress: () => ({
      states: stored.count(),
      bytes: space.bytes(),
      diskBytes: stored.bytes(),
      expanded: base + cursor.state,
      transitions: cursor.transitions,
      depth: levels.length - 1,
    }),
    advance: (states) => {
      for (work = 0; work < states; ) {
        const next = steps.next();
        if (next.done === true) return next.value;
        work += next.value;
      }
      return undefined;
    },
  };
}

/** States between two pauses. */
const SLICE_STATES = 2 ** 14;

const DISK_IS_FULL: Verdict = { kind: 'limited', limit: 'disk' };
