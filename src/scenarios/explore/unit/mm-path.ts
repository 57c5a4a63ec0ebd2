/**
 * Address space path of a world of a unit: users, exit, notifiers, domains, pages, and the number a PASID is.
 */
import { call, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import type { Kinds } from './kinds.ts';
import type { Plan } from './plan-terms.ts';

export function addressSpaceParts(plan: Plan, kinds: Kinds): readonly Part[] {
  const { mm, notifier, domain, page, holder } = kinds;
  const holds = (of: number): boolean => of < holder.inputs.length;
  return [
    object(mm, {
      effects: {
        // An unmap takes one page; what it is replaced by is another mapping.
        changeMapping: ({ mm: of, pfn }) => [
          call(page, plan.pageNumber(of, pfn), { type: 'page.unmapped' }),
        ],
        protectPages: unheard,
        zapPages: unheard, //                   the thread that unmaps frees them, once all caches forgot them
        invalidateSecondaryTlbs: unheard, //    its next task is the driver's list
        releaseNotifiers: unheard, //           the exit looks at the address space for it
        tearDownTables: unheard,
        freePasid: ({ mm: of }) => (holds(of) ? [call(holder, of, { type: 'pasid.freed' })] : []),
        refuse: unheard,
      },
    }),
    object(notifier, {
      asks: { mmHasUsers: ({ mm: of }) => [where(mm, of, (space) => space.hasTag('has-users'))] },
      effects: {
        takeStructure: ({ mm: of }) => [call(mm, of, { type: 'structure.get' })],
        dropStructure: ({ mm: of }) => [call(mm, of, { type: 'structure.put' })],
        flushRange: unheard,
        flushAll: unheard,
        neutralise: unheard, //       the driver's release lists look at the notifier for it
        awaitGracePeriod: unheard, // so does the grace period
        freeDomain: unheard, //       and it tells the domain
        refuse: unheard,
      },
    }),
    object(domain, {
      effects: {
        putNotifier: ({ domain: of }) => [
          ...(notifier.inputs.length > 0
            ? [call(notifier, plan.spaceOf(of), { type: 'notifier.put' })]
            : []),
          call(mm, plan.spaceOf(of), { type: 'structure.put' }),
        ],
        freeDomain: unheard,
        refuse: unheard,
        ignore: unheard,
      },
    }),
    object(page),
    object(holder),
    exitPart(plan, kinds),
    gracePeriodPart(plan, kinds),
  ];
}

function exitPart(plan: Plan, kinds: Kinds): Part {
  const { exit, mm, notifier, page } = kinds;
  const releasesOf = (process: number) =>
    plan.tasks.filter(({ work }) => work.kind === 'release-list' && work.process === process);
  return actor(exit, {
    takes: (process) => [
      offerFrom(mm, process, ({ value }) =>
        value === 'exiting' || value === 'silent' ? { type: 'step' as const } : undefined,
      ),
    ],
    asks: {
      notifierIsLinked: (_, process) => [
        where(notifier, process, ({ value }) => value === 'registered' || value === 'retiring'),
      ],
      releasesAreDone: (_, process) =>
        releasesOf(process).map((task) =>
          where(kinds.taskKind(task), 0, ({ status }) => status === 'done'),
        ),
    },
    effects: {
      beginRelease: (_, process) => [call(notifier, process, { type: 'mm.releasing' })],
      endRelease: (_, process) => [
        call(notifier, process, { type: 'release.finished' }),
        call(mm, process, { type: 'notifiers.released' }),
      ],
      passNotifiers: (_, process) => [call(mm, process, { type: 'notifiers.released' })],
      tearDown: (_, process) => [
        ...Array.from({ length: plan.pagesMax }, (_unused, of) =>
          call(page, plan.pageNumber(process, of), { type: 'page.freed' }),
        ),
        call(mm, process, { type: 'tables.torn-down' }),
      ],
    },
    mayRest: () => true,
  });
}

/** What SRCU waits for after a notifier was put: the readers that may still hold it. */
function gracePeriodPart(plan: Plan, { gracePeriod, notifier, domain }: Kinds): Part {
  return actor(gracePeriod, {
    takes: (process) => [
      offerFrom(notifier, process, ({ value }) =>
        value === 'retiring' ? { type: 'step' as const } : undefined,
      ),
    ],
    effects: {
      end: (_, process) => [
        call(domain, plan.domainOf(process), { type: 'grace-period.ended' }),
        call(notifier, process, { type: 'grace-period.ended' }),
      ],
    },
    mayRest: () => true,
  });
}
