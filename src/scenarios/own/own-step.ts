/**
 * Own step: what a step does that a user's driver brings along, in the words of the steps there are.
 *
 * Policy: an effect or question may be used if its part of the world is there without the step; what a flush or a drain
 *         notes for itself only a flush or a drain may ask for.
 */
import { err, ok, type Result } from '../../core/result.ts';
import {
  type ActEffect,
  type AwaitQuestion,
  isKnownStep,
  OPERATION_STEPS,
  type OwnSteps,
  type StepPart,
  type StepShape,
  type SubmitEffect,
} from '../../machines/operation-steps.ts';
import { type BadInput, badInputAt, type Place } from '../bad-input.ts';
import {
  exactly,
  type FieldCheck,
  type FieldPath,
  listOf,
  oneOf,
  optionalField,
  satisfying,
  sealedRecord,
} from '../field-check.ts';

/** What a step may ask. */
export type StepQuestion = Exclude<
  AwaitQuestion,
  'passIsComplete' | 'completionIsDone' | 'workQueueIsFlushed'
>;

/**
 * `part` says what block-entry passes by when it finds nothing to do: an entry that was already absent skips what
 * belongs to the `invalidation`, and to the `drain`; `any`, where nothing is said, is never passed by.
 */
export type StepDefinition =
  /** One critical section, its effects in order, entered once `waitsFor` is answered yes. */
  | {
      readonly kind: 'act';
      readonly effects: readonly (ActEffect | SubmitEffect)[];
      readonly waitsFor?: StepQuestion;
      readonly part?: StepPart;
    }
  /** Descriptors are submitted, then their completion is awaited. */
  | { readonly kind: 'invalidate'; readonly effect: SubmitEffect; readonly part?: StepPart }
  /** Waits until a question is answered yes; no, with `isNot`. */
  | {
      readonly kind: 'await';
      readonly question: StepQuestion;
      readonly isNot?: boolean;
      readonly part?: StepPart;
    }
  /** The operation ends here when the question is answered yes. */
  | { readonly kind: 'refuse'; readonly question: StepQuestion };

/** Whatever the known steps do in a critical section. */
const ACT_EFFECTS = Object.values<StepShape>(OPERATION_STEPS).flatMap((shape) =>
  shape.kind === 'act' ? shape.effects : [],
);
const SUBMIT_EFFECTS = [
  'submitContextInvalidation',
  'submitPasidCacheInvalidation',
  'submitIotlbInvalidation',
  'submitDeviceTlbInvalidation',
  'submitDrain',
] as const satisfies readonly SubmitEffect[];
const QUESTIONS = [
  'entryIsPresent',
  'entryOwesDrain',
  'reportingIsOff',
  'ringHasMine',
  'groupsAreFinished',
  'overflowIsSet',
  'releaseIsIdle',
  'threadIsIdle',
  'reportingIsSettled',
  'pasidsAreAttached',
  'attachmentIsUnlisted',
  'domainLockIsFree',
] as const satisfies readonly StepQuestion[];
const KINDS = ['act', 'invalidate', 'await', 'refuse'] as const;
const EFFECTS_MAX = 16;

const part = optionalField(oneOf(['any', 'invalidation', 'drain'] as const));
const effect = oneOf<ActEffect | SubmitEffect>([...new Set(ACT_EFFECTS), ...SUBMIT_EFFECTS]);
const yesOrNo: FieldCheck<boolean> = satisfying(
  'true or false',
  (value): value is boolean => typeof value === 'boolean',
);

const act = sealedRecord<Told<'act'>>({
  kind: exactly('act'),
  effects: listOf(effect, EFFECTS_MAX),
  waitsFor: optionalField(oneOf(QUESTIONS)),
  part,
});
const invalidate = sealedRecord<Told<'invalidate'>>({
  kind: exactly('invalidate'),
  effect: oneOf(SUBMIT_EFFECTS),
  part,
});
const awaiting = sealedRecord<Told<'await'>>({
  kind: exactly('await'),
  question: oneOf(QUESTIONS),
  isNot: optionalField(yesOrNo),
  part,
});
const refusing = sealedRecord<Told<'refuse'>>({
  kind: exactly('refuse'),
  question: oneOf(QUESTIONS),
});

/** Every field there, though perhaps undefined. */
type Told<Kind extends StepDefinition['kind']> = {
  readonly [Field in keyof Required<
    Extract<StepDefinition, { kind: Kind }>
  >]: Field extends keyof Extract<StepDefinition, { kind: Kind }>
    ? Extract<StepDefinition, { kind: Kind }>[Field]
    : never;
};

const step: FieldCheck<StepShape> = (value, path) => {
  const kind = kindOf(value, path);
  if (!kind.ok) return kind;
  switch (kind.value) {
    case 'act': {
      const told = act(value, path);
      if (!told.ok) return told;
      const { effects, waitsFor, part: of = 'any' } = told.value;
      return ok({ kind: 'act', effects, part: of, ...(waitsFor && { waitsFor }) });
    }
    case 'invalidate': {
      const told = invalidate(value, path);
      return told.ok ? ok({ ...told.value, part: told.value.part ?? 'any' }) : told;
    }
    case 'await': {
      const told = awaiting(value, path);
      if (!told.ok) return told;
      const { question, isNot = false, part: of = 'any' } = told.value;
      return ok({ kind: 'await', question, isNot, part: of });
    }
    case 'refuse': {
      const told = refusing(value, path);
      return told.ok ? ok({ ...told.value, part: 'any' }) : told;
    }
  }
};

const kindOf = (value: unknown, path: FieldPath) =>
  oneOf(KINDS)(
    typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined,
    [...path, 'kind'],
  );

/** Rows by name, or the first mistake in them. */
export function checkedSteps(steps: object, place: Place): Result<OwnSteps, BadInput> {
  const rows: Record<string, StepShape> = {};
  for (const [name, given] of Object.entries(steps)) {
    const path = ['steps', name];
    if (isKnownStep(name) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
      const expected = 'called by a kebab-case word that is no known step';
      return err({ code: 'bad-field', place, field: path.join('.'), expected, got: `"${name}"` });
    }
    const checked = step(given, path);
    if (!checked.ok) return err(badInputAt(checked.error, place));
    rows[name] = checked.value;
  }
  return ok(rows);
}
