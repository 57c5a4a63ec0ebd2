/**
 * Told driver: a driver as plain data tells it to a thread, to another host, in a file: by the name of a bundled one,
 * or by the definition of a user's own.
 *
 * Policy: a definition is data. Whoever is told one runs the driver, and nothing of the module that defined it.
 */
import type { Driver } from '../../actors/driver.ts';
import { driverNames, driverWith, quirkIds, withQuirks } from '../../actors/drivers.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { type UnitKind, unitKindOf } from '../../workers/unit-kind.ts';
import { type BadInput, badInputSentence } from '../bad-input.ts';
import { badField, type FieldCheck } from '../field-check.ts';
import { noSuchName, unknownName } from '../known-names.ts';
import { type DriverDefinition, ownDriver } from './own-driver.ts';

export type ToldDriver = {
  readonly driver: string;
  readonly quirks: readonly string[];
  /** Of a driver that is not bundled. */
  readonly definition?: DriverDefinition | undefined;
};

/** The driver with its quirks on, or the first name nobody knows. */
export function toldDriver({ driver, quirks, definition }: ToldDriver): Result<Driver, BadInput> {
  const stranger = quirks
    .map((id) => unknownName('quirk', id, quirkIds))
    .find((fault) => fault !== undefined);
  if (stranger !== undefined) return err(stranger);
  if (definition !== undefined) {
    const own = ownDriver(definition);
    return own.ok ? ok(withQuirks(own.value.driver, quirks)) : own;
  }
  const bundled = driverWith(driver, quirks);
  return bundled.ok ? bundled : err(noSuchName('driver', driver, driverNames));
}

/** The unit it drives. Caller's duty: a name without a definition is that of a bundled driver. */
export const toldUnit = ({ driver, definition }: Omit<ToldDriver, 'quirks'>): UnitKind =>
  unitKindOf(definition?.like ?? driver);

/** What a file or another host says is the definition of a driver. */
export const checkDefinition: FieldCheck<DriverDefinition> = (value, path) => {
  const own = ownDriver(value);
  if (own.ok) return ok(own.value.definition);
  return badField(path, `what defineDriver takes (${badInputSentence(own.error)})`, value);
};
