/**
 * Units by kind: the hardware that a storm's driver drives.
 */
import { hasAtsForStalls, type Misbehaviour } from '../../workers/misbehaviour.ts';
import type { StormMemory } from '../../workers/storm-memory.ts';
import type { FrameStore } from '../frame-store.ts';
import { amdHardware } from './amd-hardware.ts';
import type { LiveHardware } from './hardware.ts';
import { smmuHardware } from './smmuv3-hardware.ts';
import { vtdHardware } from './vtd-hardware.ts';

/** Takes its table frames from `frames`, which is not open yet. */
export function liveHardware(
  memory: StormMemory,
  frames: FrameStore,
  misbehaviour: Misbehaviour | undefined,
): LiveHardware {
  switch (memory.unit) {
    case 'vtd':
      return vtdHardware(memory, frames);
    case 'amd':
      return amdHardware(memory, frames);
    case 'smmuv3':
      return smmuHardware(memory, frames, (device) =>
        hasAtsForStalls(memory.unit, misbehaviour, device),
      );
  }
}
