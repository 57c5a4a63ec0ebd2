/**
 * What a group of functions shares: one slot for each PASID, whose rules keep attaches apart, and the way to the unit,
 * on which nobody looks at a PASID.
 */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';

import { destinationOf, isIsolated } from '../../../src/machines/fabric.ts';
import { groupAttachMachine } from '../../../src/machines/group-attach.ts';
import { GROUP_SCENARIOS } from '../../../src/scenarios/explore/groups/scenarios.ts';
import { outcomeOf } from './outcome-of.ts';
import { driverOf } from './unit-worlds.ts';

const worldOf = (name: string, ...quirks: readonly string[]) => {
  const found = GROUP_SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found.world(driverOf('vtd', quirks));
};

it.each(GROUP_SCENARIOS.map(({ name }) => name))(
  '%s is clean, and shows what it is for',
  (name) => {
    expect(outcomeOf(worldOf(name))).toMatchObject({ kind: 'complete', unseen: [] });
  },
);

describe('an attach to a PASID of a group', () => {
  /** What it does when its slot is free and the third member fails, or no member does. */
  const effectsOf = (
    asked: { readonly pasid: number | undefined; readonly pasidsMax: readonly number[] },
    fails = false,
    slotIsTaken = false,
  ): readonly string[] => {
    const done: string[] = [];
    const note =
      (type: string) =>
      (
        _: unknown,
        params: { readonly call: number; readonly member?: number; readonly errno?: unknown },
      ) =>
        void done.push(
          [type, params.member ?? params.errno].filter((each) => each !== undefined).join(' '),
        );
    const machine = groupAttachMachine.provide({
      actions: {
        reserveSlot: note('reserve'),
        programMember: note('program'),
        revertMember: note('revert'),
        publishHandle: note('publish'),
        releaseSlot: note('release'),
        return: note('return'),
      },
      guards: { slotIsTaken: () => slotIsTaken },
    });
    const input = { call: 0, mayFail: [2], keepsOnFailure: false, ...asked };
    const actor = createActor(machine, { input }).start();
    for (let step = 0; step < 12; step += 1) {
      actor.send({ type: fails && step === 2 ? 'member.failed' : 'step' });
    }
    return done;
  };

  it('reserves, switches every member that has PASIDs, and publishes', () => {
    expect(effectsOf({ pasid: 5, pasidsMax: [8, 0, 8] })).toEqual([
      'reserve',
      'program 0',
      'program 2',
      'publish',
      'return 0',
    ]);
  });

  it('puts back whoever switched before a member failed, and gives the slot back', () => {
    expect(effectsOf({ pasid: 5, pasidsMax: [8, 0, 8] }, true)).toEqual([
      'reserve',
      'program 0',
      'revert 0',
      'release',
      'return ENOMEM',
    ]);
  });

  it.each([
    ['a PASID too large for one that has any', { pasid: 8, pasidsMax: [16, 0, 8] }, 'EINVAL'],
    ['PASID 0', { pasid: 0, pasidsMax: [8] }, 'EINVAL'],
    ['the function of one of several', { pasid: undefined, pasidsMax: [8, 8] }, 'EINVAL'],
  ] as const)('refuses %s', (_what, asked, errno) => {
    expect(effectsOf(asked)).toEqual([`return ${errno}`]);
  });

  it('refuses a PASID that is taken, and takes the function of a group of one', () => {
    expect(effectsOf({ pasid: 5, pasidsMax: [8] }, false, true)).toEqual(['return EBUSY']);
    expect(effectsOf({ pasid: undefined, pasidsMax: [8] }).at(-1)).toBe('return 0');
  });

  it('that kept members on a domain whose attach failed would be seen', () => {
    expect(outcomeOf(worldOf('group-attach', 'failed-attach-kept'))).toMatchObject({
      kind: 'violated',
      violation: { property: 'S14' },
    });
  });
});

describe('a request with a PASID', () => {
  it.each(['peer-window', 'peer-window-turned-round'])(
    'for an address in a window of a peer goes to the peer, in %s, when PASIDs are enabled all the same',
    (name) => {
      expect(outcomeOf(worldOf(name, 'pasid-without-acs'))).toMatchObject({
        kind: 'violated',
        violation: { property: 'S25' },
      });
    },
  );

  it('reaches the unit where every bridge sends it up, checked or not', () => {
    const world = worldOf('peer-window-isolated', 'pasid-without-acs');
    expect(outcomeOf(world)).toMatchObject({ kind: 'complete', unseen: [] });
  });

  it('is routed by its address alone', () => {
    const up = { redirects: true, forwards: true };
    const windows = [{ first: 8, last: 9, at: 1 }];
    const shortcut = { redirects: false, forwards: true };
    expect(destinationOf({ path: [up, shortcut, up], windows }, 7)).toBe('unit');
    expect(destinationOf({ path: [up, shortcut, up], windows }, 8)).toBe('peer');
    expect(destinationOf({ path: [shortcut, up, up], windows }, 8)).toBe('unit');
    expect(isIsolated({ path: [shortcut, up, up], windows })).toBe(false);
  });
});
