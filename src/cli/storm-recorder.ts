/**
 * Storm recorder: keeps a storm's first events and writes them where `--record` says.
 *
 * Effects: writes a file, and finds out before the storm whether it can be written.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import { PartFile, unwritable } from '../scenarios/part-file.ts';
import { stormRecordingText } from '../scenarios/storm-recording.ts';
import type { StormHooks, StormPlan } from '../workers/storm-plan.ts';

export type StormRecorder = {
  /** What the storm is handed besides its other hooks. */
  readonly hooks: Pick<StormHooks, 'recorded'>;
  /** Writes what was recorded; leaves nothing behind when the storm told nothing. */
  readonly end: () => Promise<Result<undefined, BadInput>>;
};

export async function stormRecorder(
  file: string | undefined,
  plan: StormPlan,
): Promise<Result<StormRecorder, BadInput>> {
  if (file === undefined) return ok({ hooks: {}, end: async () => ok(undefined) });
  const opened = await PartFile.open(file);
  if (!opened.ok) return opened;
  const part = opened.value;
  let text: string | undefined;
  return ok({
    hooks: {
      recorded: (events) => {
        text = stormRecordingText(plan, events);
      },
    },
    end: async () => {
      try {
        if (text === undefined) {
          await part.abandon();
          return ok(undefined);
        }
        await part.write(text);
        return await part.finish();
      } catch (error) {
        return err(unwritable(file, error));
      }
    },
  });
}
