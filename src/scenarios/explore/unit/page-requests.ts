/**
 * Page requests on their way back: who hears of an answer, of a page, of a group that was put together.
 */
import type { RequesterId } from '../../../core/ids.ts';
import { invariant } from '../../../core/invariant.ts';
import { RESPONSE_CODE } from '../../../core/page-request.ts';
import { sent } from '../../../explore/channel.ts';
import { type Call, call } from '../../../explore/wiring.ts';
import type { RequestRecord, ResponseRecord } from '../../../machines/page-request-queue.ts';
import { isStopMarker } from '../../../machines/page-request-thread-terms.ts';
import type { Kinds } from './kinds.ts';
import { breach } from './observers/judge.ts';
import type { Plan } from './plan-terms.ts';

/** A response on its way to its device, and the watch's note of it. */
export function responded(
  plan: Plan,
  { responses, watch, judge }: Kinds,
  { request, code }: ResponseRecord,
  bySoftware = true,
): readonly Call[] {
  if (isStopMarker(request)) {
    return [breach(judge, 'S2', 'a stop marker is answered')];
  }
  const group = plan.groupOf(request);
  const { prgEpoch, owner } = request;
  return [
    call(watch, group, {
      type: 'response.emitted',
      isSuccess: code === 'success',
      bySoftware,
      prgEpoch,
    }),
    ...(isIgnored(plan, request)
      ? []
      : [sent(responses, group, { type: 'response', code: onWire(plan, code), prgEpoch, owner })]),
  ];
}

const onWire = ({ driver }: Plan, code: ResponseRecord['code']): number =>
  code === 'failure' ? driver.traits.failureOnWire : RESPONSE_CODE[code];

/** A function that tells its groups apart by PASID knows none that a response without one is for. */
function isIgnored(plan: Plan, { rid, pasid }: RequestRecord): boolean {
  const device = plan.scenario.devices[deviceOf(plan, rid)];
  return (
    pasid !== undefined &&
    device?.needsPasidInResponse === true &&
    plan.driver.traits.pasidInResponse === 'of-function'
  );
}

/** A fault is handled in an address space, which ought to be its owner's. */
export function resolved(
  plan: Plan,
  { watch, judge, page }: Kinds,
  mm: number,
  request: RequestRecord,
): readonly Call[] {
  const installed = call(page, plan.pageNumber(mm, request.iovaPfn), { type: 'page.installed' });
  if (plan.spaceOf(request.owner) !== mm) {
    const sentence = 'a request is handled in an address space that did not own its PASID';
    return [breach(judge, 'S5', sentence), installed];
  }
  const number = plan.groupOf(request);
  const place = plan.groups[number]?.pages.indexOf(request.iovaPfn) ?? 0;
  const noted = { type: 'page.resolved', bit: 2 ** place, prgEpoch: request.prgEpoch } as const;
  return [call(watch, number, noted), installed];
}

/** S4: who was put together in one group. */
export const isMixed = (requests: readonly RequestRecord[]): boolean =>
  requests.some(
    ({ pasid, owner, prgEpoch }) =>
      pasid !== requests[0]?.pasid ||
      owner !== requests[0]?.owner ||
      prgEpoch !== requests[0]?.prgEpoch,
  );

/** The group is let go by its owner, and its memory with it. */
export const freed = ({ group, memory }: Kinds, of: number): readonly Call[] => [
  call(group, of, { type: 'group.freed' }),
  call(memory, 0, { type: 'slot.freed', group: of }),
];

export const deviceOf = ({ places }: Plan, rid: RequesterId): number => {
  const found = places.find((place) => place.rid === rid);
  invariant(found !== undefined, `no device has requester id ${rid}`);
  return found.device;
};
