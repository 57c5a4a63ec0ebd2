/**
 * Memory: translations, tables, address spaces and numbers that outlive what they stand for (S9, S11, S14, S22).
 */
import { where } from '../../../../explore/wiring.ts';
import type { Property } from '../../../../explore/world.ts';
import type { Kinds } from '../kinds.ts';
import type { Plan } from '../plan-terms.ts';
import { isOver } from './places.ts';

export const memoryProperties = (plan: Plan, kinds: Kinds): readonly Property[] => [
  ...staleTranslations(plan, kinds),
  ...reusedNumbers(plan, kinds),
  ...freedTables(plan, kinds),
  ...deadAddressSpaces(plan, kinds),
  ...staleCaches(plan, kinds),
  ...unmappedPages(plan, kinds),
];

const staleTranslations = (plan: Plan, { translation, page }: Kinds): readonly Property[] =>
  translation.inputs.map((_, index) => {
    const { domain } = plan.scenario.attachments[Math.floor(index / plan.pagesMax)] ?? {};
    const space = plan.spaceOf(domain ?? 0);
    return {
      id: 'S9',
      sentence: 'a device keeps the translation of a page that has gone back to the allocator',
      never: [
        where(translation, index, ({ value }) => value === 'cached'),
        where(
          page,
          plan.pageNumber(space, index % plan.pagesMax),
          ({ value }) => value === 'freed',
        ),
      ],
    };
  });

/** S11: the successor has the PASID, and an entry still carries the predecessor's address space. */
function reusedNumbers(plan: Plan, { holder, entry, slot }: Kinds): readonly Property[] {
  if (holder.inputs.length === 0) return [];
  return plan.scenario.processes.flatMap(({ succeeds }, process) => {
    if (succeeds === undefined) return [];
    const old = plan.domainOf(succeeds);
    return [
      ...plan.places.map((_, at) => ({
        id: 'S11',
        sentence: 'a PASID is handed out while an entry carries it for its former owner',
        never: [
          where(holder, process, ({ context }) => context.process === process),
          where(
            entry,
            at,
            ({ value, context }) =>
              (value === 'present' || value === 'cleared') && context.domain === old,
          ),
        ],
      })),
      ...plan.places.map((_, at) => ({
        id: 'S11',
        sentence: 'a PASID is handed out while an attachment carries it for its former owner',
        never: [
          where(holder, process, ({ context }) => context.process === process),
          where(
            slot,
            at,
            ({ value, context }) =>
              value === 'attached' &&
              context.handle !== undefined &&
              plan.handles[context.handle]?.domain === old,
          ),
        ],
      })),
      {
        id: 'S11',
        sentence: 'two processes have been given one PASID',
        never: [
          where(holder, process, ({ context }) => context.process !== undefined),
          where(holder, succeeds, ({ context }) => context.process !== undefined),
        ],
      },
    ];
  });
}

const freedTables = (plan: Plan, { mm, entry }: Kinds): readonly Property[] =>
  plan.exits.flatMap((process) =>
    plan.places.map((_, at) => ({
      id: 'S14',
      sentence: 'an entry translates through the tables of an address space that is gone',
      never: [
        where(mm, process, ({ value }) => value === 'empty' || value === 'dropped'),
        where(
          entry,
          at,
          ({ value, context }) => value === 'present' && context.domain === plan.domainOf(process),
        ),
      ],
    })),
  );

/** S9 and S14 under DMA: the device reads a page, or the unit walks tables, that went with their domain. */
const staleCaches = (plan: Plan, { dma, domain, mm }: Kinds): readonly Property[] =>
  dma.inputs.flatMap((_, at) =>
    plan.scenario.domains.flatMap((of, number) => {
      const isGone =
        of.kind === 'sva'
          ? where(mm, of.process, ({ value }) => value === 'empty' || value === 'dropped')
          : where(domain, number, ({ value }) => value === 'freed');
      return [
        {
          id: 'S9',
          sentence: 'a device reads a page that has gone back to the allocator with its domain',
          never: [isGone, where(dma, at, ({ context }) => context.held === number)],
        },
        {
          id: 'S14',
          sentence: 'a unit has cached an entry that leads to tables that are gone',
          never: [isGone, where(dma, at, ({ context }) => context.cached?.domain === number)],
        },
      ];
    }),
  );

/** S9, of a page that its owner unmapped: whatever leads to it is a cache's. */
const unmappedPages = (plan: Plan, kinds: Kinds): readonly Property[] =>
  plan.tasks.flatMap((task) => {
    const { work } = task;
    if (work.kind !== 'act' || work.does.kind !== 'free-domain-page') return [];
    const space = plan.spaceOf(work.does.domain);
    const { dma } = kinds;
    const isFreed = isOver(kinds, task);
    const leads = (domain: number | undefined): boolean =>
      domain !== undefined && plan.spaceOf(domain) === space;
    return dma.inputs.flatMap((_, at) => [
      {
        id: 'S9',
        sentence: 'a device has the translation of a page that was unmapped and freed',
        never: [isFreed, where(dma, at, ({ context }) => leads(context.held))],
      },
      {
        id: 'S9',
        sentence: 'the IOTLB has a line of a page that was unmapped and freed',
        never: [
          isFreed,
          where(dma, at, ({ context }) => context.lines.some(({ domain }) => leads(domain))),
        ],
      },
    ]);
  });

const deadAddressSpaces = (plan: Plan, { mm, worker }: Kinds): readonly Property[] =>
  plan.exits.flatMap((process) =>
    worker.inputs.map((_, of) => ({
      id: 'S22',
      sentence: 'a fault is handled in an address space that has no users',
      never: [
        where(mm, process, ({ value }) => value !== 'alive'),
        where(worker, of, ({ value, context }) => value === 'resolving' && context.mm === process),
      ],
    })),
  );
