/**
 * Order host: worlds of one question, and what is asked of them: moves between macrostates, and searches of one order.
 *
 * A host is on the thread where its worlds are; what passes between threads is plain data.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import { invariant } from '../../core/invariant.ts';
import { type Macrostates, macrostatesOf, type Told } from '../../explore/orders/macrostates.ts';
import type { Move } from '../../explore/orders/movers.ts';
import { withEndings } from '../../explore/orders/unordered-world.ts';
import { foundIn, type RecordedTrace, recordedTrace } from '../../explore/recorded-trace.ts';
import { refusalSentence, unlessRefused } from '../../explore/refusal.ts';
import { explore } from '../../explore/search.ts';
import type { Violation } from '../../explore/violation.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import { badInputSentence } from '../bad-input.ts';
import type { DriverDefinition } from '../own/own-driver.ts';
import { toldDriver } from '../own/told-driver.ts';
import { worldsFor } from './questions.ts';

/** Whose operation it is, by names that another thread finds again. */
export type OrderQuestion = {
  readonly driver: string;
  readonly quirks: readonly string[];
  /** Of a user's own driver. */
  readonly definition?: DriverDefinition | undefined;
  readonly operation: OperationName;
  /** States that a world may have under all orders. */
  readonly statesMax: number;
};

export type HostAsked =
  | { readonly kind: 'moves'; readonly world: number; readonly moves: readonly Move[] }
  | { readonly kind: 'ends'; readonly world: number; readonly macrostates: readonly number[] }
  /** Steps by number, in this order, and then the end. */
  | { readonly kind: 'walk'; readonly world: number; readonly order: readonly number[] }
  /** The world with a list of its own: the shortest way to whatever is wrong. */
  | { readonly kind: 'search'; readonly world: number; readonly steps: readonly OperationStep[] };

/** The first macrostate of a world is asked for without a move. */
export type HostAnswer = {
  /** Of moves: macrostates, -1 where a move is broken. Of ends, and of a walk: 1 where nothing is wrong, else 0. */
  readonly numbers: readonly number[];
  readonly found: FoundWrong | undefined;
  /** States and macrostates that the world has so far. */
  readonly states: number;
  readonly macrostates: number;
  /** The world has more states than it may. */
  readonly isLimited: boolean;
};

/** What is wrong with an order in one world, and the shortest way there. */
export type FoundWrong = {
  readonly world: number;
  readonly violation: Violation;
  readonly trace: RecordedTrace;
};

export type OrderHost = (asked: HostAsked) => HostAnswer;

/** Macrostate of the first state of every world. */
export const FIRST: Move = { macrostate: -1, step: -1 };

export function orderHost(question: OrderQuestion): OrderHost {
  const driver = driverOf(question);
  const worlds = worldsFor(driver, question.operation);
  const hosted: (Macrostates | undefined)[] = [];
  const macrostatesIn = (world: number): Macrostates => {
    hosted[world] ??= hostedWorld(question, driver, world);
    return hosted[world];
  };
  const numberOf = (told: Told): number => (told.kind === 'reached' ? told.macrostate : -1);
  const answer = (numbers: readonly number[], world: number, found?: FoundWrong): HostAnswer => {
    const known = hosted[world];
    const states = known?.states() ?? 0;
    const macrostates = known?.count() ?? 0;
    return { numbers, found, states, macrostates, isLimited: states > question.statesMax };
  };
  return (asked) => {
    const { world } = asked;
    switch (asked.kind) {
      case 'moves': {
        const { first, after } = macrostatesIn(world);
        return answer(
          asked.moves.map(({ macrostate, step }) =>
            numberOf(macrostate === FIRST.macrostate ? first : after(macrostate, step)),
          ),
          world,
        );
      }
      case 'ends': {
        const { ended } = macrostatesIn(world);
        return answer(
          asked.macrostates.map((macrostate) => (ended(macrostate) === undefined ? 1 : 0)),
          world,
        );
      }
      case 'walk':
        return answer([isSafe(macrostatesIn(world), asked.order) ? 1 : 0], world);
      case 'search': {
        const of = worlds[world];
        invariant(of !== undefined, `there is no world ${world}`);
        const ordered = withSteps(driver, question.operation, asked.steps);
        const made = withEndings(of.scenario.world(ordered));
        const searched = explore(made);
        invariant(searched.ok, searched.ok ? '' : refusalSentence(searched.error));
        const wrong = foundIn(searched.value);
        if (wrong === undefined) return answer([], world);
        const { name } = of.scenario;
        const origin = { scenario: name, driver: driver.name, quirks: question.quirks };
        const trace = recordedTrace(
          { ...origin, strategy: 'bfs' },
          made,
          wrong.violation,
          wrong.trace,
        );
        return answer([], world, { world, violation: wrong.violation, trace });
      }
    }
  };
}

function isSafe({ first, after, ended }: Macrostates, order: readonly number[]): boolean {
  const last = order.reduce<Told>(
    (told, step) => (told.kind === 'broken' ? told : after(told.macrostate, step)),
    first,
  );
  return last.kind === 'reached' && ended(last.macrostate) === undefined;
}

function hostedWorld(question: OrderQuestion, driver: Driver, world: number): Macrostates {
  const { operation } = question;
  const of = worldsFor(driver, operation)[world];
  invariant(of !== undefined, `there is no world ${world}`);
  const made = unlessRefused(() =>
    macrostatesOf(
      of.scenario.world(driver),
      of.part,
      driver.operations[operation],
      driver.ownSteps,
    ),
  );
  invariant(made.ok, made.ok ? '' : refusalSentence(made.error));
  return made.value;
}

export const withSteps = (
  driver: Driver,
  operation: OperationName,
  steps: readonly OperationStep[],
): Driver => ({ ...driver, operations: { ...driver.operations, [operation]: steps } });

/** Caller's duty: the names are known. */
export function driverOf(
  question: Pick<OrderQuestion, 'driver' | 'quirks' | 'definition'>,
): Driver {
  const told = toldDriver(question);
  invariant(told.ok, told.ok ? '' : badInputSentence(told.error));
  return told.value;
}
