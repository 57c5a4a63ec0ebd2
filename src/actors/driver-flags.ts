/**
 * Driver flags: a driver's rules and traits as the threads of a storm read them.
 */
import { asksFor, stepShape } from '../machines/operation-steps.ts';
import {
  ANSWER_BEFORE_UNLINK,
  ANSWER_PARTIALS_WITHOUT_HANDLER,
  ANSWER_REFUSED_PARTIALS,
  KEEP_PARTIALS_ON_OVERFLOW,
  MATCH_PARTIALS_BY_INDEX,
  NOTE_LAST_GROUPS,
  REJECT_STRANDS_PARTIALS,
  REPORT_STOP_MARKERS,
  SEND_FAILURE_AS_TWO,
} from '../workers/quirk-flags.ts';
import type { Driver } from './driver.ts';
import { FAILURE_7_3 } from './unit-traits.ts';

/** As in quirk-flags.ts, one bit a rule. */
export function driverFlags(driver: Driver): number {
  const { rules, traits, unlinksBeforeAnswer, operations, ownSteps } = driver;
  const flushesGroups = Object.values(operations).some((steps) =>
    steps.some((step) => asksFor(stepShape(step, ownSteps), 'groupsAreFinished')),
  );
  return (
    (rules.matchPartialsBy === 'index' ? MATCH_PARTIALS_BY_INDEX : 0) |
    (rules.answerPartialsWithoutHandler ? ANSWER_PARTIALS_WITHOUT_HANDLER : 0) |
    (rules.discardOnOverflow ? 0 : KEEP_PARTIALS_ON_OVERFLOW) |
    (rules.cancelPartialsOnReject ? 0 : REJECT_STRANDS_PARTIALS) |
    (unlinksBeforeAnswer ? 0 : ANSWER_BEFORE_UNLINK) |
    (traits.reject.answerNonLast ? ANSWER_REFUSED_PARTIALS : 0) |
    (traits.checks.dropsStopMarkers ? 0 : REPORT_STOP_MARKERS) |
    (traits.failureOnWire === FAILURE_7_3 ? SEND_FAILURE_AS_TWO : 0) |
    (flushesGroups ? NOTE_LAST_GROUPS : 0)
  );
}
