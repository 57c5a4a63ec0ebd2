/**
 * A mistake in a definition is one sentence that says what, where and what to try; what is well defined is run.
 */
import {
  actor,
  defineDriver,
  defineScenario,
  effect,
  explore,
  flags,
  object,
  offer,
  replay,
  StormdrainError,
  slots,
  storm,
  threads,
} from 'stormdrain';
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';

const ATTACHED = {
  devices: [{ groups: [{ attachment: 0 }] }],
  domains: [{ kind: 'paging', handlesFaults: true }],
  attachments: [{ device: 0, pasid: 1, domain: 0 }],
} as const;

/** As a module in JavaScript may call it. */
const driver = defineDriver as (definition: unknown) => unknown;
const scenario = defineScenario as (definition: unknown) => unknown;

const messageOf = (define: () => unknown): string => {
  try {
    define();
  } catch (error) {
    if (error instanceof StormdrainError) return error.message;
    throw error;
  }
  return 'nothing is wrong with it';
};

describe('a driver', () => {
  it.each([
    [
      undefined,
      'definition of driver without a name: it must be a mapping of fields, but is nothing',
    ],
    [{ name: 'Mine' }, 'definition of driver Mine: "name" must be a kebab-case word, such as my-'],
    [{ name: 'vtd' }, '"name" must be none of vtd,vtd@7.3'],
    [{ name: 'x', like: 'vdt' }, 'there is no driver "vdt"; did you mean "vtd"?'],
    [{ name: 'x', quirks: ['skip'] }, 'there is no quirk "skip"'],
    [{ name: 'x', operation: {} }, 'there is no field "operation"; did you mean "operations"?'],
    [{ name: 'x', operations: { detach: [] } }, 'there is no operation "detach"'],
    [
      { name: 'x', operations: { 'detach-rid': ['drain-rign'] } },
      'definition of driver x: there is no step "drain-rign"; did you mean "drain-ring"?',
    ],
    [
      { name: 'x', operations: { 'detach-rid': ['drain-ring', 'drain-ring'] } },
      '"operations.detach-rid[1]" must be a step that does not stand in the list before',
    ],
    [
      { name: 'x', operations: { 'unbind-sva': ['free-handle'] } },
      '"operations.unbind-sva" must be a list with erase-slot, or a step of the same effect, but is',
    ],
    [
      { name: 'x', steps: { 'drain-ring': { kind: 'act', effects: [] } } },
      '"steps.drain-ring" must be called by a kebab-case word that is no known step',
    ],
    [
      { name: 'x', steps: { mine: { kind: 'act', effects: ['eraseSlots'] } } },
      '"steps.mine.effects[0]" must be one of allocateHandle,',
    ],
    [
      { name: 'x', steps: { mine: { kind: 'await', question: 'passIsComplete' } } },
      '"steps.mine.question" must be one of entryIsPresent,',
    ],
  ])('%j is refused', (definition, sentence) => {
    expect(messageOf(() => driver(definition))).toContain(sentence);
  });

  it('has the lists of the one it is like where it has none of its own', () => {
    const mine = defineDriver({ name: 'mine', like: 'amd', operations: { 'mm-invalidate': [] } });
    expect(mine.driver.operations['mm-invalidate']).toEqual([]);
    expect(mine.driver.operations['unbind-sva']).toContain('synchronize-thread');
  });
});

/** Erases the slot while the group is still in the ring, in a step that no other driver has. */
const early = defineDriver({
  name: 'early',
  steps: {
    'forget-and-wait': { kind: 'act', effects: ['eraseSlot', 'answerInvalid'] },
    'ring-has-none': { kind: 'await', question: 'ringHasMine', isNot: true, part: 'drain' },
    'submit-all': {
      kind: 'act',
      effects: ['submitPasidCacheInvalidation', 'submitIotlbInvalidation'],
      part: 'invalidation',
    },
  },
  operations: {
    'unbind-sva': [
      'await-release',
      'block-entry-owing-drain',
      'submit-all',
      'invalidate-device-tlb',
      'zero-entry',
      'ring-has-none',
      'drain-ring',
      'flush-workqueue',
      'drain-hardware',
      'drop-reporting',
      'await-reporting',
      'untrack-pasid',
      'forget-and-wait',
      'discard-partials',
      'put-domain',
      'free-handle',
    ],
  },
});

describe('steps of its own', () => {
  it('are run as they say, in the explorer', async () => {
    const result = await explore('unbind-live', { driver: early });
    expect(result).toMatchObject({ driver: 'early', complete: true, violation: null });
  });

  it('are told apart from others by what they do: an undrained erasure is an undrained detach', async () => {
    const { 'unbind-sva': steps } = early.driver.operations;
    const hasty = defineDriver({
      name: 'hasty',
      steps: { forget: { kind: 'act', effects: ['eraseSlot'] } },
      operations: {
        'unbind-sva': steps
          .filter((step) => !/drain-|flush|none|forget|submit/.test(step))
          .flatMap((step) => (step === 'put-domain' ? ['forget', step] : [step])) as [],
      },
    });
    const result = await explore('unbind-live', { driver: hasty });
    expect(result.violation?.property).toBe('S6');
  });
});

describe('a scenario', () => {
  const of = (more: object): string =>
    messageOf(() => scenario({ name: 'x', ...ATTACHED, ...more }));
  const told = (...operations: readonly object[]): string =>
    of({ threads: [{ name: 'one', operations }] });

  it.each([
    [of({ sentense: '' }), 'there is no field "sentense"; did you mean "sentence"?'],
    [of({ units: ['arm'] }), '"units[0]" must be one of vtd, amd, smmuv3, but is "arm"'],
    [
      of({ attachments: [{ device: 1, pasid: 1 }] }),
      'attachments[0].device is 1, but there is 1 device',
    ],
    [
      of({ domains: [{ kind: 'sva', process: 0 }] }),
      'domains[0].process is 0, but there are 0 processes',
    ],
    [of({ processes: [{}] }), "process 0 needs one domain { kind: 'sva', process: 0 }"],
    [
      of({ devices: [{ groups: [{ attachment: 3 }] }] }),
      'groups[0].attachment is 3, but there is 1',
    ],
    [told({ kind: 'detach' }), '"threads[0].operations[0].kind" must be one of stop-use,'],
    [told({ kind: 'detach-rid', attachment: 0 }), "detach-rid: attachment 0 is a PASID's"],
    [
      told({ kind: 'attach-pasid', attachment: 0, domain: 0 }),
      'attach-pasid: something is attached to attachment 0 by then',
    ],
    [
      told({ kind: 'detach-pasid', attachment: 0 }, { kind: 'detach-pasid', attachment: 0 }),
      'threads[0].operations[1], detach-pasid: nothing is attached to attachment 0 by then',
    ],
  ])('%s', (message, sentence) => {
    expect(message).toContain(sentence);
    expect(message).toMatch(/^definition of scenario x: /);
  });

  it('of machines is refused at once when they can not be explored', () => {
    const clock = setup({ types: { events: {} as { type: 'step' } } }).createMachine({
      id: 'clock',
      initial: 'a',
      states: { a: { after: { 10: 'b' }, on: { step: 'b' } }, b: {} },
    });
    const machines = () => ({
      parts: [actor(slots('clock', clock), { takes: () => [offer({ type: 'step' })] })],
    });
    const message = messageOf(() => defineScenario({ name: 'x', machines }));
    expect(message).toContain('definition of scenario x: clock in a: after (unsupported-feature)');
  });

  it('of machines says which effect nobody carries out', () => {
    const shouter = setup({ actions: { shout: effect() } }).createMachine({
      id: 'shouter',
      on: { step: { actions: 'shout' } },
    });
    const machines = () => ({ parts: [object(slots('shouter', shouter))] });
    expect(messageOf(() => defineScenario({ name: 'x', machines }))).toContain(
      'shouter: effect shout (unwired-effect)',
    );
  });

  it("says what a user's own function throws", () => {
    const machines = () => {
      throw new TypeError('no such thing');
    };
    expect(messageOf(() => defineScenario({ name: 'x', machines }))).toContain('no such thing');
  });
});

describe('threads', () => {
  const world = (isHonest: boolean) => () => {
    const done = flags('done');
    const maker = threads('maker', [
      { step: 'make', does: () => (isHonest ? [done.set()] : []) },
      { step: 'rest' },
    ]);
    const user = threads('user', [{ step: 'use', when: () => [done.isSet()] }]);
    return { parts: [maker.part, user.part, done.part] };
  };

  it('that wait for ever are a deadlock, and those that do not are none', async () => {
    const fine = await explore(defineScenario({ name: 'fine', machines: world(true) }));
    expect(fine).toMatchObject({ complete: true, violation: null, driver: null });
    const stuck = await explore(defineScenario({ name: 'stuck', machines: world(false) }));
    expect(stuck.violation).toMatchObject({ property: 'deadlock' });
  });

  it('have steps of different names', () => {
    const twice = () => threads('t', [{ step: 'a' }, { step: 'a' }]);
    expect(messageOf(twice)).toContain('thread t has the step "a" twice');
  });
});

/** What a program in plain JavaScript may hand over. */
const ANYTHING = null as never;
/** One that holds itself, twice. */
const SELF: Record<string, unknown> = {};
Object.assign(SELF, { one: SELF, other: SELF });

describe('a bad option', () => {
  it.each([
    [() => explore('exit-unbin'), 'there is no scenario "exit-unbin"; did you mean "exit-unbind"?'],
    [() => explore('report', { maxStates: 0 }), 'options of explore report: "maxStates" must be a'],
    [() => explore('report', { driver: 'smmuv3' }), "can't be explored with smmuv3"],
    [
      () => explore('report', { properties: ['S26'] }),
      'nothing in the scenario report could break S26',
    ],
    [() => storm({ seconds: 1, groups: 1 }), 'seconds and groups exclude each other'],
    [() => storm({ driver: 'vdt' }), 'there is no driver "vdt"; did you mean "vtd"?'],
    [
      () => storm(ANYTHING),
      'options of storm: it must be a mapping of fields, but is nothing; see',
    ],
    [() => explore('report', ANYTHING), 'options of explore report: it must be a mapping'],
    [() => explore(ANYTHING), '"scenario" must be what defineScenario made, or the name of a'],
    [
      () => replay('x', ANYTHING),
      'options of replay: it must be a mapping of fields, but is nothing',
    ],
    [() => replay(ANYTHING), 'trace handed over: the whole file must be a mapping'],
    [
      () => replay(SELF as never),
      'trace handed over must hold a trace, but has brackets or lists in',
    ],
  ])('is one sentence', async (run, sentence) => {
    await expect(run()).rejects.toThrow(StormdrainError);
    await expect(run()).rejects.toThrow(sentence);
  });
});
