/**
 * devtlb-tag-missed-late-ats, ats-invalidate-into-reset, ats-disable-races-invalidate: a function's own cache, and
 * invalidations that do not reach it, or that it does not answer.
 *
 * S9: a page is freed that the device TLB still has. L4: an invalidation waits for an answer that nobody will give.
 */
import { alike } from '../../../explore/slot-kind.ts';
import { call, type Read, unheard, where } from '../../../explore/wiring.ts';
import { object, type World } from '../../../explore/world.ts';
import { cacheTagHolds, cacheTagMachine } from '../../../machines/cache-tag.ts';
import {
  type DeviceTlbEvent,
  deviceTlbHolds,
  deviceTlbMachine,
} from '../../../machines/device-tlb.ts';
import { lockHolds, lockMachine } from '../../../machines/lock.ts';
import { flags } from '../flag.ts';
import { hardwareOf, type Thread, threadOf } from './thread.ts';

const tlb = alike('device-tlb', deviceTlbMachine, deviceTlbHolds, 1);
const tell = (type: DeviceTlbEvent['type']) => call(tlb, 0, { type });
type Regions = typeof deviceTlbMachine extends { matches: unknown }
  ? never
  : Record<string, string>;
/** Whether the regions of the device TLB named are in the states given. */
const is = (regions: Regions): Read =>
  where(tlb, 0, ({ value }) =>
    Object.entries(regions).every(([region, state]) => Object(value)[region] === state),
  );
const complete = [
  'complete',
  { when: [is({ request: 'requested' })], does: [tell('invalidation.complete')] },
] as const;

/** The tag of the device TLB is missing when ATS was enabled after the attach. */
export function lateAtsWorld(defective: boolean): World {
  const tag = alike('cache-tag', cacheTagMachine, cacheTagHolds, 1);
  const mapped = flags('mapped');
  const freed = flags('freed');
  const assign = call(tag, 0, { type: 'cache-tag.assign' });
  const probe = threadOf('probe', [
    'enable-ats',
    { does: [tell('ats.enable'), ...(defective ? [] : [assign])] },
  ]);
  const unmap = threadOf(
    'unmap',
    ['clear-entry', { does: [mapped.clear()] }],
    [
      'invalidate-device-tlb',
      {
        when: [where(tag, 0, ({ value }) => value === 'listed')],
        does: [tell('invalidation.request')],
      },
      {},
    ],
    ['await', { when: [is({ request: 'none' })] }],
    ['free-page', { does: [freed.set()] }],
  );
  return {
    name: 'ATS enabled after the attach',
    before: [mapped.set()],
    properties: [
      {
        id: 'S9',
        sentence: 'a page is freed that the device TLB still maps',
        never: [freed.isSet(), is({ cache: 'holding' })],
      },
      {
        id: 'S15',
        sentence: 'ATS is on and the domain has no tag for the device TLB',
        never: [is({ ats: 'on' }), where(tag, 0, ({ value }) => value === 'absent')],
      },
    ],
    sightings: [
      {
        id: 'freed-with-ats',
        sentence: 'the page is freed while ATS is on',
        reads: [freed.isSet(), is({ ats: 'on' })],
      },
    ],
    parts: [
      probe.part,
      unmap.part,
      hardwareOf(
        'function',
        [
          'cache',
          { when: [mapped.isSet(), is({ ats: 'on' })], does: [tell('translation.cached')] },
        ],
        complete,
      ),
      object(tlb),
      object(tag, { effects: { flush: unheard } }),
      mapped.part,
      freed.part,
    ],
  };
}

const unanswered = (notifier: Thread) => ({
  id: 'L4',
  sentence: 'an invalidation waits for a function that ignored it',
  never: [notifier.isAt('await'), is({ request: 'ignored' })],
});
const terminates = (notifier: Thread) => ({
  id: 'L4',
  sentence: 'an invalidation that was sent is completed',
  whenever: [notifier.isAt('await')],
  goal: [notifier.isDone()],
});

const answered = (notifier: Thread) => ({
  id: 'answered',
  sentence: 'an invalidation is completed',
  reads: [notifier.isDone(), is({ cache: 'empty', request: 'none', ats: 'on' })],
});

/** Repaired, ATS goes off before the reset, and only when nothing is in flight. */
export function invalidateIntoResetWorld(defective: boolean): World {
  const reset = threadOf(
    'reset',
    ...(defective
      ? []
      : ([
          ['disable-ats', { when: [is({ request: 'none' })], does: [tell('ats.disable')] }],
        ] as const)),
    ['begin-reset', { does: [tell('reset.begin')] }],
    ['end-reset', { does: [tell('reset.end')] }],
    ['enable-ats', { does: [tell('ats.enable')] }],
  );
  const notifier = threadOf(
    'notifier',
    ['send', { when: [is({ ats: 'on' })], does: [tell('invalidation.request')] }, { ends: true }],
    ['await', { when: [is({ request: 'none' })] }],
  );
  return {
    name: 'invalidation into a reset',
    before: [tell('ats.enable'), tell('translation.cached')],
    properties: [unanswered(notifier)],
    goals: [terminates(notifier)],
    sightings: [answered(notifier)],
    parts: [reset.part, notifier.part, hardwareOf('function', complete), object(tlb)],
  };
}

/** Repaired, whoever picked a function keeps ATS on until its invalidation is answered. */
export function disableRacesInvalidateWorld(defective: boolean): World {
  const readers = alike('readers', lockMachine, lockHolds, 1);
  const locked = (type: 'lock.take' | 'lock.drop') =>
    defective ? [] : [call(readers, 0, { type })];
  const notifier = threadOf(
    'notifier',
    ['pick', { when: [is({ ats: 'on' })], does: locked('lock.take') }, { ends: true }],
    ['send', { does: [tell('invalidation.request')] }],
    ['await', { when: [is({ request: 'none' })], does: locked('lock.drop') }],
  );
  const detach = threadOf('detach', [
    'disable-ats',
    {
      when: [where(readers, 0, ({ value }) => value === 'free')],
      does: [tell('ats.disable')],
    },
  ]);
  return {
    name: 'ATS disabled under an invalidation',
    before: [tell('ats.enable'), tell('translation.cached')],
    properties: [unanswered(notifier)],
    goals: [terminates(notifier)],
    sightings: [answered(notifier)],
    parts: [
      detach.part,
      notifier.part,
      hardwareOf('function', complete),
      object(tlb),
      object(readers),
    ],
  };
}
