/**
 * Validate file: reads a trace, picks the driver, and judges it.
 *
 * Effects: reads a file.
 * Policy:  a recorded storm is judged by the driver it names, anything else by Linux 7.3's, unless told otherwise.
 */
import { err, ok, type Result } from '../../core/result.ts';
import type { BadInput } from '../bad-input.ts';
import { type ToldDriver, toldDriver } from '../own/told-driver.ts';
import type { RecordingHeader } from '../recording-header.ts';
import type { Judgement } from './judgement.ts';
import { type ReadHooks, readTrace } from './read-trace.ts';
import { judgeTrace } from './trace-judge.ts';
import { unitOfTrace } from './trace-unit.ts';

/** Of a trace that does not tell whose it is. */
const CAPTURE_DRIVER = 'vtd@7.3';

export type Validation = {
  readonly driver: string;
  readonly quirks: readonly string[];
  /** Of a recorded storm. */
  readonly header: RecordingHeader | undefined;
  readonly interrupted: boolean;
  /** Undefined when interrupted. */
  readonly judgement: Judgement | undefined;
  readonly notes: readonly string[];
};

export async function validateFile(
  file: string,
  named: Omit<ToldDriver, 'driver'> & { readonly driver: string | undefined },
  hooks: ReadHooks,
): Promise<Result<Validation, BadInput>> {
  const wanted = toldDriver({ ...named, driver: named.driver ?? CAPTURE_DRIVER });
  if (!wanted.ok) return wanted;
  const read = await readTrace(file, hooks);
  if (!read.ok) return read;
  const { header, events, isCut, interrupted, notes } = read.value;
  const unit = unitOfTrace(events);
  const captured = unit === undefined ? CAPTURE_DRIVER : `${unit}@7.3`;
  const recorded: ToldDriver = header ?? { driver: captured, quirks: [] };
  const quirks = named.driver === undefined ? [...recorded.quirks, ...named.quirks] : named.quirks;
  const { driver: name, definition } =
    named.driver === undefined ? recorded : { ...named, driver: named.driver };
  const driver = toldDriver({ driver: name, quirks, definition });
  if (!driver.ok) return driver;
  if (unit !== undefined && unit !== driver.value.unit) {
    return err({ code: 'other-unit', file, unit, driver: name });
  }
  const found = { driver: name, quirks, header, interrupted };
  if (interrupted) return ok({ ...found, judgement: undefined, notes });
  const origin = { isStorm: header !== undefined, isComplete: header?.complete === true && !isCut };
  const judgement = judgeTrace(driver.value, events, origin);
  const cut = isCut && judgement.firstRejected === undefined;
  return ok({
    ...found,
    judgement: cut ? { ...judgement, limitedAt: events.at(-1)?.line ?? 0 } : judgement,
    notes: [...notes, ...judgement.notes],
  });
}
