/**
 * Fault queue part: what a fault queue does to its groups, in whatever world it stands.
 *
 * Kernel: drivers/iommu/io-pgfault.c, iommu_report_device_fault(), iopf_queue_remove_device().
 */
import type { SlotKind } from '../../../explore/slot-kind.ts';
import { type Call, call, unheard } from '../../../explore/wiring.ts';
import { object, type Part } from '../../../explore/world.ts';
import type { faultQueueMachine } from '../../../machines/fault-queue.ts';
import type { pageRequestGroupMachine } from '../../../machines/page-request-group.ts';
import type { RequestRecord } from '../../../machines/page-request-queue.ts';

/** `judged`: what is called besides when a group is put together of these requests. */
export function faultQueuePart(
  faultQueue: SlotKind<typeof faultQueueMachine>,
  group: SlotKind<typeof pageRequestGroupMachine>,
  judged: (requests: readonly RequestRecord[]) => readonly Call[] = () => [],
): Part {
  return object(faultQueue, {
    effects: {
      fillGroup: ({ group: of, param, requests, onStack }) => [
        call(group, of, { type: 'group.filled', param, requests, onStack }),
        ...judged(requests),
      ],
      answerAndFree: ({ groups, code }) =>
        groups.map((of) => call(group, of, { type: 'group.retired', code })),
      answerOnly: ({ groups, code }) =>
        groups.map((of) => call(group, of, { type: 'group.answered', code })),
      freePartials: unheard,
      freeParam: unheard,
      return: unheard,
      warn: unheard,
      ignore: unheard,
    },
  });
}
