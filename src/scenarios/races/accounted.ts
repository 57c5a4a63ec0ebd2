/**
 * Accounted: a VT-d scenario whose lists are also judged by what they must leave behind when they are over.
 *
 * S17: a handle that was taken away is freed, and a domain has users, and lists an attachment, exactly while it hangs
 * there. S19: what hangs somewhere has its hardware, and is on the list of its domain.
 */
import type { Driver } from '../../actors/driver.ts';
import { where } from '../../explore/wiring.ts';
import type { Property } from '../../explore/world.ts';
import type { ExploreScenario } from '../explore/explore-scenario.ts';
import { kindsOf } from '../explore/unit/kinds.ts';
import { isOver } from '../explore/unit/observers/places.ts';
import { planOf } from '../explore/unit/plan.ts';
import type { UnitScenario } from '../explore/unit/scenario.ts';
import { unitWorld } from '../explore/unit/world.ts';

export const accounted = (scenario: UnitScenario): ExploreScenario => ({
  name: `${scenario.name}-accounted`,
  title: `${scenario.sentence}; and what is left is counted`,
  sentence: `${scenario.sentence}; and what is left is counted`,
  world: (driver) => {
    const listing = { ...scenario, hasAttachmentLists: true };
    const world = unitWorld(driver, listing);
    return {
      ...world,
      properties: [...(world.properties ?? []), ...leftBehind(driver, listing)],
    };
  },
});

function leftBehind(driver: Driver, scenario: UnitScenario): readonly Property[] {
  const plan = planOf(driver, scenario);
  const kinds = kindsOf(plan);
  const { handle, domain, entry, devPasid } = kinds;
  return plan.tasks.flatMap((task): readonly Property[] => {
    const { work } = task;
    if (work.kind !== 'list') return [];
    const over = isOver(kinds, task);
    const { going, coming } = work;
    const gone: readonly Property[] =
      going === undefined
        ? []
        : [
            {
              id: 'S17',
              sentence: `${task.name} is over, and the handle it took away was never freed`,
              never: [
                over,
                where(handle, plan.handleNumber(going), ({ value }) => value === 'live'),
              ],
            },
            {
              id: 'S17',
              sentence: `${task.name} is over, and the domain it took away still counts it`,
              never: [over, where(domain, going.domain, ({ context }) => context.users > 0)],
            },
            {
              id: 'S17',
              sentence: `${task.name} is over, and the domain it took away still lists it`,
              never: [
                over,
                where(devPasid, plan.listPlace(going), ({ value }) => value === 'listed'),
              ],
            },
          ];
    const come: readonly Property[] =
      coming === undefined
        ? []
        : [
            {
              id: 'S17',
              sentence: `${task.name} is over, and the domain it attached counts nobody`,
              never: [over, where(domain, coming.domain, ({ context }) => context.users === 0)],
            },
            {
              id: 'S19',
              sentence: `${task.name} is over, and the hardware translates through nothing`,
              never: [over, where(entry, work.attachment, ({ value }) => value !== 'present')],
            },
            {
              id: 'S19',
              sentence: `${task.name} is over, and the domain it attached does not list it`,
              never: [
                over,
                where(devPasid, plan.listPlace(coming), ({ value }) => value === 'unlisted'),
              ],
            },
          ];
    return [...gone, ...come];
  });
}
