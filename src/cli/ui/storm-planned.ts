/** Storm planned: what a page is told of a storm that begins. */
import type { StormPlanned } from '../../ui/shapes.ts';
import type { StormPlan } from '../../workers/storm-plan.ts';

/** `repeat` is the command that runs it again. */
export const stormPlanned = (plan: StormPlan, repeat: string): StormPlanned => {
  const { name, driver, quirks, seed, devices, pasids, workers, rate, ringEntries } = plan;
  return { name, driver, quirks, seed, devices, pasids, workers, rate, ringEntries, repeat };
};
