/**
 * Properties of a world of a unit: what must never be, and what must come, as far as its objects exist.
 *
 * Policy: what machines see for themselves they tell themselves (S1, S2, S7, S8, S22), what passes between others is
 * told by the wiring to the judge (S2, S4, S5, S15, S20) and to each group's watch (S1, S3). The table is table.ts.
 */
import { where } from '../../../../explore/wiring.ts';
import type { Goal, Property, Sighting } from '../../../../explore/world.ts';
import type { Kinds } from '../kinds.ts';
import type { Plan, Task } from '../plan-terms.ts';
import { answerGoals, answerProperties } from './answers.ts';
import { detachProperties } from './detach.ts';
import { domainIdProperties } from './domain-ids.ts';
import { livenessGoals } from './liveness.ts';
import { memoryProperties } from './memory.ts';
import { isOver } from './places.ts';

export const propertiesOf = (plan: Plan, kinds: Kinds): readonly Property[] => [
  ...detachProperties(plan, kinds),
  ...answerProperties(plan, kinds),
  ...memoryProperties(plan, kinds),
  ...domainIdProperties(plan, kinds),
];

export const goalsOf = (plan: Plan, kinds: Kinds): readonly Goal[] => [
  ...answerGoals(plan, kinds),
  ...livenessGoals(plan, kinds),
];

/** The list of a bind that finds another type of domain in its place, and is refused before it attaches. */
const isNeverCalled = ({ scenario }: Plan, { work }: Task): boolean => {
  if (work.kind !== 'called-list') return false;
  const domain = scenario.attachments[work.attachment]?.domain;
  return domain !== undefined && scenario.domains[domain]?.kind !== 'sva';
};

/** What a complete search must have come by, or its verdict is about nothing. */
export const sightingsOf = (plan: Plan, kinds: Kinds): readonly Sighting[] => [
  ...plan.tasks
    .filter((task) => !isNeverCalled(plan, task))
    .map((task) => ({
      id: `${task.name} ends`,
      sentence: `${task.name} comes to its end`,
      reads: [isOver(kinds, task)],
    })),
  ...plan.groups.map((_, group) => ({
    id: `group ${group} is answered`,
    sentence: 'an answer is on its way to a group',
    reads: [where(kinds.responses, group, ({ context }) => context.messages.length > 0)],
  })),
];
