/**
 * The import of a capture: one pass from a file of trace text to its load, a profile and an event trace.
 *
 * Effects: reads a file; writes two when it is given a folder.
 */
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../bad-input.ts';
import { printable } from '../field-check.ts';
import { isSystemError, unwritable } from '../part-file.ts';
import { type CaptureLoad, LoadKeeper } from './capture-load.ts';
import { type CapturedProfile, profileOf } from './capture-profile.ts';
import { type CaptureReading, readCapture } from './capture-reader.ts';
import { captureName, ImportFiles } from './import-files.ts';

export type CaptureImport = {
  readonly reading: CaptureReading;
  readonly load: CaptureLoad;
  /** Undefined when the capture has no load to offer. */
  readonly profile: CapturedProfile | undefined;
  /** What the profile can't say, and what to know of the capture; one sentence each. */
  readonly notes: readonly string[];
  /** Undefined when none was written. */
  readonly profileFile: string | undefined;
  readonly traceFile: string | undefined;
};

export type ImportHooks = {
  readonly signal: AbortSignal;
  /** Bytes of text read so far; called often. */
  readonly progress: (bytes: number) => void;
};

/** Reads `file`; writes into `folder` unless that is undefined, and nothing when interrupted. */
export async function importCapture(
  file: string,
  folder: string | undefined,
  { signal, progress }: ImportHooks,
): Promise<Result<CaptureImport, BadInput>> {
  const opened = folder === undefined ? undefined : await ImportFiles.open(folder, file);
  if (opened !== undefined && !opened.ok) return opened;
  const files = opened?.value;
  const keeper = new LoadKeeper();

  const reading = await readCapture(
    file,
    {
      event: (event) => {
        keeper.add(event);
        files?.event(event);
      },
      remark: (text) => files?.remark(text),
      batch: (bytes) => {
        progress(bytes);
        return files?.flush();
      },
    },
    signal,
  ).catch((error: unknown) => {
    // What the system refuses while a capture is read, it refuses the trace: reading has its own end.
    if (files === undefined || !isSystemError(error)) throw error;
    return err(unwritable(files.traceFile, error));
  });
  if (!reading.ok || reading.value.interrupted) await files?.abandon();
  if (!reading.ok) return reading;

  const load = keeper.read();
  const { profile, notes } = profileOf(captureName(file), load);
  const allNotes = [...notesOf(reading.value, load), ...notes];
  const isWritten = files !== undefined && !reading.value.interrupted;
  if (isWritten) {
    const finished = await files.finish(profile, remarksOf(file, load, allNotes));
    if (!finished.ok) return finished;
  }
  return ok({
    reading: reading.value,
    load,
    profile,
    notes: allNotes,
    profileFile: isWritten && profile !== undefined ? files.profileFile : undefined,
    traceFile: isWritten ? files.traceFile : undefined,
  });
}

function notesOf(reading: CaptureReading, load: CaptureLoad): readonly string[] {
  const notes: string[] = [];
  if (reading.brokenOff !== undefined) {
    notes.push(`the file breaks off (${reading.brokenOff}): what comes before counts`);
  }
  if (reading.lossPlaces > 0) {
    notes.push(
      `events that the recorder lost: ${reading.lost}, places where: ${reading.lossPlaces}`,
    );
  }
  if (load.missedReports > 0) {
    notes.push(`page requests missing from the numbering of the reports: ${load.missedReports}`);
  }
  return notes;
}

/** What the profile says of itself in its first lines. */
function remarksOf(file: string, load: CaptureLoad, notes: readonly string[]): readonly string[] {
  const { requests, complete, untraced } = load.groups;
  return [
    `The load of the kernel capture ${printable(captureName(file))}; page requests: ${requests}`,
    `groups seen whole: ${complete}, known by their answer alone: ${untraced}`,
    ...notes,
  ];
}
