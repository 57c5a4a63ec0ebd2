/**
 * Liveness: drains, interrupts, exits and neighbours that must come to an end (L2, L3, L6, L9).
 *
 * Policy: nobody counts on a device that sends once more: each goal is reached without any.
 */
import { where } from '../../../../explore/wiring.ts';
import type { Goal } from '../../../../explore/world.ts';
import type { Kinds } from '../kinds.ts';
import type { Plan } from '../plan-terms.ts';
import { answerGoals } from './answers.ts';
import { deviceKinds, isOver, isUnderWay, stepOf, tasksOf } from './places.ts';

export const livenessGoals = (plan: Plan, kinds: Kinds): readonly Goal[] => [
  ...drains(plan, kinds),
  interrupts(kinds),
  ...exits(plan, kinds),
  ...neighbours(plan, kinds),
];

const drains = (plan: Plan, kinds: Kinds): readonly Goal[] =>
  plan.tasks
    .filter(({ work }) => 'steps' in work && work.steps.some((step) => step.startsWith('drain-')))
    .map((task) => ({
      id: 'L2',
      sentence: `the drain of ${task.name} never ends`,
      whenever: [where(kinds.taskKind(task), 0, ({ value }) => stepOf(value).startsWith('drain-'))],
      goal: [isOver(kinds, task)],
      without: deviceKinds(kinds),
    }));

const interrupts = (kinds: Kinds): Goal => ({
  id: 'L3',
  sentence: 'the ring has requests, and the page request thread never looks at it again',
  whenever: [
    where(kinds.ring, 0, ({ context }) => context.entries.length > 0),
    where(kinds.thread, 0, ({ value }) => value === 'idle'),
  ],
  goal: [where(kinds.thread, 0, (of) => of.hasTag('in-pass'))],
  without: deviceKinds(kinds),
});

const exits = (plan: Plan, kinds: Kinds): readonly Goal[] =>
  plan.exits.map((process) => ({
    id: 'L6',
    sentence: `the address space of process ${process} never comes to its end`,
    whenever: [where(kinds.mm, process, ({ value }) => value === 'exiting' || value === 'silent')],
    goal: [where(kinds.mm, process, ({ value }) => value === 'empty' || value === 'dropped')],
    without: deviceKinds(kinds),
  }));

/** What is under way on one device ends, and its groups are answered, whatever the threads of others wait for. */
function neighbours(plan: Plan, kinds: Kinds): readonly Goal[] {
  const { devices } = plan.scenario;
  if (devices.length < 2) return [];
  return devices.flatMap((_, device) => {
    const others = devices.flatMap((_other, other) =>
      other === device ? [] : tasksOf(plan, other).map(({ name }) => name),
    );
    return [
      ...tasksOf(plan, device).map((task) => ({
        id: 'L9',
        sentence: `${task.name} waits for ever, for the sake of another device`,
        whenever: [isUnderWay(kinds, task)],
        goal: [isOver(kinds, task)],
        without: [...deviceKinds(kinds), ...others],
      })),
      ...answerGoals(plan, kinds, (group) => group.device === device, others, 'L9'),
    ];
  });
}
