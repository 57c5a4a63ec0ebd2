/**
 * Handlers of a place: the SVA worker, and whoever decides about groups of other domains.
 */
import { call, offer, offerFrom, unheard, where } from '../../explore/wiring.ts';
import { actor, object, type Part } from '../../explore/world.ts';
import { type PlaceKinds, type PlaceShape, UNKNOWN } from './place-kinds.ts';

const STEP = { type: 'step' } as const;

export function handlerParts(shape: PlaceShape, kinds: PlaceKinds): readonly Part[] {
  const { worker, group, work, memory, mm, faultQueue, held, handler, unknown } = kinds;
  const [svaMm] = shape.domains.flatMap(({ kind }) => (kind === 'sva' ? [0] : []));
  return [
    actor(worker, {
      takes: () => [
        offer({ type: 'step' as const }),
        offerFrom(work, 0, ({ context }) => {
          const [of] = context.queued;
          return of === undefined ? undefined : { type: 'work.take' as const, group: of };
        }),
        offerFrom(group, 0, ({ context: { param, handle, requests } }) =>
          param === undefined || handle === undefined
            ? undefined
            : { type: 'group.read' as const, group: 0, param, handle, requests },
        ),
        ...shape.domains.map((_, handle) =>
          offer({ type: 'handle.read' as const, handle, mm: svaMm ?? 0 }),
        ),
      ],
      asks: {
        mmHasUsers: () => [where(mm, 0, (space) => space.hasTag('has-users'))],
        isLastUser: () => [where(mm, 0, ({ context }) => context.users === 1)],
        addressSpaceHasEnded: () => [
          where(mm, 0, ({ value }) => value !== 'exiting' && value !== 'silent'),
        ],
        resolves: () => [where(unknown, UNKNOWN.resolves, ({ value }) => value === 'yes')],
        groupIsPending: ({ group: of }) => [
          where(faultQueue, 0, ({ context }) => context.pending.includes(of)),
        ],
      },
      effects: {
        takeWork: ({ group: of }) => [call(work, 0, { type: 'work.taken', group: of })],
        startWork: ({ group: of }) => [call(group, of, { type: 'work.started' })],
        touchGroup: ({ group: of }) => [call(group, of, { type: 'group.touched' })],
        dereferenceHandle: unheard,
        getUsers: () => [call(mm, 0, { type: 'users.get' })],
        putUsers: () => [call(mm, 0, { type: 'users.put' })],
        resolve: unheard,
        respond: ({ group: of, code }) => [call(group, of, { type: 'group.answered', code })],
        unlink: ({ param, group: of }) => [
          call(faultQueue, 0, { type: 'group.unlink', param, group: of }),
        ],
        putReference: ({ param }) => [call(faultQueue, 0, { type: 'reference.put', param })],
        freeGroup: ({ group: of }) => [
          call(group, of, { type: 'group.freed' }),
          call(memory, 0, { type: 'slot.freed', group: of }),
        ],
        finishWork: ({ group: of }) => [call(work, 0, { type: 'work.finished', group: of })],
      },
    }),
    object(held, {
      effects: {
        answer: ({ code }) => [
          call(group, 0, { type: 'group.answered', code }),
          call(faultQueue, 0, { type: 'group.unlink', param: 0, group: 0 }),
          call(faultQueue, 0, { type: 'reference.put', param: 0 }),
          call(group, 0, { type: 'group.freed' }),
          call(memory, 0, { type: 'slot.freed', group: 0 }),
        ],
      },
    }),
    actor(handler, {
      takes: () => [
        ...(['success', 'invalid'] as const).map((code) =>
          offerFrom(held, 0, ({ value }) =>
            value === 'held' ? { type: 'answer.chosen' as const, code } : undefined,
          ),
        ),
        offerFrom(held, 0, ({ value }) => (value === 'held' ? STEP : undefined)),
      ],
      effects: {
        settle: ({ code }) => [call(held, 0, { type: 'group.settle', code })],
        dequeue: () => [call(faultQueue, 0, { type: 'group.dequeue', param: 0, group: 0 })],
      },
    }),
  ];
}
