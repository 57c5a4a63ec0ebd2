/**
 * The files an import makes: an event trace, written as the capture is read, and a storm profile.
 *
 * Effects: makes a folder, writes files.
 */
import { basename, extname, join } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../bad-input.ts';
import { makeFolder, PartFile, unwritable, writeWholeFile } from '../part-file.ts';
import { type RecordingHeader, readRecordingHeader } from '../recording-header.ts';
import type { CaptureEvent } from './capture-event.ts';
import { type CapturedProfile, profileText } from './capture-profile.ts';
import { eventTraceHeader, eventTraceLine } from './event-trace.ts';

/** `overflow` of `captures/overflow.txt.gz`. */
export function captureName(file: string): string {
  const unpacked = basename(file).replace(/\.gz$/i, '');
  return basename(unpacked, extname(unpacked)) || 'capture';
}

export class ImportFiles {
  readonly profileFile: string;
  readonly #trace: PartFile;
  readonly #from: string;
  /** Undefined until the first event: the header says what the file says of itself. */
  #lines: string[] | undefined;
  #storm: RecordingHeader | undefined;

  private constructor(profileFile: string, trace: PartFile, from: string) {
    this.profileFile = profileFile;
    this.#trace = trace;
    this.#from = from;
  }

  /** Makes the folder, and opens the trace in it. */
  static async open(folder: string, capture: string): Promise<Result<ImportFiles, BadInput>> {
    const name = captureName(capture);
    const made = await makeFolder(folder);
    if (!made.ok) return made;
    const trace = await PartFile.open(join(folder, `${name}.events.jsonl`));
    if (!trace.ok) return trace;
    return ok(new ImportFiles(join(folder, `${name}.yaml`), trace.value, basename(capture)));
  }

  get traceFile(): string {
    return this.#trace.file;
  }

  /** A line that is a remark; a recorded storm says in one what it is. */
  remark(text: string): void {
    const header = readRecordingHeader(text);
    if (header?.ok === true) this.#storm = header.value;
  }

  event(event: CaptureEvent): void {
    this.#begun().push(eventTraceLine(event));
  }

  /** Writes the events so far. @throws the system's error. */
  async flush(): Promise<void> {
    const text = this.#begun().join('');
    this.#lines = [];
    await this.#trace.write(text);
  }

  /** Gives the trace its name, and writes the profile if there is one. */
  async finish(
    profile: CapturedProfile | undefined,
    remarks: readonly string[],
  ): Promise<Result<undefined, BadInput>> {
    try {
      await this.flush();
      const finished = await this.#trace.finish();
      if (!finished.ok || profile === undefined) return finished;
      return await writeWholeFile(this.profileFile, profileText(profile, remarks));
    } catch (error) {
      return err(unwritable(this.traceFile, error));
    }
  }

  #begun(): string[] {
    this.#lines ??= [eventTraceHeader(this.#from, this.#storm)];
    return this.#lines;
  }

  abandon(): Promise<void> {
    return this.#trace.abandon();
  }
}
