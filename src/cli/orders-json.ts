/**
 * The JSON of `orders`: the contract other programs read. Fields may be added, never taken away.
 */
import type { FoundWrong } from '../scenarios/orders/order-host.ts';
import type { NamedPair, OrdersAnswer } from '../scenarios/orders/orders-answer.ts';

/**
 * One object, plain data; schema `stormdrain.orders/1`. Numbers of orders are the nearest a number can be; `exact` has
 * them digit by digit. Null: not known.
 */
export function ordersJson(answer: OrdersAnswer, elapsedSeconds: number) {
  const { driver, quirks, operation, steps, worlds, heldTo, result } = answer;
  const head = { schema: 'stormdrain.orders/1', driver, quirks, operation, steps };
  const bounds = { worlds };
  if (result.kind !== 'known') {
    return {
      ...head,
      complete: false,
      interrupted: result.kind === 'interrupted',
      limited: result.kind === 'limited' ? result.world : null,
      orders: null,
      safe: null,
      constraints: [],
      bounds,
      elapsedSeconds,
    };
  }
  return {
    ...head,
    complete: true,
    interrupted: false,
    limited: null,
    orders: Number(result.orders),
    safe: Number(result.safe),
    exact: {
      orders: String(result.orders),
      safe: String(result.safe),
      keepConstraints: String(result.keepConstraints),
      keepAll: String(result.keepAll),
    },
    constraints: result.constraints.map(({ before, after, wrong, races }) => ({
      before,
      after,
      ...wrongJson(answer, wrong),
      races,
    })),
    necessary: result.necessary,
    alternatives: result.alternatives.map(({ one, other, wrong }) => ({
      either: one,
      or: other,
      ...wrongJson(answer, wrong),
    })),
    sufficient: result.safe > 0n && result.keepAll === result.safe,
    neededSteps: result.needed.map(({ step, wrong, races }) => ({
      step,
      ...wrongJson(answer, wrong),
      races,
    })),
    looseSteps: result.loose,
    hasse: result.constraints.map(({ before, after }): NamedPair => ({ before, after })),
    own: {
      safe: result.own === undefined,
      ...wrongJson(answer, result.own),
      heldTo: heldTo ?? null,
    },
    bounds: { ...bounds, nodes: result.nodes },
    elapsedSeconds,
  };
}

const wrongJson = ({ worlds }: OrdersAnswer, wrong: FoundWrong | undefined) => ({
  property: wrong?.violation.property ?? null,
  message: wrong?.violation.sentence ?? null,
  steps: wrong?.trace.steps.length ?? null,
  world: wrong === undefined ? null : (worlds[wrong.world]?.name ?? null),
});
