/**
 * Process parts: address spaces with their notifiers and domains, and how they end.
 *
 * A bond that holds users ends them with itself: whoever drops the last user sets exit_mmap going, which is an actor
 * of its own.
 */
import { call, offer, offerFrom, type Read, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { pathCacheFlush } from './kernel-table-parts.ts';
import type { LifetimeSlots } from './slots.ts';

const step = () => [offer({ type: 'step' as const })];

export function processParts(slots: LifetimeSlots): readonly Part[] {
  const { mm, notifier, domain, process, exitMmap, grace, plan } = slots;
  const { flushRun, pages, tables, mmData, file, pasid, release, releaseRun, bind } = slots;
  const stateOf = (of: number, ...states: readonly string[]): Read =>
    where(mm, of, ({ value }) => states.includes(value));
  const bindsOf = (of: number): readonly Read[] =>
    plan.binds.flatMap((each, index) =>
      each.process === of
        ? [where(bind, index, ({ value }) => value === 'bound' || value === 'failed')]
        : [],
    );

  return [
    actor(process, {
      takes: step,
      asks: {
        mayExit: (_, of) => (plan.processes[of]?.exits === true ? bindsOf(of) : false),
        mmHasEnded: (_, of) => [stateOf(of, 'alive', 'empty', 'dropped')],
      },
      effects: {
        putUsers: (_, of) => [call(mm, of, { type: 'users.put' })],
        closeFiles: (_, of) => [call(file, of, { type: 'file.put' })],
      },
      mayRest: ({ status, value }) => status === 'done' || value === 'running',
    }),
    actor(exitMmap, {
      takes: step,
      asks: {
        mmIsExiting: (_, of) => [stateOf(of, 'exiting')],
        notifierIsLinked: (_, of) => [
          where(notifier, of, ({ value }) => value === 'registered' || value === 'retiring'),
        ],
        releaseIsDone: (_, of) => [where(release, of, ({ status }) => status === 'done')],
      },
      effects: {
        releaseNotifier: (_, of) => [call(notifier, of, { type: 'mm.releasing' })],
        finishRelease: (_, of) => [
          call(notifier, of, { type: 'release.finished' }),
          call(mm, of, { type: 'notifiers.released' }),
        ],
        skipRelease: (_, of) => [call(mm, of, { type: 'notifiers.released' })],
        freePages: (_, of) => [
          call(pages, of, { type: 'memory.free' }),
          ...(plan.processes[of]?.mapsFile === true ? [call(file, of, { type: 'file.put' })] : []),
        ],
        freeTables: (_, of) => [
          call(tables, of, { type: 'memory.free' }),
          call(mm, of, { type: 'tables.torn-down' }),
        ],
      },
      mayRest: ({ status, value }) => status === 'done' || value === 'idle',
    }),
    actor(grace, {
      takes: (of) => [
        offerFrom(notifier, of, ({ value }) =>
          value === 'retiring' ? { type: 'notifier.retiring' as const } : undefined,
        ),
      ],
      effects: {
        endGrace: (_, of) => [
          call(notifier, of, { type: 'grace-period.ended' }),
          call(domain, of, { type: 'grace-period.ended' }),
        ],
      },
      mayRest: () => true,
    }),
    object(mm, {
      effects: {
        changeMapping: unheard,
        protectPages: unheard,
        zapPages: unheard,
        invalidateSecondaryTlbs: unheard,
        releaseNotifiers: unheard, // exit_mmap does
        tearDownTables: unheard, // exit_mmap does
        freePasid: (params) => [
          ...(params.pasid === undefined ? [] : [call(pasid, 0, { type: 'pasid.free' })]),
          ...(slots.rules.pasidEndsWith === 'structure'
            ? [call(mmData, params.mm, { type: 'memory.free' })]
            : []),
        ],
        refuse: unheard,
      },
    }),
    object(notifier, {
      asks: { mmHasUsers: (params) => [stateOf(params.mm, 'alive')] },
      effects: {
        takeStructure: (params) => [call(mm, params.mm, { type: 'structure.get' })],
        neutralise: (params) => [call(releaseRun, params.domain, { type: 'run.begin' })],
        dropStructure: (params) => [call(mm, params.mm, { type: 'structure.put' })],
        freeDomain: unheard, // the grace period's actor does
        flushRange: () => [
          ...(plan.unmaps === true ? [call(flushRun, 0, { type: 'run.begin' })] : []),
          ...pathCacheFlush(slots),
        ],
        flushAll: unheard,
        awaitGracePeriod: unheard, // the grace period's actor sees the state
        refuse: unheard,
      },
    }),
    object(domain, {
      effects: {
        putNotifier: (params) => [call(notifier, params.domain, { type: 'notifier.put' })],
        freeDomain: unheard, // its memory: nothing here uses it afterwards
        refuse: unheard,
        ignore: unheard,
      },
    }),
    object(file),
    object(mmData),
    object(pages),
    object(tables),
    object(releaseRun),
  ];
}
