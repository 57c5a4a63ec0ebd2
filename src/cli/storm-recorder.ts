/**
 * Storm recorder: keeps a storm's first events and writes them where `--record` says.
 *
 * Effects: writes a file, and finds out before the storm whether it can be written.
 */
import { err, ok, type Result } from '../core/result.ts';
import type { BadInput } from '../scenarios/bad-input.ts';
import type { OwnDriver } from '../scenarios/own/own-driver.ts';
import { PartFile, unwritable } from '../scenarios/part-file.ts';
import { stormLogBytes } from '../scenarios/storm-log.ts';
import { recordingHeader, stormRecordingText } from '../scenarios/storm-recording.ts';
import type { StormHooks, StormPlan } from '../workers/storm-plan.ts';

/** What the name of a binary log ends in; anything else is text. */
const BINARY = '.sdl';

export type StormRecorder = {
  /** What the storm is handed besides its other hooks. */
  readonly hooks: Pick<StormHooks, 'recorded'>;
  /** Writes what was recorded; leaves nothing behind when the storm told nothing. */
  readonly end: () => Promise<Result<undefined, BadInput>>;
};

export async function stormRecorder(
  file: string | undefined,
  plan: StormPlan,
  own?: OwnDriver,
): Promise<Result<StormRecorder, BadInput>> {
  if (file === undefined) return ok({ hooks: {}, end: async () => ok(undefined) });
  const opened = await PartFile.open(file);
  if (!opened.ok) return opened;
  const part = opened.value;
  let recorded: string | Buffer | undefined;
  return ok({
    hooks: {
      recorded: (events) => {
        const header = recordingHeader(plan, events, own);
        recorded = file.endsWith(BINARY)
          ? stormLogBytes(header, events)
          : stormRecordingText(header, events);
      },
    },
    end: async () => {
      try {
        if (recorded === undefined) {
          await part.abandon();
          return ok(undefined);
        }
        await part.write(recorded);
        return await part.finish();
      } catch (error) {
        await part.abandon();
        return err(unwritable(file, error));
      }
    },
  });
}
