/**
 * Space: a world's program, the states found with it, and what is asked of each; what every search order shares.
 *
 * Policy: a search decides which state is next. What a walk through the program stops at is dealt with here.
 */
import { invariant } from '../core/invariant.ts';
import { word } from '../core/words.ts';
import { asksAlike } from './alike-questions.ts';
import { type Automaton, automatonOf } from './automaton.ts';
import type { Bounds } from './bounds.ts';
import { type Canonical, canonicalFor, type Exchanges } from './canonical.ts';
import { type Locals, localOf } from './careful-step.ts';
import { type ExchangeTables, exchangeTables } from './exchange-tables.ts';
import type { Cursor, Workbench } from './expansion.ts';
import { fitsIn, pack, unpacked } from './layout.ts';
import type { Model } from './model.ts';
import { packedStep } from './packed-step.ts';
import { CLOSED, ENTRY_WORDS, ownInts, SPECIAL, sharedInts, UNFILLED } from './program.ts';
import type { SlotRead } from './reads.ts';
import {
  batchFor,
  forget,
  grow,
  insertBatch,
  insertFirst,
  repack,
  type StateStore,
  stateStore,
} from './state-store.ts';
import type { Symmetry } from './symmetry.ts';
import type { Violation } from './violation.ts';

export type Space = {
  readonly model: Model;
  readonly automaton: Automaton;
  readonly store: StateStore;
  readonly conditions: number;
  /** Undefined when every state stands for itself. */
  readonly symmetry: Symmetry | undefined;
  judged(violation: Violation): boolean;
  workbench(): Workbench;
  /** What canonicalises on another thread, as plain data. */
  exchanges(): Exchanges | undefined;
  /** Fills or resolves what the walk stopped at, so that it can be begun again; or tells which violation it is. */
  resume(cursor: Cursor): Violation | undefined;
  /** Widens the layout to all local states found, one of which did not fit. */
  widen(): void;
  /** What a condition that holds says: a property is broken; or a sighting is met, and asked no more. */
  met(condition: number): Violation | undefined;
  /** Names of the slots that may not rest as they are. */
  waitingIn(locals: Locals): readonly string[];
  /** Of a stored state without choices. */
  isDeadlock(state: number): boolean;
  /** A choice taken in place, by its root, to the state that is stored of it; false: not open, or never walked. */
  step(root: number, words: Int32Array): boolean;
  /** The state that is stored of this one, in words of its own. */
  packed(locals: Locals): Int32Array;
  /** Reads of properties and sightings. */
  readonly watched: readonly SlotRead[];
  /** Forgets every state but the first. */
  forget(): void;
  /** Makes room; false when the store would outgrow its bound. */
  grow(): boolean;
  /** Whether more states are stored than are allowed. */
  isOver(): boolean;
  bytes(): number;
  /** Sightings not met so far. */
  unseen(): readonly string[];
};

/** Holds the first state and nothing else. @throws Refused */
export function spaceOf(model: Model, bounds: Bounds): Space {
  const { bytesMax = Number.POSITIVE_INFINITY, statesMax = Number.POSITIVE_INFINITY } = bounds;
  // A store that grows is there twice for a moment, and where there is a disk the bound is kept then, too.
  const storeMax = bounds.disk === undefined ? bytesMax : bytesMax / 2;
  const judged = ({ property }: Violation): boolean =>
    bounds.properties?.includes(property) ?? true;
  const properties = model.properties.filter(({ violation }) => judged(violation));
  const ints = (bounds.workers ?? 1) > 1 ? sharedInts : ownInts;
  const automaton = automatonOf(model.cells, model.choices, judged, ints);
  const asked = [...properties, ...model.sightings].map(({ reads }) => automaton.condition(reads));
  const roots = ints(asked.length + automaton.roots.length);
  roots.set([...asked, ...automaton.roots]);
  const symmetry = symmetryIn(model, bounds);
  const tablesNow = (): ExchangeTables | undefined =>
    symmetry && exchangeTables(symmetry, automaton.layout(), ints);
  let tables = tablesNow();
  const canonicalNow = (): Canonical | undefined =>
    tables && canonicalFor(tables.exchanges, tables.fill);
  let canonical = canonicalNow();
  const store = stateStore(automaton.layout().words, ints);
  let batch = batchFor(store.words);

  const widen = (): void => {
    const layout = automaton.layout();
    invariant(automaton.widen(), 'a new local state fits, and is refused all the same');
    repack(store, layout, automaton.layout());
    tables = tablesNow();
    canonical = canonicalNow();
    if (batch.words !== store.words) batch = batchFor(store.words);
  };
  /** Puts the representative in a state's place; false when it does not fit. */
  const represented = (words: Int32Array): boolean => {
    canonical?.from(words, 0, false);
    return canonical?.canonicalise(words, 0) ?? true;
  };
  const packed = (locals: Locals): Int32Array => {
    for (;;) {
      const layout = automaton.layout();
      if (fitsIn(layout, locals)) {
        const words = new Int32Array(layout.words);
        pack(layout, locals, words, 0);
        if (represented(words)) return words;
      }
      widen();
    }
  };
  const waitingIn = (locals: Locals): readonly string[] =>
    model.rests
      .filter(({ slot, holds }) => !holds(localOf(locals, slot)))
      .map(({ slot }) => model.cells.slots.at(slot).name);
  const first = packed(model.first);
  store.states.set(first);
  insertFirst(store);

  return {
    model,
    automaton,
    store,
    conditions: asked.length,
    symmetry,
    judged,
    workbench: () => ({
      program: automaton.nodes.program,
      store,
      batch,
      roots,
      conditions: asked.length,
      canonical,
      statesMax,
      insert: insertBatch,
    }),
    exchanges: () => tables?.exchanges,
    resume: (cursor) => resumed(cursor, automaton, widen),
    widen,
    met: (condition) => {
      const property = properties[condition];
      if (property !== undefined) return property.violation;
      roots[condition] = CLOSED;
      return undefined;
    },
    waitingIn,
    isDeadlock: (state) =>
      bounds.mayDeadlock !== true &&
      waitingIn(unpacked(automaton.layout(), store.states, state * store.words)).length > 0,
    step: (root, words) => {
      return packedStep(automaton, root, words) && represented(words);
    },
    packed,
    watched: [...properties, ...model.sightings].flatMap(({ reads }) => reads),
    forget: () => forget(store),
    grow: () => grow(store, storeMax),
    isOver: () => store.count > statesMax,
    bytes: () => store.states.byteLength + store.table.byteLength,
    unseen: () =>
      model.sightings
        .filter((_, index) => word(roots, properties.length + index) !== CLOSED)
        .map(({ id }) => id),
  };
}

/** A goal or sighting about some alike ids only is judged without exchanging any. */
const symmetryIn = (model: Model, { symmetry }: Bounds): Symmetry | undefined =>
  model.symmetry !== undefined && symmetry !== 'none' && asksAlike(model, model.symmetry)
    ? model.symmetry
    : undefined;

function resumed(cursor: Cursor, automaton: Automaton, widen: () => void): Violation | undefined {
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
  if (next === UNFILLED) widen();
  return undefined;
}
