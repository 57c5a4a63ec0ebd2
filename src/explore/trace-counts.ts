/**
 * Trace counts: how often each transition was taken on the way of a recorded trace, taken again in today's world.
 */
import { err, ok, type Result } from '../core/result.ts';
import { modelOf } from './model.ts';
import { openStepFor } from './recorded-choice.ts';
import type { RecordedTrace } from './recorded-trace.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import { type Counted, tallyOf } from './tally.ts';
import type { World } from './world.ts';

/** A recorded step, from 1, that is no longer open. */
export type LostStep = { readonly code: 'lost-step'; readonly step: number };

/** `world` is that of the trace's scenario, driver and quirks. */
export function traceCounts(
  world: World,
  { steps }: Pick<RecordedTrace, 'steps'>,
): Result<Counted, Refusal | LostStep> {
  const counted = unlessRefused((): Counted | LostStep => {
    const model = modelOf(world);
    const tally = tallyOf(model.cells);
    for (const cell of model.firstCells) tally.add(cell);
    let locals = model.first;
    for (const [index, recorded] of steps.entries()) {
      const open = openStepFor(model, locals, recorded);
      if (open === undefined) return { code: 'lost-step', step: index + 1 };
      for (const cell of open.step.cells) tally.add(cell);
      locals = open.step.locals;
    }
    return tally.counted();
  });
  if (!counted.ok) return counted;
  return 'code' in counted.value ? err(counted.value) : ok(counted.value);
}
