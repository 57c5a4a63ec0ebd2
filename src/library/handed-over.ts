/** Handed over: checks of what a program, which may be plain JavaScript, gives besides plain data. */
import { type FieldCheck, satisfying } from '../scenarios/field-check.ts';
import { OwnDriver } from '../scenarios/own/own-driver.ts';
import { OwnScenario } from '../scenarios/own/own-scenario.ts';

/** One that was made, or a bundled one by name. */
export const ofDriver: FieldCheck<OwnDriver | string> = satisfying(
  'what defineDriver made, or the name of a driver',
  (value): value is OwnDriver | string => value instanceof OwnDriver || typeof value === 'string',
);

/** One that was made, or a bundled one by name. */
export const ofScenario: FieldCheck<OwnScenario | string> = satisfying(
  'what defineScenario made, or the name of a scenario',
  (value): value is OwnScenario | string =>
    value instanceof OwnScenario || typeof value === 'string',
);

export const ofOwnDriver: FieldCheck<OwnDriver> = satisfying(
  'what defineDriver made',
  (value): value is OwnDriver => value instanceof OwnDriver,
);

export const ofOwnScenario: FieldCheck<OwnScenario> = satisfying(
  'what defineScenario made',
  (value): value is OwnScenario => value instanceof OwnScenario,
);

export const ofSignal: FieldCheck<AbortSignal> = satisfying(
  'an AbortSignal',
  (value): value is AbortSignal => value instanceof AbortSignal,
);
