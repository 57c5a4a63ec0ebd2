/**
 * Answer orders: the whole answer to one question: the orders of a driver's own steps, and how its own order stands to
 * what holds for the repaired driver of its vendor.
 */
import { heldTo } from './held-to.ts';
import { driverOf, type OrderQuestion } from './order-host.ts';
import { vendorOf } from './order-world.ts';
import type { OrdersAnswer } from './orders-answer.ts';
import { type OrdersHooks, searchOrders } from './orders-search.ts';

/** `known` are answers that need not be found again. */
export async function answerOrders(
  question: OrderQuestion,
  hooks: OrdersHooks,
  known: readonly OrdersAnswer[] = [],
): Promise<OrdersAnswer> {
  const searched = await searchOrders(question, hooks);
  const driver = driverOf(question);
  const repaired = vendorOf(driver);
  const isRepaired = repaired === question.driver && question.quirks.length === 0;
  if (isRepaired || repaired === undefined || searched.result.kind !== 'known') {
    return { ...searched, heldTo: undefined };
  }
  const held =
    known.find((each) => each.driver === repaired && each.operation === question.operation) ??
    (await searchOrders(
      { ...question, driver: repaired, definition: undefined, quirks: [] },
      hooks,
    ));
  return held.result.kind === 'known'
    ? { ...searched, heldTo: heldTo(searched.steps, driver.ownSteps, repaired, held.result) }
    : { ...searched, heldTo: undefined, result: held.result };
}
