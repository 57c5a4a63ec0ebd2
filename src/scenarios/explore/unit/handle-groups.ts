/**
 * Handle groups: which groups an attach handle counts as its own, and so whether they are all over.
 *
 * Policy: the count is read off the groups themselves: each knows its handle, and how far it has come. A counter that
 *         goes up and down in the same critical sections says no more. All handlers here queue work.
 */
import type { GroupsCounted } from '../../../actors/driver.ts';
import { type Read, where } from '../../../explore/wiring.ts';
import type { Kinds } from './kinds.ts';
import type { Handle, Plan } from './plan-terms.ts';

/** States of a group in which its handle counts it; a worker still has what a removal has freed under its hands. */
export const COUNTED_STATES: Readonly<Record<GroupsCounted, readonly string[]>> = {
  'until-freed': ['queued', 'running', 'answered', 'dangling'],
  'until-answered': ['queued', 'running'],
  'while-worked-on': ['running', 'answered', 'dangling'],
  'while-waiting': ['queued'],
};

/** Nothing that was queued as work for the handle is counted any more. */
export function groupsAreFinished(
  { handles, driver }: Plan,
  { group }: Kinds,
  going: Handle | undefined,
): readonly Read[] {
  const counted = COUNTED_STATES[driver.groupsCounted];
  const isIts = (handle: number | undefined): boolean => {
    const of = handle === undefined ? undefined : handles[handle];
    return of?.attachment === going?.attachment && of?.domain === going?.domain;
  };
  return group.inputs.map((_, at) =>
    where(
      group,
      at,
      ({ value, context }) => !(counted.includes(String(value)) && isIts(context.handle)),
    ),
  );
}
