/**
 * Start of a world of a unit: what has happened before the first step, as the calls that an attach makes.
 */
import { type Call, call } from '../../../explore/wiring.ts';
import { tagged } from './cache-tags.ts';
import { devicesAtStart } from './device-path.ts';
import { idCounted } from './dma.ts';
import { impliedFunctions, isReported } from './function-domain.ts';
import type { Kinds } from './kinds.ts';
import type { Plan } from './plan-terms.ts';

export const started = (plan: Plan, kinds: Kinds): readonly Call[] => [
  ...devicesAtStart(plan, kinds),
  ...impliedFunctions(plan).map((device) =>
    call(kinds.reporting, device, { type: 'reporting.enable' }),
  ),
  ...domainsAtStart(plan, kinds),
  ...plan.scenario.attachments.flatMap((_, attachment) => attachedAtStart(plan, kinds, attachment)),
  ...plan.scenario.processes.flatMap(({ isResident }, process) =>
    isResident === true ? residentAtStart(plan, kinds, process) : [],
  ),
];

const residentAtStart = (plan: Plan, { page }: Kinds, process: number): readonly Call[] =>
  Array.from({ length: plan.pagesMax }, (_, of) => of)
    .filter((of) => plan.isMapped(process, of))
    .map((of) => call(page, plan.pageNumber(process, of), { type: 'page.installed' }));

/** A domain that a bind of its own allocates does not exist yet; all others do. */
function domainsAtStart(plan: Plan, { domain, mm, notifier, holder }: Kinds): readonly Call[] {
  const { domains, processes } = plan.scenario;
  const bound = plan.tasks.flatMap(({ work }) => (work.kind === 'sva-bind' ? [work.process] : []));
  return domains.flatMap((of, number) => {
    if (of.kind !== 'sva') return [call(domain, number, { type: 'domain.allocate' })];
    const { process } = of;
    const isFirst = processes[process]?.succeeds === undefined;
    const pasid = { type: 'pasid.assigned', pasid: process + 1 } as const;
    if (bound.includes(process)) return [];
    return [
      call(domain, number, { type: 'domain.allocate' }),
      call(mm, process, pasid),
      call(mm, process, { type: 'structure.get' }),
      ...(notifier.inputs.length > 0
        ? [call(notifier, process, { type: 'notifier.register' })]
        : []),
      ...(holder.inputs.length > 0 && isFirst
        ? [call(holder, process, { type: 'pasid.allocated', process })]
        : []),
    ];
  });
}

function attachedAtStart(plan: Plan, kinds: Kinds, attachment: number): readonly Call[] {
  const { domain: of, device } = plan.scenario.attachments[attachment] ?? {};
  const { handle, domain, reporting, entry, slot, use, devPasid } = kinds;
  if (of === undefined || device === undefined) return [];
  const memory = plan.handles.findIndex(
    (each) => each.attachment === attachment && each.domain === of,
  );
  return [
    call(handle, memory, { type: 'handle.allocate' }),
    call(slot, attachment, { type: 'slot.reserve' }),
    call(domain, of, { type: 'user.attached' }),
    ...idCounted(plan, kinds, of, 'id.get'),
    ...tagged(plan, kinds, { attachment, domain: of }, 'cache-tag.assign'),
    ...(devPasid.inputs.length > 0
      ? [call(devPasid, plan.listPlace({ attachment, domain: of }), { type: 'dev-pasid.add' })]
      : []),
    ...(isReported(plan, { attachment, domain: of })
      ? [call(reporting, device, { type: 'reporting.enable' })]
      : []),
    call(entry, attachment, { type: 'entry.program', domain: of }),
    call(slot, attachment, { type: 'handle.publish', handle: memory }),
    call(use, attachment, { type: 'use.started' }),
  ];
}
