/**
 * Orders search: all orders of an operation's steps, in all its worlds; then for each rule found the shortest way to what
 * goes wrong without it.
 */
import type { Driver } from '../../actors/driver.ts';
import { invariant } from '../../core/invariant.ts';
import type { Movers } from '../../explore/orders/movers.ts';
import { turnedOrder } from '../../explore/orders/nearest-order.ts';
import {
  type LatticeProgress,
  type OrderLattice,
  orderLattice,
} from '../../explore/orders/order-lattice.ts';
import { type OrderRules, orderRules } from '../../explore/orders/order-rules.ts';
import { someOrder } from '../../explore/orders/some-order.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import { listEdits, racesOfPair, racesOfStep } from './named-races.ts';
import { driverOf, FIRST, type FoundWrong, type OrderQuestion } from './order-host.ts';
import { type OrderHosts, OrdersStopped, type StartHosts } from './order-threads.ts';
import type { NamedPair, OrdersAnswer, OrdersKnown, WorldCount } from './orders-answer.ts';
import { worldsFor } from './questions.ts';

export type OrdersProgress =
  | ({ readonly kind: 'orders'; readonly states: number } & LatticeProgress)
  | { readonly kind: 'ways'; readonly done: number; readonly of: number };

export type OrdersHooks = {
  readonly hosts: StartHosts;
  readonly signal: AbortSignal;
  readonly progress: (progress: OrdersProgress) => void;
};

/** What a search knows, for whoever compares two. */
export type SearchedOrders = Omit<OrdersAnswer, 'heldTo'>;

class OrdersLimited extends Error {
  override readonly name = 'OrdersLimited';
  readonly world: number;

  constructor(world: number) {
    super(`world ${world} has more states than it may`);
    this.world = world;
  }
}

export async function searchOrders(
  question: OrderQuestion,
  { hosts, signal, progress }: OrdersHooks,
): Promise<SearchedOrders> {
  const driver = driverOf(question);
  const { operation, quirks } = question;
  const steps = driver.operations[operation];
  const worlds = worldsFor(driver, operation);
  const counts: WorldCount[] = worlds.map(({ scenario: { name, sentence } }) => ({
    name,
    sentence,
    states: 0,
    macrostates: 0,
  }));
  const asked = hosts(question, signal);
  const ask: OrderHosts['ask'] = async (what) => {
    const answer = await asked.ask(what);
    const known = counts[what.world];
    invariant(known !== undefined, `there is no world ${what.world}`);
    const { states, macrostates, isLimited } = answer;
    // A search may be answered by a thread that does not have the world.
    if (what.kind !== 'search') counts[what.world] = { ...known, states, macrostates };
    if (isLimited) throw new OrdersLimited(what.world);
    return answer;
  };
  const told = (result: SearchedOrders['result']): SearchedOrders => ({
    driver: driver.name,
    quirks,
    operation,
    steps,
    worlds: counts,
    result,
  });
  try {
    const lattice = await latticeFor(steps.length, ask, worlds.length, signal, (at) =>
      progress({
        kind: 'orders',
        ...at,
        states: counts.reduce((sum, { states }) => sum + states, 0),
      }),
    );
    if (lattice === undefined) return told({ kind: 'interrupted' });
    const ways = { ask, worlds: worlds.length, progress };
    return told(await knownOf(driver, steps, lattice, ways));
  } catch (error) {
    if (error instanceof OrdersStopped) return told({ kind: 'interrupted' });
    if (!(error instanceof OrdersLimited)) throw error;
    return told({ kind: 'limited', world: counts[error.world]?.name ?? '' });
  } finally {
    await asked.stop();
  }
}

/** The lattice of no steps at all where a world breaks something before the first one. */
async function latticeFor(
  steps: number,
  ask: OrderHosts['ask'],
  worlds: number,
  signal: AbortSignal,
  progress: (at: LatticeProgress) => void,
): Promise<OrderLattice | undefined> {
  const all = Array.from({ length: worlds }, (_, world) => world);
  const first = await Promise.all(
    all.map(async (world) => (await ask({ kind: 'moves', world, moves: [FIRST] })).numbers[0]),
  );
  const isBroken = first.some((macrostate) => macrostate === undefined || macrostate < 0);
  const movers: Movers = {
    worlds,
    first: first.map((macrostate) => macrostate ?? -1),
    moved: async (world, moves) =>
      isBroken ? moves.map(() => -1) : (await ask({ kind: 'moves', world, moves })).numbers,
    endsWell: async (world, macrostates) =>
      (await ask({ kind: 'ends', world, macrostates })).numbers.map((well) => well === 1),
  };
  return orderLattice(steps, movers, { progress, isStopped: () => signal.aborted });
}

type Ways = {
  readonly ask: OrderHosts['ask'];
  readonly worlds: number;
  readonly progress: (progress: OrdersProgress) => void;
};

async function knownOf(
  driver: Driver,
  steps: readonly OperationStep[],
  lattice: OrderLattice,
  ways: Ways,
): Promise<OrdersKnown> {
  const rules = orderRules(lattice, steps.length);
  const own = steps.map((_, step) => step);
  const wrongWith = waysTo(steps, ways);
  const ownWrong = await wrongWith(own);
  const base = ownWrong === undefined ? own : someOrder(lattice);
  const edits = listEdits(driver, steps);
  const covers = rules.safe === 0n ? [] : rules.necessary.covers();
  const orders = wantedOrders(rules, covers, base);
  let done = 0;
  const found = await Promise.all(
    orders.map(async (order) => {
      const wrong = order === undefined ? undefined : await wrongWith(order);
      done += 1;
      ways.progress({ kind: 'ways', done, of: orders.length });
      return wrong;
    }),
  );
  const named = namer(steps);
  const name = named.step;
  const needed = rules.safe === 0n ? [] : rules.needed;
  const afterCovers = covers.length;
  const afterAlternatives = afterCovers + rules.alternatives.length;
  return {
    kind: 'known',
    orders: rules.orders,
    safe: rules.safe,
    keepConstraints: rules.keepPairs,
    keepAll: rules.keepAll,
    constraints: covers.map((pair, at) => {
      const { before, after } = named.pair(pair);
      return { before, after, wrong: found[at], races: racesOfPair(edits, before, after) };
    }),
    necessary: rules.safe === 0n ? [] : named.pairsOf(rules, lattice),
    alternatives: rules.alternatives.map(({ one, other }, at) => ({
      one: named.pair(one),
      other: named.pair(other),
      wrong: found[afterCovers + at],
    })),
    needed: needed.map((step, at) => ({
      step: name(step),
      wrong: found[afterAlternatives + at],
      races: racesOfStep(edits, name(step)),
    })),
    loose: lattice.loose.map(name),
    own: ownWrong,
    nodes: lattice.nodes.length,
  };
}

/** One for each constraint, alternative and needed step: an order that breaks it. */
function wantedOrders(
  rules: OrderRules,
  covers: readonly { readonly first: number; readonly second: number }[],
  base: readonly number[],
): readonly (readonly number[] | undefined)[] {
  if (rules.safe === 0n) return [];
  const { necessary, alternatives, needed } = rules;
  return [
    ...covers.map((pair) => turnedOrder(base, necessary, [pair])),
    ...alternatives.map(({ one, other }) => turnedOrder(base, necessary, [one, other])),
    ...needed.map((step) => base.filter((each) => each !== step)),
  ];
}

/** The shortest way to anything wrong with an order, in any world; of equally short ones, in the first. */
const waysTo =
  (steps: readonly OperationStep[], { ask, worlds }: Ways) =>
  async (order: readonly number[]): Promise<FoundWrong | undefined> => {
    const list = order.flatMap((step) => steps[step] ?? []);
    const found = await Promise.all(
      Array.from({ length: worlds }, async (_, world) => {
        const { numbers } = await ask({ kind: 'walk', world, order });
        if (numbers[0] === 1) return undefined;
        return (await ask({ kind: 'search', world, steps: list })).found;
      }),
    );
    return found.reduce(
      (best, each) =>
        best === undefined ||
        (each !== undefined && each.trace.steps.length < best.trace.steps.length)
          ? each
          : best,
      undefined,
    );
  };

function namer(steps: readonly OperationStep[]) {
  const step = (at: number): OperationStep => {
    const found = steps[at];
    invariant(found !== undefined, `there is no step ${at}`);
    return found;
  };
  const pair = (of: { readonly first: number; readonly second: number }): NamedPair => ({
    before: step(of.first),
    after: step(of.second),
  });
  return {
    step,
    pair,
    pairsOf: ({ necessary }: OrderRules, lattice: OrderLattice): readonly NamedPair[] =>
      lattice.steps.flatMap((first) =>
        lattice.steps
          .map((second) => ({ first, second }))
          .filter(necessary.has)
          .map(pair),
      ),
  };
}
