/**
 * Own scenario: a scenario that a user defines: devices, processes and threads around a unit, machines of the user's
 * own beside them, or such machines alone.
 */
import type { AnyMachineSnapshot } from 'xstate';
import { driverWith } from '../../actors/drivers.ts';
import { InvariantViolation, invariant } from '../../core/invariant.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { refusalSentence } from '../../explore/refusal.ts';
import { beginSearch } from '../../explore/search.ts';
import type { Read } from '../../explore/wiring.ts';
import type { World } from '../../explore/world.ts';
import { type BadInput, badInputAt, type Place } from '../bad-input.ts';
import { driversOfUnit, type ExploreScenario } from '../explore/explore-scenario.ts';
import { titleOf, unitExploreScenario } from '../explore/unit/explore-scenarios.ts';
import type { Kinds } from '../explore/unit/kinds.ts';
import type { Plan } from '../explore/unit/plan-terms.ts';
import type { AttachmentSpec, UnitScenario } from '../explore/unit/scenario.ts';
import { unitWorld } from '../explore/unit/world.ts';
import { type FieldCheck, record, satisfying } from '../field-check.ts';
import { checkedUnitScenario } from './checked-unit-scenario.ts';
import { kebabWord, placeOf, refused } from './own-driver.ts';

/** What must be true of machines, and how a trace shows them. */
export type Machines = Pick<World, 'parts' | 'before' | 'symmetry' | 'columns'> & {
  /** No state in which all reads of one hold is ever reached. */
  readonly never?: readonly Claim[];
  /** Wherever all of `whenever` hold, a state can still be reached in which all reads hold. */
  readonly eventually?: readonly (Claim & {
    readonly whenever: readonly Read[];
    /** Kinds of actors whose steps nobody may count on. */
    readonly without?: readonly string[];
  })[];
  /** A state in which all reads hold is reached at least once, or the search proves too little. */
  readonly sometimes?: readonly Claim[];
};

/** Something said of a state of the world: everything it reads is so. */
export type Claim = {
  /** A kebab-case word. */
  readonly id: string;
  readonly sentence: string;
  readonly reads: readonly Read[];
};

/** The machines of the unit that a scenario crosses, by the names of docs/library.md. */
export type Unit = Omit<Kinds, 'tasks' | 'taskKind' | 'judge' | 'watch'> & {
  /** Whether the operation at that place of a thread's list has returned. */
  returned(thread: string, operation: number): Read;
};

type Named = {
  /** A kebab-case word, by which command line and traces name it. */
  readonly name: string;
  /** What happens in it, for lists. */
  readonly sentence?: string;
};

/** Everything but devices may be left out. */
type UnitPart = Partial<Omit<UnitScenario, 'name' | 'sentence' | 'attachments'>> &
  Pick<UnitScenario, 'devices'> & {
    /** Without a PASID: the function itself. */
    readonly attachments?: readonly (Omit<AttachmentSpec, 'pasid'> & { readonly pasid?: number })[];
  };

/** What a scenario of your own is made of: devices at a unit, machines of your own, or both. */
export type ScenarioDefinition =
  | (Named & UnitPart & { readonly machines?: (unit: Unit) => Machines })
  | (Named & { readonly devices?: undefined; readonly machines: () => Machines });

/** A scenario that `defineScenario` made and found to be whole. */
export class OwnScenario {
  readonly name: string;
  readonly scenario: ExploreScenario;

  constructor(scenario: ExploreScenario) {
    this.name = scenario.name;
    this.scenario = scenario;
  }
}

type Maker = (unit: Unit) => Machines;

const maker: FieldCheck<Maker | undefined> = satisfying(
  'a function that returns { parts, … }',
  (value): value is Maker | undefined => value === undefined || typeof value === 'function',
);
const text: FieldCheck<string> = satisfying(
  'a text',
  (value): value is string => typeof value === 'string',
);
const heading = record<{ name: string; sentence: string; machines: Maker | undefined }>(
  { name: kebabWord, sentence: text, machines: maker },
  { sentence: '' },
);

/** The scenario, or the first mistake in its definition; its world is made once to find those of its machines. */
export function ownScenario(definition: unknown): Result<OwnScenario, BadInput> {
  const place = placeOf('definition of scenario', definition);
  const read = heading(definition, []);
  if (!read.ok) return err(badInputAt(read.error, place));
  const { name, sentence, machines } = read.value;
  // Checked to be a mapping above.
  const { machines: _, ...rest } = definition as { readonly machines: unknown };
  if ('devices' in rest && rest.devices !== undefined) {
    const unit = checkedUnitScenario({ sentence, ...rest }, place);
    if (!unit.ok) return unit;
    return tried(aroundUnit(unit.value, machines), place);
  }
  if (machines === undefined) {
    const expected = 'there, with "devices" or "machines" or both';
    return refused(place, 'devices', expected, 'nothing');
  }
  const stranger = Object.keys(rest).find((field) => field !== 'name' && field !== 'sentence');
  if (stranger !== undefined) {
    return err({ code: 'unknown-field', place, field: stranger, nearest: undefined });
  }
  const alone = machines as () => Machines; // there is no unit to tell it of
  const world = (): World => ({ name, ...joined(whole(alone())) });
  return tried({ name, title: titleOf(name), sentence, drivers: [], world }, place);
}

function aroundUnit(unit: UnitScenario, machines: Maker | undefined): ExploreScenario {
  const plain = unitExploreScenario(unit);
  if (machines === undefined) return plain;
  const { smaller: _, ...rest } = plain; // a smaller one might lack what the machines speak of
  return {
    ...rest,
    drivers: (unit.units ?? ['vtd']).flatMap(driversOfUnit),
    world: (driver) =>
      unitWorld(driver, unit, (plan, kinds) => joined(whole(machines(unitOf(plan, kinds))))),
  };
}

const unitOf = (plan: Plan, kinds: Kinds): Unit => ({
  ...kinds,
  returned: (thread, operation) => {
    const at = plan.scenario.threads.findIndex(({ name }) => name === thread);
    const task = plan.lasts[at]?.[operation];
    invariant(task !== undefined, `thread "${thread}" has no operation ${operation}`);
    const isOver = ({ status }: AnyMachineSnapshot): boolean => status === 'done';
    return [kinds.taskKind(task).name, 0, isOver];
  },
});

/** What a user's function returns. @throws Error in the words of its user. */
function whole(machines: Machines): Machines {
  const made: unknown = machines;
  if (made instanceof Promise)
    throw new Error('"machines" returns a promise, and may not be async');
  if (typeof made !== 'object' || made === null || !('parts' in made)) {
    throw new Error('"machines" returns no { parts: [ … ] }');
  }
  return machines;
}

const joined = ({ never, eventually, sometimes, ...rest }: Machines): Omit<World, 'name'> => ({
  ...rest,
  properties: (never ?? []).map(({ reads, ...claim }) => ({ ...claim, never: reads })),
  goals: (eventually ?? []).map(({ reads, ...claim }) => ({ ...claim, goal: reads })),
  sightings: sometimes ?? [],
});

/** Makes its world with the driver that is meant when none is named, and looks at its first state. */
function tried(scenario: ExploreScenario, place: Place): Result<OwnScenario, BadInput> {
  const [standard = 'vtd'] = scenario.drivers ?? [];
  const driver = driverWith(standard, []);
  invariant(driver.ok, `a known driver is not to be found: ${standard}`);
  const unusable = unusableWorld(() => scenario.world(driver.value));
  if (unusable === undefined) return ok(new OwnScenario(scenario));
  return err({ code: 'unusable-definition', place, reason: unusable });
}

/** Why nothing can be explored in a world; undefined: it can be begun. */
function unusableWorld(world: () => World): string | undefined {
  try {
    const begun = beginSearch(world());
    return begun.ok ? undefined : refusalSentence(begun.error);
  } catch (error) {
    // What a user's own functions throw is as much the definition's mistake as a slot that is not there.
    if (error instanceof InvariantViolation) return error.message;
    return `its machines can't be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}
