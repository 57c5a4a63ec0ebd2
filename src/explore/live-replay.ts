/**
 * Live replay: a recorded trace taken again by live actors, one a slot, for whoever watches them.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { ActorWatch } from '../machines/actor-watch.ts';
import { liveWorld } from './live-world.ts';
import { modelOf } from './model.ts';
import { openStepFor } from './recorded-choice.ts';
import type { RecordedTrace } from './recorded-trace.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import type { LostStep } from './trace-counts.ts';
import type { World } from './world.ts';

/** `world` is that of the trace's scenario, driver and quirks; the actors are stopped in the end. */
export function liveReplay(
  world: World,
  { steps }: Pick<RecordedTrace, 'steps'>,
  watch: ActorWatch,
): Result<undefined, Refusal | LostStep> {
  const played = unlessRefused((): LostStep | undefined => {
    const model = modelOf(world);
    const live = liveWorld(world, model.cells.slots, watch);
    let locals = model.first;
    try {
      for (const [index, recorded] of steps.entries()) {
        const open = openStepFor(model, locals, recorded);
        if (open === undefined) return { code: 'lost-step', step: index + 1 };
        live.take(open.choice.number);
        locals = open.step.locals;
      }
      return undefined;
    } finally {
      live.stop();
    }
  });
  if (!played.ok) return played;
  return played.value === undefined ? ok(undefined) : err(played.value);
}
