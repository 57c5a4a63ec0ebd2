/**
 * Cells: what one slot does in one local state on one event, filled by XState's own `transition()` when first met.
 *
 * A cell is a decision tree. A question nobody has answered yet ends the filling with a question node; each answer
 * is filled when it first occurs, so combinations that never occur cost nothing. A leaf has the next local state
 * and, in order, what the transition does to others.
 */
import type { AnyStateMachine, EventObject } from 'xstate';

import { invariant } from '../core/invariant.ts';
import { type CallFault, callGraph } from './call-graph.ts';
import { type Coverage, coverageSum, type MachineCoverage, machineCoverage } from './coverage.ts';
import { type Filled, type Filling, filling, type Taken } from './filling.ts';
import { type LocalStates, localStates } from './local-states.ts';
import { plainText } from './plain-text.ts';
import { type SlotRead, slotRead } from './reads.ts';
import { Refused } from './refusal.ts';
import type { Slot, Slots } from './slots.ts';
import type { Answers, Question } from './steps.ts';
import { type Met, type Violation, violationIn } from './violation.ts';
import { type Answer, type Call, negated, type Read } from './wiring.ts';

/** Slot and event by number; events are numbered by kind. */
export type SlotEvent = { readonly slot: number; readonly event: number };

export type FiredEffect = {
  readonly slot: string;
  readonly type: string;
  readonly params: unknown;
};

/** One effect of a transition and what the wiring makes of it. */
export type Consequence = {
  readonly effect: FiredEffect;
  readonly violation: Violation | undefined;
  readonly calls: readonly SlotEvent[];
};

/** A cell that is decided, and what of which slot kind's machine is taken in it. */
export type Decided =
  | { readonly kind: 'inert'; readonly of: number; readonly taken: Taken }
  | {
      readonly kind: 'leaf';
      readonly of: number;
      readonly taken: Taken;
      readonly next: number;
      readonly consequences: readonly Consequence[];
    };

export type Cell =
  | Decided
  | {
      readonly kind: 'question';
      /** The answer is yes when all of them hold. */
      readonly reads: readonly SlotRead[];
      /** What follows an answer. @throws Refused */
      answered(yes: boolean): Cell;
    };

export type Cells = {
  readonly slots: Slots;
  localsOf(slot: Slot): LocalStates;
  eventNumber(slot: Slot, event: EventObject): number;
  eventOf(slot: Slot, event: number): EventObject;
  /** @throws Refused when the cell can't be filled exactly. */
  cell(slot: number, local: number, event: number): Cell;
  /** Calls by number. @throws Refused when `caller` may not make them. */
  callsOf(calls: readonly Call[], caller: Slot | undefined): readonly SlotEvent[];
  readOf(read: Read): SlotRead;
  /** Of the cells filled so far. */
  coverage(): Coverage;
  /** The same by machine; machines of one id may come several times. */
  machines(): readonly MachineCoverage[];
  /** By slot kind: its name, and the machine whose transitions decided cells name. */
  readonly kinds: readonly { readonly name: string; readonly machine: AnyStateMachine }[];
};

/** What instances of one kind share. */
type Kind = {
  readonly name: string;
  readonly filling: Filling;
  readonly locals: LocalStates;
  readonly events: EventObject[];
  readonly numbers: Map<string, number>;
};

/** Who answers: the answer is `whenAll` when all of them hold, else the opposite. */
type Asked = { readonly reads: readonly SlotRead[]; readonly whenAll: boolean } | boolean;

/** @throws Refused */
export function cellsOf(slots: Slots): Cells {
  const kinds: Kind[] = [];
  for (const { kind, part } of slots.all) {
    if (kinds[kind] !== undefined) continue;
    const filled = filling(part);
    const locals = localStates(filled.machine, part.kind.holds);
    const { name } = part.kind;
    kinds[kind] = { name, filling: filled, locals, events: [], numbers: new Map() };
  }
  const known = slots.all.map((): Cell[][] => []);
  const asked = new Map<string, Asked>();
  const graph = callGraph(slots.all.length);

  const kindOf = (slot: Slot): Kind => {
    const kind = kinds[slot.kind];
    invariant(kind !== undefined, `${slot.name} has no kind`);
    return kind;
  };
  const eventNumber = (slot: Slot, event: EventObject): number => {
    const { events, numbers } = kindOf(slot);
    const text = plainText(event);
    const number = numbers.get(text) ?? events.push(event) - 1;
    numbers.set(text, number);
    return number;
  };
  const eventOf = (slot: Slot, number: number): EventObject => {
    const event = kindOf(slot).events[number];
    invariant(event !== undefined, `${slot.name} has no event ${number}`);
    return event;
  };
  const readOf = ([kind, index, holds]: Read): SlotRead => {
    const slot = slots.named([kind, index]);
    return slotRead(slot, kindOf(slot).locals, holds);
  };

  const askedOf = (answer: Answer): Asked => {
    if (typeof answer === 'boolean') return answer;
    return 'anyOf' in answer
      ? { reads: answer.anyOf.map(negated).map(readOf), whenAll: false }
      : { reads: answer.map(readOf), whenAll: true };
  };

  const callsOf = (calls: readonly Call[], caller: Slot | undefined): readonly SlotEvent[] =>
    calls.map(([kind, index, event]) => {
      const slot = slots.named([kind, index]);
      invariant(
        slot.part.role === 'object' || caller === undefined,
        `${caller?.name} calls ${slot.name}, which is an actor and takes steps of its own`,
      );
      const fault = caller && graph.addCall(caller.number, slot.number);
      if (caller !== undefined && fault !== undefined) {
        throw refused(caller, fault, `${event.type} called on ${slot.name}`);
      }
      return { slot: slot.number, event: eventNumber(slot, event) };
    });

  const readsFor = (slot: Slot, { name, params, text }: Question): Asked => {
    const key = `${slot.number} ${text}`;
    const before = asked.get(key);
    if (before !== undefined) return before;
    const answer = slot.part.asks[name]?.(params, slot.index);
    invariant(answer !== undefined, `${slot.name} has no answer to ${name}`);
    const told = askedOf(answer);
    for (const read of typeof told === 'boolean' ? [] : told.reads) {
      const fault = graph.addQuestion(slot.number, read.slot);
      if (fault === undefined) continue;
      throw refused(slot, fault, `question ${name} about ${slots.at(read.slot).name}`);
    }
    asked.set(key, told);
    return told;
  };

  const consequence = (slot: Slot, type: string, params: unknown, met: Met): Consequence => {
    const effect = { slot: slot.name, type, params };
    const calls = slot.part.effects[type]?.(params, slot.index);
    return calls === undefined
      ? { effect, violation: violationIn(effect, met), calls: [] }
      : { effect, violation: undefined, calls: callsOf(calls, slot) };
  };

  const fill = (slot: Slot, local: number, event: number, answers: Answers): Cell => {
    const { filling, locals } = kindOf(slot);
    const came = eventOf(slot, event);
    const filled: Filled = filling.fill(locals.snapshotOf(slot, local), came, answers);
    switch (filled.kind) {
      case 'inert':
        return { kind: 'inert', of: slot.kind, taken: filled.taken };
      case 'leaf': {
        const { effects, next, taken } = filled;
        const machine = filling.machine.id;
        const met: Met = { machine, event: came.type, state: locals.controlOf(local) };
        return {
          kind: 'leaf',
          of: slot.kind,
          taken,
          next: locals.numberOf(slot, next),
          consequences: effects.map(({ type, params }) => consequence(slot, type, params, met)),
        };
      }
      case 'asks': {
        const { text } = filled.question;
        const told = readsFor(slot, filled.question);
        const given = (yes: boolean): Cell =>
          fill(slot, local, event, new Map([...answers, [text, yes]]));
        if (typeof told === 'boolean') return given(told);
        return question(told.reads, (all) => given(all === told.whenAll));
      }
    }
  };

  const machines = (): readonly MachineCoverage[] =>
    kinds.map(({ filling: { machine, taken } }) => machineCoverage(machine, taken));

  return {
    slots,
    localsOf: (slot) => kindOf(slot).locals,
    eventNumber,
    eventOf,
    callsOf,
    readOf,
    kinds: kinds.map(({ name, filling: { machine } }) => ({ name, machine })),
    coverage: () => coverageSum(machines()),
    machines,
    cell: (slot, local, event) => {
      const ofSlot = known[slot];
      invariant(ofSlot !== undefined, `there is no slot ${slot}`);
      ofSlot[local] ??= [];
      ofSlot[local][event] ??= fill(slots.at(slot), local, event, new Map());
      return ofSlot[local][event];
    },
  };
}

/** A question node whose branches are filled when they are first followed. */
function question(reads: readonly SlotRead[], given: (yes: boolean) => Cell): Cell {
  let no: Cell | undefined;
  let yes: Cell | undefined;
  return {
    kind: 'question',
    reads,
    answered: (answer) => {
      if (answer) yes ??= given(true);
      else no ??= given(false);
      const cell = answer ? yes : no;
      invariant(cell !== undefined, 'an answer was filled');
      return cell;
    },
  };
}

const refused = (slot: Slot, code: CallFault, feature: string): Refused =>
  new Refused({ code, machine: slot.part.kind.machine.id, state: '', feature });
