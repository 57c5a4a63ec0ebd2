/**
 * Replayed trace: a trace of a file, taken again today, made ready to be played.
 */
import { basename } from 'node:path';
import { ok, type Result } from '../../core/result.ts';
import type { Refusal } from '../../explore/refusal.ts';
import { type Replay, replayed } from '../../explore/replay.ts';
import type { ReplayPlan } from '../replay-plan.ts';
import type { PlayableTrace } from './playable-trace.ts';

/** The id of a trace that the command line names. */
export const FILE_TRACE = 'file';

/** What is played is what happens today; how that differs from what was recorded is said beside it. */
export function replayedTrace({
  options,
  trace,
  found,
}: ReplayPlan): Result<PlayableTrace, Refusal> {
  const replay = replayed(found.worldOf(found.scenario), trace, options.tolerant);
  return replay.ok ? ok(playable({ options, trace, found }, replay.value)) : replay;
}

export function playable({ options, trace, found }: ReplayPlan, replay: Replay): PlayableTrace {
  const { steps, violation, differences } = replay;
  return {
    title: {
      id: FILE_TRACE,
      title: basename(options.file),
      differences: differences.map(({ step, sentence }) => `step ${step}: ${sentence}`),
    },
    trace: { ...trace, steps, violation },
    world: found.worldOf(found.scenario),
  };
}
