/**
 * Checked unit scenario: a user's scenario around a unit, its fields checked, and then what they refer to.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { GROUP_MODEL_PAGES_MAX, PRG_EPOCHS_MODEL_MAX } from '../../machines/device-group.ts';
import { type BadInput, badInputAt, type Place } from '../bad-input.ts';
import type {
  AttachmentSpec,
  DeviceSpec,
  GroupSpec,
  ProcessSpec,
  ThreadSpec,
  UnitName,
  UnitScenario,
} from '../explore/unit/scenario.ts';
import {
  type FieldCheck,
  listOf,
  oneOf,
  optionalField,
  satisfying,
  sealedRecord,
  textUpTo,
  wholeNumber,
} from '../field-check.ts';
import { kebabWord } from './own-driver.ts';
import { faultOfReferences } from './scenario-references.ts';
import { domainSpec, operationSpec } from './spec-checks.ts';

const PLACES_MAX = 64;
const PRG_INDEX_MAX = 511;
const PASID_MAX = 2 ** 20 - 1;
const PAGES_MAX = GROUP_MODEL_PAGES_MAX;
const NAME_MAX = 40;
const CAPACITY_MAX = 64;

/** As a checked record has it: every field there, though perhaps undefined. */
type Whole<Shape> = { readonly [Field in keyof Required<Shape>]: Shape[Field & keyof Shape] };

const yesOrNo: FieldCheck<boolean> = satisfying(
  'true or false',
  (value): value is boolean => typeof value === 'boolean',
);
const flag = optionalField(yesOrNo);
const place = wholeNumber(0, PLACES_MAX - 1);
const few = optionalField(wholeNumber(1, PAGES_MAX));

const group = sealedRecord<Whole<GroupSpec>>({
  attachment: place,
  prgIndex: optionalField(wholeNumber(0, PRG_INDEX_MAX)),
  pages: optionalField(listOf(wholeNumber(0, PAGES_MAX - 1), PAGES_MAX)),
  access: optionalField(oneOf(['read', 'write', 'privileged-write'] as const)),
  onlyFirstLast: flag,
  uses: optionalField(wholeNumber(1, PRG_EPOCHS_MODEL_MAX)),
  isRude: flag,
  mayCut: flag,
  sendsStopMarker: flag,
});
const device = sealedRecord<Whole<DeviceSpec>>({
  groups: listOf(present<GroupSpec>(group), PLACES_MAX),
  needsPasidInResponse: flag,
  credits: optionalField(wholeNumber(1, CAPACITY_MAX)),
});
const process = sealedRecord<Whole<ProcessSpec>>({
  pages: few,
  succeeds: optionalField(place),
  isResident: flag,
});
const attachment = sealedRecord<Whole<AttachmentSpec>>({
  device: place,
  pasid: optionalField(wholeNumber(1, PASID_MAX)),
  domain: optionalField(place),
});
const thread = sealedRecord<ThreadSpec>({
  name: textUpTo(NAME_MAX),
  operations: listOf(operationSpec, PLACES_MAX),
});

const scenario = sealedRecord<Whole<UnitScenario>>(
  {
    name: kebabWord,
    sentence: (value) => ok(String(value)),
    units: optionalField(listOf(oneOf<UnitName>(['vtd', 'amd', 'smmuv3']), 3)),
    devices: listOf(present<DeviceSpec>(device), PLACES_MAX),
    processes: listOf(present<ProcessSpec>(process), PLACES_MAX),
    domains: listOf(domainSpec, PLACES_MAX),
    attachments: listOf(withPasid(attachment), PLACES_MAX),
    threads: listOf(thread, PLACES_MAX),
    ringCapacity: optionalField(wholeNumber(1, CAPACITY_MAX)),
    workers: few,
    groupSlots: few,
    hasLink: flag,
    hasInvalidationQueue: flag,
    hasTranslations: flag,
    hasDma: flag,
    hasCacheTags: flag,
    hasAttachmentLists: flag,
    fetchesEntries: flag,
    answersDroppedLast: flag,
  },
  { processes: [], domains: [], attachments: [], threads: [] },
);

/** `definition` is a mapping with a name; what it says is checked field by field, then reference by reference. */
export function checkedUnitScenario(
  definition: unknown,
  of: Place,
): Result<UnitScenario, BadInput> {
  const read = present<UnitScenario>(scenario)(definition, []);
  if (!read.ok) return err(badInputAt(read.error, of));
  const fault = faultOfReferences(read.value);
  return fault === undefined
    ? read
    : err({ code: 'unusable-definition', place: of, reason: fault });
}

/** Leaves out what is undefined, so that a field left out stays out. */
function present<Shape extends object>(check: FieldCheck<Whole<Shape>>): FieldCheck<Shape> {
  return (value, path) => {
    const checked = check(value, path);
    if (!checked.ok) return checked;
    const given = Object.entries(checked.value).filter(([, each]) => each !== undefined);
    return ok(Object.fromEntries(given) as Shape); // the same, but for absent fields
  };
}

/** A place of the function itself says so with a PASID that is undefined. */
function withPasid(check: FieldCheck<Whole<AttachmentSpec>>): FieldCheck<AttachmentSpec> {
  return (value, path) => {
    const checked = check(value, path);
    if (!checked.ok) return checked;
    const { device: of, pasid, domain } = checked.value;
    return ok({ device: of, pasid, ...(domain === undefined ? {} : { domain }) });
  };
}
