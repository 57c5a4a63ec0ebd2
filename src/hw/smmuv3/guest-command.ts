/**
 * Guest command: the 16 bytes of an invalidation that a guest asks its vIOMMU for, as the kernel makes it its own.
 *
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3-iommufd.c, arm_vsmmu_convert_user_cmd().
 * Spec:   Arm SMMU Architecture Specification, version 3, "Commands"; what a guest may say is the kernel's rule.
 */
import { err, ok, type Result } from '../../core/result.ts';
import { decodeCommand } from './command-decoding.ts';
import { encodeCommand, type SmmuCommand } from './commands.ts';

export const GUEST_COMMAND_BYTES = 16;
/** Of everything, in an ATC_INV. */
const ATC_ORDER_MAX = 52;

/** What a guest may invalidate; the first stages of all guests are those of this one. */
const TLB_OF = ['nsnh-all', 'nh-va', 'nh-vaa', 'nh-all', 'nh-asid'];
const CONFIGURATION_OF = ['context-descriptor', 'context-descriptors'];

/** EIO each: a command that is not the guest's, bits that are nobody's, a stream that it doesn't have. */
export type GuestCommandError = {
  readonly code: 'foreign-command' | 'reserved-bits' | 'unknown-stream';
};

export type Guest = {
  /** Of the parent's second stage. */
  readonly vmid: number;
  /** The stream behind the guest's number of it. */
  readonly streamOf: (virtual: number) => number | undefined;
};

export function guestCommandOf(
  bytes: DataView,
  offset: number,
  guest: Guest,
): Result<SmmuCommand, GuestCommandError> {
  const decoded = decodeCommand(bytes, offset);
  if (!decoded.ok) return err({ code: 'foreign-command' });
  const command = decoded.value;
  if (saysMore(bytes, offset, command)) return err({ code: 'reserved-bits' });
  switch (command.kind) {
    case 'invalidate-tlb': {
      if (!TLB_OF.includes(command.of)) return err({ code: 'foreign-command' });
      const of = command.of === 'nsnh-all' ? 'nh-all' : command.of;
      return ok({ ...command, of, vmid: guest.vmid });
    }
    case 'invalidate-configuration':
      if (!CONFIGURATION_OF.includes(command.of)) return err({ code: 'foreign-command' });
      return ofStream(command, guest);
    case 'invalidate-atc':
      if (command.order > ATC_ORDER_MAX) return err({ code: 'foreign-command' });
      return ofStream(command, guest);
    default:
      return err({ code: 'foreign-command' });
  }
}

function ofStream<Command extends SmmuCommand & { readonly stream: number }>(
  command: Command,
  { streamOf }: Guest,
): Result<Command, GuestCommandError> {
  const stream = streamOf(command.stream);
  return stream === undefined ? err({ code: 'unknown-stream' }) : ok({ ...command, stream });
}

/** Whether the bytes hold anything besides what was understood. */
function saysMore(bytes: DataView, offset: number, command: SmmuCommand): boolean {
  const image = new DataView(new ArrayBuffer(GUEST_COMMAND_BYTES));
  encodeCommand(image, 0, command);
  return Array.from({ length: GUEST_COMMAND_BYTES }, (_, at) => at).some(
    (at) => image.getUint8(at) !== bytes.getUint8(offset + at),
  );
}
