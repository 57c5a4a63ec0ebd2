/**
 * Hesitant unit: a command unit that now and then executes nothing until its queue is full, and submitters wait.
 *
 * Actor: runs in the device thread, around the unit's own.
 * Units: milliseconds.
 */
import type { Occasions } from './misbehaviour.ts';
import { controlWord } from './role.ts';
import { CONTROL } from './storm-layout.ts';
import type { CommandUnit } from './unit-seams.ts';

/** Longest wait for a queue that doesn't fill: nobody may be left waiting for ever. */
const HELD_MILLISECONDS_MAX = 20;

export class HesitantUnit implements CommandUnit {
  readonly #unit: CommandUnit;
  readonly #occasions: Occasions;
  readonly #control: Int32Array;
  readonly #now: () => number;
  #heldSince: number | undefined;
  #refusals = 0;

  constructor(unit: CommandUnit, occasions: Occasions, control: Int32Array, now: () => number) {
    this.#unit = unit;
    this.#occasions = occasions;
    this.#control = control;
    this.#now = now;
  }

  ready(): boolean {
    return this.#unit.ready() && !this.#isHeld();
  }

  step(): number {
    if (!this.#unit.ready()) return 0;
    if (this.#heldSince === undefined && this.#occasions.next()) {
      this.#heldSince = this.#now();
      this.#refusals = this.#refused();
    }
    return this.#isHeld() ? 0 : this.#unit.step();
  }

  #isHeld(): boolean {
    if (this.#heldSince === undefined) return false;
    const isFull = this.#refused() !== this.#refusals;
    if (!isFull && this.#now() - this.#heldSince < HELD_MILLISECONDS_MAX) return true;
    this.#heldSince = undefined;
    return false;
  }

  #refused(): number {
    return Atomics.load(this.#control, controlWord(CONTROL.commandsRefused));
  }
}
