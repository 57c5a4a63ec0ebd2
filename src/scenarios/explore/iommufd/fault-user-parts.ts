/**
 * Fault user parts: a VMM's reader, writer and closer, with the two lists between them and the reporting thread.
 */
import { call, offer, offerFrom, unheard, where } from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import { freeCookie } from '../../../machines/response-table.ts';
import { answered, type FaultKinds, mutexTold } from './fault-kinds.ts';

export function faultUserParts(kinds: FaultKinds): readonly Part[] {
  const { deliverList, responses, mutex, memory, reader, writer, closer, object: target } = kinds;
  const { group, handle, thread } = kinds;
  const mutexIsFree = () => [where(mutex, 0, ({ value }) => value === 'free')];
  const answerAll = ({ groups }: { readonly groups: readonly number[] }) =>
    groups.flatMap((of) => answered(kinds, of, 'invalid'));
  return [
    actor(reader, {
      takes: () => [
        offer({ type: 'step' }),
        offerFrom(closer, 0, ({ value }) =>
          value === 'open' ? { type: 'read.begin' as const, room: 1 } : undefined,
        ),
        offerFrom(
          deliverList,
          0,
          ({ context: { groups } }) => groups[0] && { type: 'group.found' as const, ...groups[0] },
          [call(deliverList, 0, { type: 'group.fetch' })],
        ),
        offerFrom(deliverList, 0, ({ context: { groups } }) =>
          groups.length === 0 ? { type: 'list.empty' as const } : undefined,
        ),
        offerFrom(responses, 0, ({ context }) => ({
          type: 'cookie.free' as const,
          cookie: freeCookie(context),
        })),
        // The page the buffer lies in is served by whoever waits for the reporting thread.
        offerFrom(thread, 0, ({ value }) =>
          value === 'idle' ? { type: 'copy.done' as const } : undefined,
        ),
        offer({ type: 'copy.failed' }),
      ],
      asks: { mutexIsFree },
      effects: {
        lockMutex: () => mutexTold(kinds, 'taken'),
        unlockMutex: () => mutexTold(kinds, 'dropped'),
        allotCookie: (of) => [call(responses, 0, { type: 'cookie.allot', ...of })],
        restore: (entry) => [call(deliverList, 0, { type: 'group.restore', ...entry })],
        copyToUser: ({ group: of, handle: through, cookie }) => [
          call(handle, through, { type: 'handle.dereference' }),
          call(group, of, { type: 'work.started' }),
          call(memory, 0, { type: 'record.written', group: of, cookie }),
        ],
        eraseCookie: ({ group: of }) => [call(responses, 0, { type: 'cookie.erase', group: of })],
        return: unheard,
      },
      mayRest: ({ value }) => value === 'idle',
    }),
    actor(writer, {
      takes: () => [
        offer({ type: 'step' }),
        offerFrom(
          memory,
          0,
          ({ context: { records } }) =>
            records[0] && { type: 'record.found' as const, ...records[0] },
          [call(memory, 0, { type: 'record.taken' })],
        ),
      ],
      asks: {
        fileIsOpen: () => [where(closer, 0, ({ value }) => value === 'open')],
        mutexIsFree,
      },
      effects: {
        answer: ({ group: meant, cookie }) => [
          call(responses, 0, { type: 'cookie.answer', cookie, code: 'success', meant }),
        ],
      },
      mayRest: ({ value }) => value === 'idle',
    }),
    actor(closer, {
      takes: () => [offer({ type: 'step' })],
      asks: {
        // A call that is inside keeps the file open.
        isQuiet: () => [
          where(reader, 0, ({ value }) => value === 'idle'),
          where(writer, 0, ({ value }) => value !== 'writing'),
        ],
        isUnused: () => [where(target, 0, ({ context }) => context.users === 1)],
      },
      effects: {
        close: () => [call(target, 0, { type: 'users.put' })],
        remove: () => [call(target, 0, { type: 'object.remove' })],
        sweep: () => [
          call(deliverList, 0, { type: 'list.sweep' }),
          call(responses, 0, { type: 'table.sweep' }),
          call(target, 0, { type: 'object.free' }),
        ],
      },
    }),
    object(deliverList, { effects: { wake: unheard, answerAll } }),
    object(responses, {
      effects: {
        answer: ({ group: of, code }) => answered(kinds, of, code === 'success' ? code : 'invalid'),
        answerAll,
        refuse: unheard,
      },
    }),
  ];
}
