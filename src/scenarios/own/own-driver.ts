/**
 * Own driver: a driver that a user defines: another's lists, some of them replaced, with steps of its own.
 *
 * Policy: names are checked here and nothing of it is run; what a list does wrong is for the explorer to find.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import { driverNames, driverWith, quirkIds } from '../../actors/drivers.ts';
import { invariant } from '../../core/invariant.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  type ActEffect,
  hasEffect,
  isKnownStep,
  type KnownStep,
  OPERATION_STEPS,
  type OperationStep,
  type OwnSteps,
} from '../../machines/operation-steps.ts';
import { type BadInput, badInputAt, type Place } from '../bad-input.ts';
import {
  type FieldCheck,
  listOf,
  optionalField,
  printable,
  satisfying,
  sealedRecord,
} from '../field-check.ts';
import { noSuchName, unknownName } from '../known-names.ts';
import { checkedSteps, type StepDefinition } from './own-step.ts';

/** What a driver of your own is made of; what it leaves out is as in the driver it is like. */
export type DriverDefinition<Step extends string = string> = {
  /** A kebab-case word that no other driver is called. */
  readonly name: string;
  /** The driver whose unit it drives, and whose lists it has where it has none of its own; vtd unless told. */
  readonly like?: string;
  /** The steps of an operation, in order. */
  readonly operations?: {
    readonly [Name in OperationName]?: readonly (KnownStep | NoInfer<Step>)[];
  };
  /** What steps do that are not among the known ones, by their kebab-case names. */
  readonly steps?: { readonly [Name in Step]: StepDefinition };
  /** Known defects, by id, that it has too; `stormdrain quirks` lists them. */
  readonly quirks?: readonly string[];
};

/** A driver that `defineDriver` made and found to be whole. */
export class OwnDriver {
  readonly name: string;
  /** The driver it is like. */
  readonly like: string;
  readonly driver: Driver;
  /** What makes the same driver again, elsewhere: plain data. */
  readonly definition: DriverDefinition;

  constructor(like: string, driver: Driver, definition: DriverDefinition) {
    this.name = driver.name;
    this.like = like;
    this.driver = driver;
    this.definition = definition;
  }
}

const STEPS_MAX = 64;
const WORD = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const kebabWord: FieldCheck<string> = satisfying(
  'a kebab-case word, such as my-driver',
  (value): value is string => typeof value === 'string' && WORD.test(value),
);
const anything: FieldCheck<unknown> = (value) => ok(value);
const mapping = optionalField(
  satisfying(
    'a mapping',
    (value): value is object =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
);
const text: FieldCheck<string> = satisfying(
  'a name',
  (value): value is string => typeof value === 'string',
);

type Fields = {
  readonly name: string;
  readonly like: string;
  readonly operations: object | undefined;
  readonly steps: object | undefined;
  readonly quirks: readonly string[];
};

const fields = sealedRecord<Fields>(
  {
    name: kebabWord,
    like: text,
    operations: mapping,
    steps: mapping,
    quirks: listOf(text, quirkIds.length),
  },
  { like: 'vtd', quirks: [] },
);

/** The driver, or the first mistake in its definition. */
export function ownDriver(definition: unknown): Result<OwnDriver, BadInput> {
  const place = placeOf('definition of driver', definition);
  const read = fields(definition, []);
  if (!read.ok) return err(badInputAt(read.error, place));
  const { name, like, quirks, operations = {}, steps = {} } = read.value;
  const stranger =
    unknownName('driver', like, driverNames, place) ??
    quirks.map((id) => unknownName('quirk', id, quirkIds, place)).find((each) => each);
  if (stranger !== undefined) return err(stranger);
  if (driverNames.includes(name)) return refused(place, 'name', `none of ${driverNames}`, name);
  const base = driverWith(like, quirks);
  invariant(base.ok, `a known driver is not to be found: ${like}`);
  const ownSteps = checkedSteps(steps, place);
  if (!ownSteps.ok) return ownSteps;
  const lists: Partial<Record<OperationName, readonly OperationStep[]>> = {};
  for (const [operation, given] of Object.entries(operations)) {
    if (!isOperation(operation, base.value)) {
      return err(noSuchName('operation', operation, Object.keys(base.value.operations), place));
    }
    const list = checkedList(operation, given, Object.keys(ownSteps.value), place);
    if (!list.ok) return list;
    const idle = takesNothing(operation, list.value, ownSteps.value);
    if (idle !== undefined) {
      return refused(place, `operations.${operation}`, `a list with ${idle}`, 'a list without');
    }
    lists[operation] = list.value;
  }
  const driver = {
    ...base.value,
    name,
    operations: { ...base.value.operations, ...lists },
    ownSteps: ownSteps.value,
  };
  return ok(new OwnDriver(like, driver, plain({ ...read.value, operations, steps })));
}

/** All of it was checked: texts, lists and mappings. */
const plain = (definition: object): DriverDefinition => JSON.parse(JSON.stringify(definition));

const isOperation = (name: string, { operations }: Driver): name is OperationName =>
  Object.hasOwn(operations, name);

/** A detach that takes nothing away has nothing to be late for: every world would call it clean. */
function takesNothing(
  operation: OperationName,
  steps: readonly OperationStep[],
  own: OwnSteps,
): string | undefined {
  const has = (effect: ActEffect): boolean => steps.some((step) => hasEffect(step, own, effect));
  if (/^(detach|unbind)-/.test(operation)) {
    return has('eraseSlot') ? undefined : 'erase-slot, or a step of the same effect';
  }
  if (operation.startsWith('replace-')) {
    return has('replaceHandle') ? undefined : 'replace-handle, or a step of the same effect';
  }
  return undefined;
}

/** Every step has a row, none stands twice. */
function checkedList(
  operation: OperationName,
  given: unknown,
  own: readonly string[],
  place: Place,
): Result<readonly OperationStep[], BadInput> {
  const path = ['operations', operation];
  const list = listOf<unknown>(anything, STEPS_MAX)(given, path);
  if (!list.ok) return err(badInputAt(list.error, place));
  const steps: OperationStep[] = [];
  for (const [index, step] of list.value.entries()) {
    const named = text(step, [...path, index]);
    if (!named.ok) return err(badInputAt(named.error, place));
    if (!isKnownStep(named.value) && !own.includes(named.value)) {
      return err(noSuchName('step', named.value, [...Object.keys(OPERATION_STEPS), ...own], place));
    }
    if (steps.some((each) => each === named.value)) {
      const field = `operations.${operation}[${index}]`;
      return refused(place, field, 'a step that does not stand in the list before', named.value);
    }
    steps.push(named.value as OperationStep); // it has a row
  }
  return ok(steps);
}

export const refused = (place: Place, field: string, expected: string, got: string) =>
  err({ code: 'bad-field', place, field, expected, got } as const);

/** A definition is known by its name, if it has one. */
export function placeOf(
  kind: 'definition of driver' | 'definition of scenario',
  definition: unknown,
): Place {
  const name =
    typeof definition === 'object' && definition !== null && 'name' in definition
      ? definition.name
      : undefined;
  const named = typeof name === 'string' ? printable(name) : 'without a name';
  return { kind, file: named, line: undefined };
}
