/**
 * Named races: which races of the catalogue a necessary pair, or a needed step, stands for.
 *
 * A race's quirks edit lists. Whatever list they are meant for, the edit is made to the list in question: the pairs that
 * it turns round and the steps that it takes away are what the race is about.
 */
import type { Driver, OperationName } from '../../actors/driver.ts';
import { QUIRKS } from '../../actors/quirks.ts';
import type { OperationStep } from '../../machines/operation-steps.ts';
import { RACES } from '../races/catalogue.ts';
import { quirksOf } from '../races/race.ts';
import { plainStep } from './plain-step.ts';

export type ListEdit = {
  readonly race: string;
  /** Plain steps: a variant of a step is no other step. */
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** What each quirk of a race makes of a list, where it makes something of it. */
export function listEdits(driver: Driver, steps: readonly OperationStep[]): readonly ListEdit[] {
  const names = Object.keys(driver.operations) as readonly OperationName[]; // keys of the lists
  const everywhere: Driver = {
    ...driver,
    operations: Object.fromEntries(names.map((name) => [name, steps])) as Driver['operations'], // of the same keys
  };
  return RACES.flatMap((race) =>
    quirksOf(race).flatMap((id) => {
      const quirk = QUIRKS.find((each) => each.id === id);
      const edited = quirk === undefined ? [] : Object.values(quirk.edit(everywhere).operations);
      return (
        edited
          .map((after) => ({
            race: race.id,
            before: steps.map(plainStep),
            after: after.map(plainStep),
          }))
          // What takes the whole list away says nothing of any step.
          .filter(({ before, after }) => after.length > 0 && after.join() !== before.join())
      );
    }),
  );
}

const isBefore = (list: readonly string[], first: string, second: string): boolean =>
  list.includes(first) && list.includes(second) && list.indexOf(first) < list.indexOf(second);

/** Races one of whose edits turns the pair round. */
export const racesOfPair = (
  edits: readonly ListEdit[],
  first: OperationStep,
  second: OperationStep,
): readonly string[] =>
  racesOf(edits, ({ before, after }) => {
    const [one, other] = [plainStep(first), plainStep(second)];
    return isBefore(before, one, other) && isBefore(after, other, one);
  });

/** Races one of whose edits takes the step away. */
export const racesOfStep = (edits: readonly ListEdit[], step: OperationStep): readonly string[] =>
  racesOf(edits, ({ before, after }) => {
    const plain = plainStep(step);
    return before.includes(plain) && !after.includes(plain);
  });

const racesOf = (
  edits: readonly ListEdit[],
  isMeant: (edit: ListEdit) => boolean,
): readonly string[] => [...new Set(edits.filter(isMeant).map(({ race }) => race))];
