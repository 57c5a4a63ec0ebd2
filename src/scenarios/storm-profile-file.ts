/**
 * The reader of storm profiles: YAML or JSON in, a checked profile or the first mistake out.
 *
 * Effects: reads a file.
 */
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { type BadInput, badInputAt, type Place } from './bad-input.ts';
import { boundedText } from './bounded-text.ts';
import { badField, type FieldPath, sealedRecord } from './field-check.ts';
import { type KnownNames, unknownName } from './known-names.ts';
import { locateDocument } from './located-document.ts';
import {
  STORM_PROFILE_CHECKS,
  STORM_PROFILE_DEFAULTS,
  type StormProfile,
} from './storm-profile.ts';

const PROFILE_BYTES_MAX = 65_536;
/** How long a storm lasts that is told neither a duration nor a number of groups. */
const DURATION_DEFAULT_SECONDS = 5;

/** Reads the profile in `file`. */
export async function readStormProfile(
  file: string,
  known: KnownNames,
): Promise<Result<StormProfile, BadInput>> {
  const text = await boundedText('storm profile', file, PROFILE_BYTES_MAX, 'a profile');
  return text.ok ? parseStormProfile(text.value, file, known) : text;
}

/** Checks the text of a profile; `file` names it in errors and anchors its relative paths. */
export function parseStormProfile(
  text: string,
  file: string,
  known: KnownNames,
): Result<StormProfile, BadInput> {
  const kind = 'storm profile';
  const document = locateDocument(kind, file, text);
  if (!document.ok) return document;
  const { value, lineOf } = document.value;
  const at = (path: FieldPath): Place => ({ kind, file, line: lineOf(path) });

  const fallbacks = { ...STORM_PROFILE_DEFAULTS, name: basename(file, extname(file)) };
  const checked = sealedRecord<StormProfile>(STORM_PROFILE_CHECKS, fallbacks)(value, []);
  if (!checked.ok) return err(badInputAt(checked.error, at(checked.error.path)));

  const profile = checked.value;
  const { groups, durationSeconds } = profile;
  if (groups !== undefined && durationSeconds !== undefined) {
    const path = ['durationSeconds'];
    const fault = badField(path, 'left out where "groups" is given', durationSeconds).error;
    return err(badInputAt(fault, at(path)));
  }
  const stranger = unknownNameIn(profile, known, at);
  if (stranger !== undefined) return err(stranger);

  return ok({
    ...profile,
    durationSeconds:
      groups === undefined ? (durationSeconds ?? DURATION_DEFAULT_SECONDS) : undefined,
    processes: profile.processes.map((recording) =>
      isAbsolute(recording) ? recording : join(dirname(file), recording),
    ),
  });
}

/** The first driver or quirk nobody knows. */
function unknownNameIn(
  profile: StormProfile,
  known: KnownNames,
  at: (path: FieldPath) => Place,
): BadInput | undefined {
  const quirkFaults = profile.quirks.map((quirk, index) =>
    unknownName('quirk', quirk, known.quirks, at(['quirks', index])),
  );
  return (
    unknownName('driver', profile.driver, known.drivers, at(['driver'])) ??
    quirkFaults.find((fault) => fault !== undefined)
  );
}
