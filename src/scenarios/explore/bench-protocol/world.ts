/**
 * Bench world: the peers' protocol, PRQ detach against irq thread, workers and mm exit.
 *
 * One step here is one d_step of the Promela model, so states and transitions are the same numbers.
 */
import { blocksBy, idClass } from '../../../explore/id-class.ts';
import { alike, slotKind } from '../../../explore/slot-kind.ts';
import { call, offer, offerFrom, where } from '../../../explore/wiring.ts';
import { actor, object, type World } from '../../../explore/world.ts';
import { attachHandleHolds, attachHandleMachine } from '../../../machines/attach-handle.ts';
import { benchDetachMachine } from './detach.ts';
import { benchDeviceMachine } from './device.ts';
import { benchGroupHolds, benchGroupMachine, type GroupEvent } from './group.ts';
import { benchIrqThreadMachine } from './irq-thread.ts';
import { benchEntryMachine, benchMmExitMachine } from './pasid.ts';
import { benchRingHolds, benchRingMachine } from './ring.ts';
import { type BenchSizes, DETACHED_PASID, type Drain } from './sizes.ts';
import { benchWorkerHolds, benchWorkerMachine } from './worker.ts';

export function benchWorld(sizes: BenchSizes, drain: Drain): World {
  const groups = Array.from({ length: sizes.groups }, (_, group) => group);
  const pasidOf = (group: number): number => group % sizes.pasids;
  const isDetached = (group: number): boolean => pasidOf(group) === DETACHED_PASID;
  const detached = groups.filter(isDetached);

  const device = slotKind(
    'device',
    benchDeviceMachine,
    {},
    groups.map((of) => ({ group: of })),
  );
  const irq = alike('irq-thread', benchIrqThreadMachine, {}, 1);
  const worker = alike('worker', benchWorkerMachine, benchWorkerHolds, sizes.workers);
  const detach = alike('detach', benchDetachMachine(drain), {}, 1);
  const mmExit = alike('mm-exit', benchMmExitMachine, {}, 1);
  const ring = alike('ring', benchRingMachine, benchRingHolds, 1);
  const group = alike('group', benchGroupMachine, benchGroupHolds, sizes.groups);
  const entry = alike('entry', benchEntryMachine, {}, sizes.pasids);
  const handle = alike('handle', attachHandleMachine, attachHandleHolds, sizes.pasids);

  const pop = () => [call(ring, 0, { type: 'entry.pop' })];
  const block = () => [call(entry, DETACHED_PASID, { type: 'entry.block' })];
  const tell = (type: GroupEvent['type']) => (of: { readonly group: number }) => [
    call(group, of.group, { type }),
  ];

  return {
    name: `bench protocol, drain ${drain}`,
    // Groups of one PASID are alike, and so are the workers.
    symmetry: [
      idClass('group', blocksBy(groups, pasidOf), [{ kind: device }, { kind: group }]),
      idClass('worker', [entriesOf(sizes.workers)], [{ kind: worker }]),
    ],
    columns: {
      detach: 'CPU 0: detach',
      'mm-exit': 'CPU 1: exit',
      'irq-thread': 'irq thread',
      worker: 'worker',
      device: 'device',
    },
    eventSets: [['handle']],
    before: entriesOf(sizes.pasids).map((pasid) =>
      call(handle, pasid, { type: 'handle.allocate' }),
    ),
    parts: [
      actor(device, {
        takes: () => [offer({ type: 'request' })],
        asks: {
          isAdmitted: (_, of) => [where(entry, pasidOf(of), ({ value }) => value === 'open')],
          ringIsFull: () => [
            where(ring, 0, ({ context }) => context.entries.length === sizes.ringSlots),
          ],
        },
        effects: {
          push: (request) => [call(ring, 0, { type: 'entry.push', entry: request })],
          complete: tell('group.completed'),
          refuse: tell('group.refused'),
        },
        mayRest: () => true,
      }),
      actor(irq, {
        takes: () => [
          offerFrom(ring, 0, ({ context: { entries } }) =>
            entries[0] === undefined
              ? undefined
              : { type: 'entry', pasid: pasidOf(entries[0].group), ...entries[0] },
          ),
        ],
        asks: {
          handleIsLive: ({ pasid }) => [where(handle, pasid, ({ value }) => value === 'live')],
        },
        effects: {
          storePartial: tell('partial.stored'),
          enqueue: tell('group.enqueued'),
          reject: tell('group.rejected'),
          pop,
        },
        mayRest: () => true,
      }),
      actor(worker, {
        takes: () => [
          offer({ type: 'step' }),
          ...groups.map((of) =>
            offerFrom(group, of, ({ value }) =>
              value === 'queued' ? { type: 'work.take' as const, group: of } : undefined,
            ),
          ),
        ],
        asks: {
          mmIsReleased: (of) =>
            isDetached(of.group) && [where(mmExit, 0, ({ value }) => value === 'released')],
        },
        effects: {
          takeGroup: tell('work.taken'),
          dereferenceHandle: (of) => [
            call(handle, pasidOf(of.group), { type: 'handle.dereference' }),
          ],
          answer: tell('group.answered'),
        },
        mayRest: ({ value }) => value === 'idle',
      }),
      actor(detach, {
        takes: () => [offer({ type: 'step' })],
        asks: {
          ringIsClear: () => [
            where(ring, 0, ({ context }) => !context.entries.some((one) => isDetached(one.group))),
          ],
          workersAreClear: () =>
            worker.inputs.map((_, index) =>
              where(
                worker,
                index,
                ({ context }) => context.group === undefined || !isDetached(context.group),
              ),
            ),
          nothingIsInFlight: () =>
            detached.map((of) =>
              where(group, of, ({ value }) => value === 'unsent' || value === 'answered'),
            ),
        },
        effects: {
          block,
          answerQueued: () => detached.map((of) => call(group, of, { type: 'queued.answered' })),
          free: () => [call(handle, DETACHED_PASID, { type: 'handle.free' })],
        },
        mayRest: () => true,
      }),
      actor(mmExit, { takes: () => [offer({ type: 'step' })], effects: { block } }),
      object(ring),
      object(group, { mayRest: ({ value }) => value === 'unsent' || value === 'answered' }),
      object(entry),
      object(handle),
    ],
  };
}

const entriesOf = (pasids: number): readonly number[] =>
  Array.from({ length: pasids }, (_, pasid) => pasid);
