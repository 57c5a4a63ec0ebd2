/**
 * Detach: what must be quiet when it returns, what must be switched before anybody can see it (S6, S15, S19).
 */
import { where } from '../../../../explore/wiring.ts';
import type { Property } from '../../../../explore/world.ts';
import { hasEffect, type OperationStep } from '../../../../machines/operation-steps.ts';
import { hangingPasids, impliedFunctions, isReported, reportedPlaces } from '../function-domain.ts';
import type { Kinds } from '../kinds.ts';
import type { Plan } from '../plan-terms.ts';
import { isOver, isResting, isUnderWay, placesOf, tasksOf } from './places.ts';

export const detachProperties = (plan: Plan, kinds: Kinds): readonly Property[] => [
  ...quiescent(plan, kinds),
  ...counted(plan, kinds),
  ...initialised(plan, kinds),
];

/** S6, for what is not attached a second time: who it belonged to says which requests are meant. */
function quiescent(plan: Plan, kinds: Kinds): readonly Property[] {
  return plan.tasks.flatMap((task) => {
    const { work } = task;
    if (!('steps' in work) || work.going === undefined || !takesAway(plan, work.steps)) return [];
    const { attachment, domain } = work.going;
    const place = plan.places[attachment];
    const again = plan.tasks.some(
      ({ work: other }) =>
        'coming' in other &&
        other.coming?.attachment === attachment &&
        other.coming.domain === domain,
    );
    if (place === undefined || again) return [];
    const meant = placesOf(
      kinds,
      place.device,
      ({ rid, pasid, owner }) => rid === place.rid && pasid === place.pasid && owner === domain,
    );
    return meant.map(({ place: at, read }) => ({
      id: 'S6',
      sentence: `${task.name} has returned, and a request from before it is ${at}`,
      never: [isOver(kinds, task), read],
    }));
  });
}

const takesAway = ({ driver }: Plan, steps: readonly OperationStep[]): boolean =>
  steps.some((step) => hasEffect(step, driver.ownSteps, 'eraseSlot', 'replaceHandle'));

/** S15: with nobody attaching or detaching, the count is that of the attachments whose faults are handled. */
function counted(plan: Plan, kinds: Kinds): readonly Property[] {
  const { reporting, slot, faultQueue } = kinds;
  return plan.scenario.devices.flatMap((_, device) => {
    const resting = tasksOf(plan, device).map((task) => isResting(kinds, task));
    const attachments = reportedPlaces(plan, device);
    const implied = impliedFunctions(plan).includes(device) ? 1 : 0;
    const subsets = Array.from({ length: 2 ** attachments.length }, (_none, bits) => bits);
    const isCounted = (number: number | undefined): boolean => {
      const handle = number === undefined ? undefined : plan.handles[number];
      return handle !== undefined && isReported(plan, handle);
    };
    return [
      ...subsets.map((bits) => {
        const isIn = (at: number): boolean => Math.floor(bits / 2 ** at) % 2 === 1;
        const users = implied + attachments.filter((_one, at) => isIn(at)).length;
        return {
          id: 'S15',
          sentence: `fault reporting is not counted ${users}, with ${users} attachments that need it`,
          never: [
            ...resting,
            ...attachments.map((attachment, at) =>
              where(
                slot,
                attachment,
                ({ value, context }) =>
                  (value === 'attached' && isCounted(context.handle)) === isIn(at),
              ),
            ),
            where(reporting, device, ({ context }) => context.users !== users),
          ],
        };
      }),
      ...hangingPasids(plan, device).map((at) => ({
        id: 'S15',
        sentence: 'a process is bound, and its device is not on the fault queue',
        never: [
          ...resting,
          where(slot, at, ({ value }) => value === 'attached'),
          where(reporting, device, ({ value }) => value === 'off'),
        ],
      })),
      ...(['on', 'off'] as const).map((state) => ({
        id: 'S15',
        sentence: `fault reporting is ${state}, and the fault queue has the device otherwise`,
        never: [
          where(reporting, device, ({ value }) => value === state),
          where(faultQueue, device, ({ value }) => (value === 'present') !== (state === 'on')),
        ],
      })),
    ];
  });
}

/** S19, of an attach where nothing hung before; at its first step it is not under way. */
function initialised(plan: Plan, kinds: Kinds): readonly Property[] {
  const { entry, slot } = kinds;
  return plan.tasks.flatMap((task) => {
    const { work } = task;
    if (!('steps' in work) || work.coming === undefined) return [];
    const { ownSteps } = plan.driver;
    if (work.steps.some((step) => hasEffect(step, ownSteps, 'replaceHandle'))) return [];
    const { domain } = work.coming;
    const handle = plan.handleNumber(work.coming);
    return [
      {
        id: 'S19',
        sentence: `${task.name} has published a handle whose hardware is not there yet`,
        never: [
          isUnderWay(kinds, task),
          where(
            entry,
            work.attachment,
            ({ value, context }) => value !== 'present' || context.domain !== domain,
          ),
          where(
            slot,
            work.attachment,
            ({ value, context }) => value === 'attached' && context.handle === handle,
          ),
        ],
      },
    ];
  });
}
