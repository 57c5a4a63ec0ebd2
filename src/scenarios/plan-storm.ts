/**
 * A storm's plan: a checked profile, what the command line changes, and the recordings, in one.
 *
 * Effects: reads recordings.
 */
import { err, ok, type Result } from '../core/result.ts';
import {
  hasAtsForStalls,
  MEANINGS,
  MISBEHAVING_DEVICE,
  type Misbehaviour,
} from '../workers/misbehaviour.ts';
import type { ProcessScript, ScriptOperation, StormPlan } from '../workers/storm-plan.ts';
import { stormLayout } from '../workers/storm-sizes.ts';
import { unitKindOf } from '../workers/unit-kind.ts';
import { unitSizes } from '../workers/unit-sizes.ts';
import type { BadInput } from './bad-input.ts';
import type { Permissions, ProcessOperation } from './process-operation.ts';
import { type ProcessRecording, readProcessRecording } from './process-recording.ts';
import { creditsPerDevice, type StormProfile } from './storm-profile.ts';

/** What a command line may change; a field that is absent stays as the profile has it. */
export type StormOverrides = Partial<
  Pick<StormProfile, 'devices' | 'pasids' | 'workers' | 'rate' | 'driver'>
> & {
  /** Replaces the profile's end, whichever it is. */
  readonly end?:
    | { readonly kind: 'groups'; readonly groups: number }
    | { readonly kind: 'duration'; readonly durationSeconds: number };
  /** Switched on besides the profile's. */
  readonly quirks?: readonly string[];
  /** Recordings in place of the profile's. */
  readonly processes?: readonly string[];
};

/** The seed is the entry point's to choose. */
export async function planStorm(
  original: StormProfile,
  overrides: StormOverrides,
  seed: number,
): Promise<Result<StormPlan, BadInput>> {
  const profile = overridden(original, overrides);
  const credits = creditsPerDevice(profile);
  const conflict = conflictIn(profile, credits) ?? limitOf(profile) ?? pointlessIn(profile);
  if (conflict !== undefined) return err(conflict);

  const processes: ProcessScript[] = [];
  for (const file of profile.processes) {
    const recording = await readProcessRecording(file);
    if (!recording.ok) return recording;
    processes.push(processScript(recording.value));
  }
  const { groupPages, credits: _, ...rest } = profile;
  const plan: StormPlan = {
    ...rest,
    seed,
    groupPagesMin: Math.min(groupPages.min, credits),
    groupPagesMax: Math.min(groupPages.max, credits),
    groupPagesShares: groupPages.shares,
    creditsPerDevice: credits,
    processes,
  };
  if (stormLayout(plan) !== undefined) return ok(plan);
  const { name, devices, pasids } = plan;
  return err({ code: 'too-large', profile: name, devices, pasids });
}

function overridden(profile: StormProfile, overrides: StormOverrides): StormProfile {
  const { end, quirks = [], ...fields } = overrides;
  const changed = {
    ...profile,
    ...fields,
    quirks: [...new Set([...profile.quirks, ...quirks])],
  };
  switch (end?.kind) {
    case undefined:
      return changed;
    case 'groups':
      return { ...changed, groups: end.groups, durationSeconds: undefined };
    case 'duration':
      return { ...changed, groups: undefined, durationSeconds: end.durationSeconds };
  }
}

/** A group that can never be sent would stop its device for good. */
function conflictIn(profile: StormProfile, credits: number): BadInput | undefined {
  const field = 'groupPages.max';
  const value = profile.groupPages.max;
  // `fit` is a wish, not a number: the plan makes groups smaller instead.
  if (profile.credits !== 'fit' && value > credits) {
    return conflict(profile.name, field, value, '"credits"', credits);
  }
  if (value > profile.windowPages) {
    return conflict(profile.name, field, value, '"windowPages"', profile.windowPages);
  }
  return undefined;
}

/** What the unit's registers and tables cannot say. */
function limitOf({ name, driver, ...profile }: StormProfile): BadInput | undefined {
  const { ringEntriesMin, pasidsMax } = unitSizes(unitKindOf(driver));
  const { ringEntries, functionSwitchesPerSecond: switches } = profile;
  // Only there does a function need a domain of its own for its PASIDs.
  if (switches > 0 && unitKindOf(driver) !== 'amd') {
    const field = { field: 'functionSwitchesPerSecond', value: switches, limit: 0 } as const;
    return { code: 'driver-limit', profile: name, driver, bound: 'at most', ...field };
  }
  if (ringEntries < ringEntriesMin) {
    const field = { field: 'ringEntries', value: ringEntries, limit: ringEntriesMin } as const;
    return { code: 'driver-limit', profile: name, driver, bound: 'at least', ...field };
  }
  // Recorded processes have a PASID of their own on each device; PASID 0 is the function.
  const sharers = profile.processes.length > 0 ? profile.devices : 1;
  const most = Math.floor((pasidsMax - 1) / sharers);
  if (profile.pasids <= most) return undefined;
  const field = { field: 'pasids', value: profile.pasids, limit: most } as const;
  return { code: 'driver-limit', profile: name, driver, bound: 'at most', ...field };
}

/** Device 0 asks for nothing more, sooner or later. */
const ENDS_A_DEVICE: readonly Misbehaviour['how'][] = [
  'ignores-responses',
  'removed',
  'fails-groups',
];

/** A misbehaviour that the unit can't have, or that would never end. */
function pointlessIn({ name, driver, devices, misbehaviour }: StormProfile): BadInput | undefined {
  if (misbehaviour === undefined) return undefined;
  const { how, every } = misbehaviour;
  const { units, because } = MEANINGS[how];
  const unit = unitKindOf(driver);
  const pointless = (why: string, instead: string): BadInput => ({
    code: 'pointless-misbehaviour',
    profile: name,
    how,
    why,
    instead,
  });
  if (!units.includes(unit)) {
    return pointless(`with driver ${driver} ${because}`, `choose the driver ${units.join(' or ')}`);
  }
  if (ENDS_A_DEVICE.includes(how) && devices === 1) {
    return pointless('the only device would soon send nothing more', 'give it "devices": 2');
  }
  if (hasAtsForStalls(unit, misbehaviour, MISBEHAVING_DEVICE) && devices === 1) {
    return pointless('the only device reads what others have mapped', 'give it "devices": 2');
  }
  const isRetried = how === 'silent-device-tlb' || how === 'deaf-device-tlb';
  if (isRetried && unit === 'vtd' && every === 1) {
    return pointless('Linux would ask again for ever', 'let it be "every": 2');
  }
  return undefined;
}

const conflict = (
  profile: string,
  field: string,
  value: number,
  limitedBy: string,
  limit: number,
): BadInput => ({ code: 'conflicting-fields', profile, field, value, limitedBy, limit });

const processScript = (recording: ProcessRecording): ProcessScript => ({
  program: recording.program,
  operations: recording.operations.map(scriptOperation),
});

function scriptOperation(operation: ProcessOperation): ScriptOperation {
  const { kind } = operation;
  switch (kind) {
    case 'map':
    case 'protect': {
      const { pfn, pages, prot } = operation;
      return { kind, pfn, pages, bits: permissionBits(prot) };
    }
    case 'unmap':
      return { kind, pfn: operation.pfn, pages: operation.pages, bits: 0 };
    case 'touch':
      return { kind, pfn: operation.pfn, pages: 1, bits: permissionBits(operation.access) };
    case 'exit':
      return { kind, pfn: 0, pages: 0, bits: 0 };
  }
}

const permissionBits = ({ read, write, exec }: Permissions): number =>
  (read ? 1 : 0) | (write ? 2 : 0) | (exec ? 4 : 0);
