/**
 * Search: every state a world can reach, breadth first, until something is wrong or nothing is left.
 *
 * The first violation or deadlock ends it; being breadth first, its trace is a shortest one. Transitions are judged
 * when they are taken, states when they are expanded.
 */
import { invariant } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type Automaton, automatonOf } from './automaton.ts';
import { localOf } from './careful-step.ts';
import { type Cursor, expand, type Pause } from './expansion.ts';
import { pack, unpacked } from './layout.ts';
import { type Model, modelOf } from './model.ts';
import type { Counts, Outcome } from './outcome.ts';
import { ENTRY_WORDS, SPECIAL, UNFILLED } from './program.ts';
import { type Refusal, Refused } from './refusal.ts';
import {
  BATCH_STATES,
  batchFor,
  grow,
  insertFirst,
  repack,
  type StateStore,
  stateStore,
} from './state-store.ts';
import { toldTrace, wayTo } from './trace.ts';
import type { Violation } from './violation.ts';
import type { World } from './world.ts';

export type Bounds = {
  /** The search ends once more are stored; by how many more is up to a batch. */
  readonly statesMax?: number;
  readonly depthMax?: number;
  /** Only violations of these properties end the search; undefined: any does. */
  readonly properties?: readonly string[];
  /** A state without choices is no deadlock, whoever waits. */
  readonly mayDeadlock?: boolean;
};

/** Explores a world; what can't be explored exactly is refused. */
export function explore(world: World, bounds: Bounds = {}): Result<Outcome, Refusal> {
  try {
    return ok(search(modelOf(world), bounds));
  } catch (error) {
    if (error instanceof Refused) return err(error.refusal);
    throw error;
  }
}

function search(model: Model, bounds: Bounds): Outcome {
  const { statesMax = Number.POSITIVE_INFINITY, depthMax = Number.POSITIVE_INFINITY } = bounds;
  const judged = ({ property }: Violation): boolean =>
    bounds.properties?.includes(property) ?? true;
  const properties = model.properties.filter(({ violation }) => judged(violation));
  const automaton = automatonOf(model.cells, model.choices, judged);
  const conditions = properties.map(({ reads }) => automaton.condition(reads));
  const roots = Int32Array.from([...conditions, ...automaton.roots]);
  const store = stateStore(automaton.layout().words);
  pack(automaton.layout(), model.first, store.states, 0);
  insertFirst(store);

  let batch = batchFor(store.words);
  const cursor: Cursor = {
    state: 0,
    root: 0,
    open: 0,
    transitions: 0,
    node: 0,
    entry: 0,
    next: 0,
  };
  const levels: number[] = [0];
  let end = 1;

  const counts = (): Counts => ({
    states: store.count,
    expanded: cursor.state,
    transitions: cursor.transitions,
    depth: levels.length - 1,
  });
  /** The trace to the state at the cursor, and its choice there when one was under way. */
  const trace = (choice: number | undefined) =>
    toldTrace(model, [
      ...wayTo(cursor.state, levels, store, automaton),
      ...(choice === undefined ? [] : [choice]),
    ]);
  const violated = (violation: Violation, choice: number | undefined): Outcome => ({
    kind: 'violated',
    violation,
    trace: trace(choice),
    ...counts(),
  });

  const atStart = model.firstViolations.find(judged);
  if (atStart !== undefined) return violated(atStart, undefined);
  for (;;) {
    const pause: Pause = expand(
      cursor,
      end,
      automaton.nodes.program,
      store,
      batch,
      roots,
      conditions.length,
      statesMax,
    );
    switch (pause) {
      case 'expanded':
        if (store.count === end) return { kind: 'complete', ...counts() };
        if (levels.length > depthMax) return { kind: 'limited', limit: 'depth', ...counts() };
        levels.push(end);
        end = store.count;
        break;
      case 'full':
        if (store.count > statesMax) return { kind: 'limited', limit: 'states', ...counts() };
        grow(store);
        break;
      case 'condition': {
        const property = properties[cursor.root];
        invariant(property !== undefined, `there is no condition ${cursor.root}`);
        return violated(property.violation, undefined);
      }
      case 'stuck': {
        const locals = unpacked(automaton.layout(), store.states, cursor.state * store.words);
        const waiting = model.rests.filter(({ slot, holds }) => !holds(localOf(locals, slot)));
        if (waiting.length > 0 && bounds.mayDeadlock !== true) {
          const names = waiting.map(({ slot }) => model.cells.slots.at(slot).name);
          return { kind: 'deadlocked', waiting: names, trace: trace(undefined), ...counts() };
        }
        cursor.state += 1;
        cursor.root = 0;
        break;
      }
      case 'stopped': {
        const violation = resume(cursor, automaton, store);
        if (violation !== undefined) return violated(violation, cursor.root - conditions.length);
        if (batch.states.length < BATCH_STATES * store.words) batch = batchFor(store.words);
        break;
      }
    }
  }
}

/** Fills or resolves what the walk stopped at, so that it can be begun again; or tells which violation it is. */
function resume(cursor: Cursor, automaton: Automaton, store: StateStore): Violation | undefined {
  const { nodes } = automaton;
  const { code } = nodes.program;
  let next: number;
  if (cursor.next <= SPECIAL) {
    const special = automaton.special(cursor.next);
    if (special.violation !== undefined) return special.violation;
    next = special.next;
    // Resolving may have moved the entries.
    if (next !== UNFILLED) nodes.program.entries[cursor.entry + 1] = next;
  } else {
    const value = (cursor.entry - (code[cursor.node + 3] ?? 0)) / ENTRY_WORDS;
    next = automaton.fill(cursor.node, value);
  }
  if (next === UNFILLED) {
    const layout = automaton.layout();
    invariant(automaton.widen(), 'a new local state fits, and is refused all the same');
    repack(store, layout, automaton.layout());
  }
  return undefined;
}
