/**
 * One machine alone: every effect is written down, every question answered from a table that a test may change
 * between events. An answer may look at the question's params.
 */
import {
  type AnyActor,
  type AnyStateMachine,
  createActor,
  type EventFromLogic,
  type InputFrom,
} from 'xstate';

import { InvariantViolation } from '../../../../src/core/invariant.ts';
import { isEffect } from '../../../../src/machines/wiring-types.ts';

export type Answer = boolean | ((params: unknown) => boolean);
export type Effect = { readonly type: string; readonly params: unknown };

/** Names of the guards that somebody else answers. */
export const questionsOf = (machine: AnyStateMachine): readonly string[] =>
  Object.entries(machine.implementations.guards)
    .filter(([, guard]) => typeof guard === 'function' && throwsUnwired(guard))
    .map(([name]) => name);

/** Names of the actions that somebody else performs. */
export const effectsOf = (machine: AnyStateMachine): readonly string[] =>
  Object.entries(machine.implementations.actions)
    .filter(([, body]) => isEffect(body))
    .map(([name]) => name);

function throwsUnwired(guard: CallableFunction): boolean {
  try {
    guard({ context: {}, event: {} });
  } catch (error) {
    return error instanceof InvariantViolation && error.message.includes('is not wired');
  }
  return false;
}

export class Recording<Machine extends AnyStateMachine> {
  readonly performed: Effect[] = [];
  readonly #answers: Record<string, Answer>;
  readonly #actor: AnyActor;

  constructor(machine: Machine, input: InputFrom<Machine>, answers: Record<string, Answer> = {}) {
    this.#answers = { ...answers };
    const provided = machine.provide({
      actions: Object.fromEntries(
        effectsOf(machine).map((type) => [
          type,
          (_: unknown, params: unknown) => void this.performed.push({ type, params }),
        ]),
      ),
      guards: Object.fromEntries(
        questionsOf(machine).map((name) => [
          name,
          (_: unknown, params: unknown) => {
            const answer = this.#answers[name] ?? false;
            return typeof answer === 'boolean' ? answer : answer(params);
          },
        ]),
      ),
    });
    this.#actor = createActor(provided as AnyStateMachine, { input }).start();
  }

  /** Changes what questions are answered from now on. */
  answer(answers: Record<string, Answer>): this {
    Object.assign(this.#answers, answers);
    return this;
  }

  send(...events: readonly EventFromLogic<Machine>[]): this {
    for (const event of events) this.#actor.send(event);
    return this;
  }

  /** Steps until it can't; at most `stepsMax` times, so that a spin shows. */
  steps(stepsMax = 100): this {
    for (let step = 0; step < stepsMax && this.can({ type: 'step' }); step += 1) {
      this.#actor.send({ type: 'step' });
    }
    return this;
  }

  can(event: { readonly type: string }): boolean {
    return this.#actor.getSnapshot().can(event);
  }

  /** Names of the effects so far, in order; `from` skips the earlier ones. */
  effects(from = 0): readonly string[] {
    return this.performed.slice(from).map(({ type }) => type);
  }

  paramsOf(effect: string): readonly unknown[] {
    return this.performed.filter(({ type }) => type === effect).map(({ params }) => params);
  }

  get value(): unknown {
    return this.#actor.getSnapshot().value;
  }
  get context(): unknown {
    return this.#actor.getSnapshot().context;
  }
  get isDone(): boolean {
    return this.#actor.getSnapshot().status === 'done';
  }
}
