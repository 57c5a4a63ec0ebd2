/**
 * Validate file: reads a trace, picks the driver, and judges it.
 *
 * Effects: reads a file.
 * Policy:  a recorded storm is judged by the driver it names, anything else by Linux 7.3's, unless told otherwise.
 */

import type { Driver } from '../../actors/driver.ts';
import { driverWith } from '../../actors/drivers.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { unitKindOf } from '../../workers/unit-kind.ts';
import type { BadInput } from '../bad-input.ts';
import { type KnownNames, noSuchName } from '../known-names.ts';
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
  named: { readonly driver: string | undefined; readonly quirks: readonly string[] },
  known: KnownNames,
  hooks: ReadHooks,
): Promise<Result<Validation, BadInput>> {
  const wanted = driverOf(named.driver ?? CAPTURE_DRIVER, named.quirks, known);
  if (!wanted.ok) return wanted;
  const read = await readTrace(file, hooks);
  if (!read.ok) return read;
  const { header, events, isCut, interrupted, notes } = read.value;
  const unit = unitOfTrace(events);
  const captured = unit === undefined ? CAPTURE_DRIVER : `${unit}@7.3`;
  const name = named.driver ?? header?.driver ?? captured;
  const quirks =
    named.driver === undefined ? [...(header?.quirks ?? []), ...named.quirks] : named.quirks;
  const driver = driverOf(name, quirks, known);
  if (!driver.ok) return driver;
  if (unit !== undefined && unit !== unitKindOf(name)) {
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

function driverOf(
  name: string,
  quirks: readonly string[],
  known: KnownNames,
): Result<Driver, BadInput> {
  const driver = driverWith(name, quirks);
  if (!driver.ok) {
    return err(
      driver.error.code === 'unknown-driver'
        ? noSuchName('driver', name, known.drivers)
        : noSuchName('quirk', driver.error.id, known.quirks),
    );
  }
  return ok(driver.value);
}
