/**
 * Command names: the device and PASID that a command of an AMD unit or an SMMU names.
 */
import type { AmdCommand } from '../../hw/amd/commands.ts';
import type { SmmuCommand } from '../../hw/smmuv3/commands.ts';

export type CommandNames = {
  /** Requester or stream id. */
  readonly rid: number | undefined;
  /** 0 for the function itself; undefined where the command is about none. */
  readonly pasid: number | undefined;
  /** It goes to the device's own TLB. */
  readonly hasAts: boolean;
};

const NOBODY: CommandNames = { rid: undefined, pasid: undefined, hasAts: false };

export function commandNames(command: AmdCommand | SmmuCommand): CommandNames {
  switch (command.kind) {
    case 'invalidate-pages':
      return { ...NOBODY, pasid: command.pasid ?? 0 };
    case 'invalidate-iotlb-pages':
      return { rid: command.device, pasid: command.pasid ?? 0, hasAts: true };
    case 'invalidate-device-entry':
      return { ...NOBODY, rid: command.device, pasid: 0 };
    case 'invalidate-configuration':
      return { ...NOBODY, rid: command.stream, pasid: command.ssid };
    case 'invalidate-atc':
      return { rid: command.stream, pasid: command.pasid ?? 0, hasAts: true };
    default:
      return NOBODY;
  }
}
