/**
 * Replay: a recorded trace taken again in today's world, each step compared with what was recorded.
 *
 * Policy: strict ends at the first difference. Tolerant tells each and goes on: a step that can't be taken is left
 *         out, so that one sees how far a trace still holds in a model that has changed.
 */
import type { Result } from '../core/result.ts';
import type { Locals } from './careful-step.ts';
import { type Model, modelOf } from './model.ts';
import { plainText } from './plain-text.ts';
import { openStepFor, openSteps } from './recorded-choice.ts';
import { type RecordedSlot, recordedSlots } from './recorded-slot.ts';
import {
  DEADLOCK,
  DETERMINISM,
  type RecordedStep,
  type RecordedTrace,
  recordedStep,
} from './recorded-trace.ts';
import { type Refusal, unlessRefused } from './refusal.ts';
import { differenceLive } from './sampling/live-check.ts';
import { strandedFor } from './stranded.ts';
import { toldStep } from './told-step.ts';
import type { Violation } from './violation.ts';
import { wordsOf } from './words-of.ts';
import type { World } from './world.ts';
import { brokenIn, deadlockIn, violationsAfter } from './wrongness.ts';

export type Difference = {
  /** Number of the recorded step, from 1; that of the last one for how the trace ends. */
  readonly step: number;
  readonly sentence: string;
};

export type Replay = {
  /** Every step and the end were as recorded. */
  readonly matched: boolean;
  readonly differences: readonly Difference[];
  /** Everything there is, as it is before the first step. */
  readonly slots: readonly RecordedSlot[];
  /** The steps that were taken, as they are today. */
  readonly steps: readonly RecordedStep[];
  /** What is wrong in the end, today: what was recorded, if that is so still, else the first that is. */
  readonly violation: Violation | undefined;
};

/** `world` is that of the trace's scenario, driver and quirks. */
export function replayed(
  world: World,
  trace: RecordedTrace,
  isTolerant: boolean,
): Result<Replay, Refusal> {
  return unlessRefused(() => replay(world, modelOf(world), trace, isTolerant));
}

function replay(world: World, model: Model, trace: RecordedTrace, isTolerant: boolean): Replay {
  const differences: Difference[] = [];
  const steps: RecordedStep[] = [];
  const way: number[] = [];
  let locals = model.first;
  let seen: readonly Violation[] = [...model.firstViolations, ...brokenIn(model, locals)];
  const isOver = (): boolean => !isTolerant && differences.length > 0;

  for (const [index, recorded] of trace.steps.entries()) {
    if (isOver()) break;
    const differ = (sentence: string): void => {
      differences.push({ step: index + 1, sentence });
    };
    const open = openStepFor(model, locals, recorded);
    if (open === undefined) {
      differ(cantSentence(model, locals, recorded));
      continue;
    }
    const told = recordedStep(toldStep(model.cells, locals, open.choice, open.step));
    for (const sentence of differencesOf(recorded, told)) differ(sentence);
    steps.push(told);
    way.push(open.choice.number);
    locals = open.step.locals;
    seen = violationsAfter(model, open.step);
  }

  const end =
    trace.violation?.property === DETERMINISM
      ? otherWay(world, model, way)
      : endOf(model, locals, seen, trace.violation);
  const sentence = isOver() ? undefined : endSentence(trace.violation, end);
  if (sentence !== undefined) differences.push({ step: trace.steps.length, sentence });
  const violation = end === 'unknown' ? undefined : end;
  const slots = recordedSlots(model);
  return { matched: differences.length === 0, differences, slots, steps, violation };
}

function otherWay(world: World, model: Model, way: readonly number[]): Violation | undefined {
  const sentence = differenceLive(world, model, way);
  return sentence === undefined ? undefined : { slot: '', property: DETERMINISM, sentence };
}

/** What is wrong in the end; of several, what is expected. */
function endOf(
  model: Model,
  locals: Locals,
  seen: readonly Violation[],
  expected: Violation | undefined,
): Violation | 'unknown' | undefined {
  if (expected === undefined) return seen[0];
  const ahead =
    expected.property === DEADLOCK
      ? deadlockIn(model, locals)
      : strandedFor(model, locals, expected.property);
  const isExpected = ({ property, slot }: Violation): boolean =>
    property === expected.property && slot === expected.slot;
  return ahead ?? seen.find(isExpected) ?? seen[0];
}

function endSentence(
  expected: Violation | undefined,
  end: Violation | 'unknown' | undefined,
): string | undefined {
  if (end === 'unknown')
    return 'whether the goal can still be reached is not known: too much lies ahead';
  if (plainText(identityOf(expected)) === plainText(identityOf(end))) return undefined;
  const named = (one: Violation | undefined): string =>
    one === undefined ? 'nothing is violated' : `${one.property} is violated: ${one.sentence}`;
  return `in the end ${named(end)}; recorded was: ${named(expected)}`;
}

/** What a slot saw is compared with its step: that its sentence is worded otherwise today is no difference. */
const identityOf = (one: Violation | undefined): Violation | undefined =>
  one === undefined || one.slot === '' ? one : { ...one, sentence: '' };

function cantSentence(model: Model, locals: Locals, { actor, event }: RecordedStep): string {
  const open = openSteps(model, locals).map(({ choice, step }) => {
    const { type } = model.cells.eventOf(choice.slot, step.event);
    return `${choice.slot.name} (${wordsOf(type)})`;
  });
  const others =
    open.length === 0
      ? 'nothing is'
      : `open ${open.length === 1 ? 'is' : 'are'} ${open.join(', ')}`;
  return `${actor} can't take "${wordsOf(event.type)}" here; ${others}`;
}

/** How a step differs from the recorded one, a sentence each. */
function differencesOf(recorded: RecordedStep, told: RecordedStep): readonly string[] {
  const states = comparison(
    recorded.changes.map(({ slot, to }) => [slot, plainText(to)]),
    told.changes.map(({ slot, to }) => [slot, plainText(to)]),
  );
  const fields = comparison(
    recorded.fields.map(({ slot, field, to }) => [`${slot}.${field}`, to]),
    told.fields.map(({ slot, field, to }) => [`${slot}.${field}`, to]),
  );
  const effectsOf = ({ effects }: RecordedStep): string =>
    effects.map(({ slot, type, params }) => `${slot} ${type} ${plainText(params)}`).join(', ');
  const [before, now] = [effectsOf(recorded), effectsOf(told)];
  const effects = before === now ? [] : [`its effects are [${now}]; recorded were [${before}]`];
  const callsOf = ({ calls }: RecordedStep): string | undefined =>
    calls?.map(({ from, to, event }) => `${from} to ${to} ${plainText(event)}`).join(', ');
  const [called, calls] = [callsOf(recorded), callsOf(told)];
  // Traces of earlier versions tell no calls; and with other effects, other calls are no news.
  const isCalled = called === undefined || called === calls || effects.length > 0;
  const sent = isCalled ? [] : [`its calls are [${calls}]; recorded were [${called}]`];
  return [...states, ...fields, ...effects, ...sent];
}

type Named = readonly (readonly [name: string, value: string])[];

function comparison(recorded: Named, told: Named): readonly string[] {
  const now = new Map(told);
  const before = new Map(recorded);
  const names = [...new Set([...before.keys(), ...now.keys()])];
  return names
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => {
      const shown = now.get(name);
      const kept = before.get(name);
      if (shown === undefined) return `${name} no longer becomes ${kept}`;
      return kept === undefined
        ? `${name} becomes ${shown}; recorded was no change`
        : `${name} becomes ${shown}; recorded was ${kept}`;
    });
}
