/**
 * Refusal: why a machine or a wiring can't be explored, by the machine's id, the state's path and a feature's name.
 *
 * Policy: nothing is approximated. What tables can't hold exactly is refused, never skipped.
 */
import { err, ok, type Result } from '../core/result.ts';

export type RefusalCode =
  /** XState has it, tables haven't: invoke, after, history, a delayed raise, sending, spawning, inline code. */
  | 'unsupported-feature'
  /** An actor that answers every event would look as if every offered event were a step. */
  | 'bare-wildcard'
  | 'unwired-effect'
  | 'unwired-question'
  /** Asked after the transition was chosen, when a live run sees what this step has already changed. */
  | 'late-question'
  /** Asked inside a call, about somebody who is in the middle of the same step. */
  | 'question-about-caller'
  /** A call that comes back to one of its callers, which live waits in a mailbox. */
  | 'call-back'
  /** A live actor that reached its final state hears nothing; the pure function still answers. */
  | 'event-after-end'
  | 'out-of-bounds'
  /** A context field that varies and that `holds` does not name. */
  | 'undeclared-field'
  | 'machine-threw'
  /** Ids said to be alike are told apart by an input, a first state, the wiring, a property or a goal. */
  | 'not-alike';

export type Refusal = {
  readonly code: RefusalCode;
  readonly machine: string;
  /** Path of the state, dots between its parts; empty for the root. */
  readonly state: string;
  readonly feature: string;
};

export function refusalSentence({ code, machine, state, feature }: Refusal): string {
  const where = state === '' || state === '{}' ? machine : `${machine} in ${state}`;
  return `${where}: ${feature} (${code})${HINTS[code] ?? ''}`;
}

/** What to try, where one thing is likely. */
const HINTS: Partial<Readonly<Record<RefusalCode, string>>> = {
  'out-of-bounds': '; widen the bound that "holds" gives it, or guard what makes it grow',
  'undeclared-field': '; name it in "holds", with its bounds',
  'unwired-effect': '; say in "effects" whom it calls',
  'unwired-question': '; answer it in "asks"',
};

/** Carries a refusal out of the search; only this folder throws and catches it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusalSentence(refusal));
    this.refusal = refusal;
  }
}

/** What `run` returns, or the refusal it throws. */
export function unlessRefused<Value>(run: () => Value): Result<Value, Refusal> {
  try {
    return ok(run());
  } catch (error) {
    if (error instanceof Refused) return err(error.refusal);
    throw error;
  }
}
