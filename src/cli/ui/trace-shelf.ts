/**
 * Trace shelf: the traces a page can play, by id, with the charts of their worlds and what could have prevented them.
 */
import { setImmediate } from 'node:timers/promises';

import { invariant } from '../../core/invariant.ts';
import { type OpeningSlot, openingOf } from '../../explore/opening.ts';
import { beginPreventing, type Prevention } from '../../explore/prevention.ts';
import { DETERMINISM, type RecordedTrace } from '../../explore/recorded-trace.ts';
import { refusalSentence } from '../../explore/refusal.ts';
import type { World } from '../../explore/world.ts';
import type { ChartAnswer } from '../../ui/shapes.ts';
import { type PlayerTitle, type PlayerTrace, playerTrace } from '../../viz/player-trace.ts';
import type { Charts } from './charts.ts';

export type ShelvedTrace = PlayerTrace & {
  /** Undefined: no slots of that kind. */
  readonly chart: (kind: string) => Promise<ChartAnswer> | undefined;
  /** Looked for when it is first asked for; undefined: there is nothing to prevent, or no way shows it. */
  readonly prevention: () => Promise<Prevention | undefined>;
};

export type TraceShelf = {
  /** Takes the place of a trace of the same id. Caller's duty: `world` is the trace's. */
  readonly add: (title: PlayerTitle, trace: RecordedTrace, world: World) => ShelvedTrace;
  readonly get: (id: string) => ShelvedTrace | undefined;
};

export function traceShelf(charts: Charts): TraceShelf {
  const traces = new Map<string, ShelvedTrace>();
  return {
    get: (id) => traces.get(id),
    add: (title, trace, world) => {
      const opening = openingOf(world);
      invariant(opening.ok, 'a world that was explored can be opened');
      const shelved = shelvedTrace(title, trace, world, opening.value, charts);
      traces.set(title.id, shelved);
      return shelved;
    },
  };
}

function shelvedTrace(
  title: PlayerTitle,
  trace: RecordedTrace,
  world: World,
  opening: readonly OpeningSlot[],
  charts: Charts,
): ShelvedTrace {
  let prevention: Promise<Prevention | undefined> | undefined;
  return {
    ...playerTrace(trace, opening, title),
    chart: (kind) => {
      const slot = opening.find((each) => each.kind === kind);
      return slot && charts.narrow(slot.definition, slot.machine);
    },
    prevention: () => {
      prevention ??= preventionOf(trace, world);
      return prevention;
    },
  };
}

async function preventionOf(trace: RecordedTrace, world: World): Promise<Prevention | undefined> {
  const { violation, steps } = trace;
  if (violation === undefined || violation.property === DETERMINISM || steps.length === 0) {
    return undefined;
  }
  const preventing = beginPreventing(world, trace);
  for (;;) {
    const advanced = preventing.advance();
    invariant(advanced.ok, advanced.ok ? '' : refusalSentence(advanced.error));
    if (advanced.value !== undefined) return advanced.value;
    // Others want to be answered meanwhile.
    await setImmediate();
  }
}
