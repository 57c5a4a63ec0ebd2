/**
 * Device path of a world of a unit: devices, what they know of their PASIDs, their links, and the way of a response.
 */
import type { EventObject } from 'xstate';

import { received, sent } from '../../../explore/channel.ts';
import {
  type Call,
  call,
  offer,
  offerFrom,
  type Read,
  type Take,
  unheard,
  where,
} from '../../../explore/wiring.ts';
import { actor, object, type Part } from '../../../explore/world.ts';
import type { DeviceGroupEvent } from '../../../machines/device-group.ts';
import type { RequestRecord } from '../../../machines/page-request-queue.ts';
import { isStopMarker } from '../../../machines/page-request-thread-terms.ts';
import type { Kinds } from './kinds.ts';
import type { Group, Plan } from './plan-terms.ts';

type Response = EventObject & { readonly code: number; readonly prgEpoch: number };
type Request = EventObject & { readonly request: RequestRecord };

export function deviceParts(plan: Plan, kinds: Kinds): readonly Part[] {
  return [
    ...plan.scenario.devices.map((_, device) => devicePart(plan, kinds, device)),
    ...linkParts(kinds),
    object(kinds.responses),
    object(kinds.use),
    object(kinds.pri, {
      effects: {
        retry: unheard,
        abandon: unheard,
        stopPri: unheard, // its groups look at the function for it
        setStopped: unheard,
        flagUnexpectedIndex: unheard,
        return: unheard,
        ignore: unheard,
      },
    }),
  ];
}

function devicePart(plan: Plan, kinds: Kinds, device: number): Part {
  const { pri, use, responses, watch, ring, link } = kinds;
  const mine = plan.groups.filter((group) => group.device === device);
  const kind = kinds.deviceGroups[device];
  const ofIndex = (index: number): Group => {
    const group = mine[index];
    if (group === undefined) throw new RangeError(`device ${device} has no group ${index}`);
    return group;
  };
  const counts = plan.scenario.devices[device]?.credits !== undefined;
  const first = plan.groups.findIndex((group) => group.device === device);

  const takes = (index: number): readonly Take<DeviceGroupEvent>[] => {
    const { attachment, mayCut, sendsStopMarker } = ofIndex(index);
    const owned = (type: 'request.send' | 'marker.send', whileAllowed: boolean) =>
      offerFrom(use, attachment, ({ context: { owner, isAllowed } }) =>
        owner === undefined || (isAllowed && !whileAllowed) ? undefined : { type, owner },
      );
    return [
      owned('request.send', true),
      ...(mayCut ? [offer({ type: 'group.cut' as const })] : []),
      ...(sendsStopMarker ? [owned('marker.send', false)] : []),
      received(responses, first + index, (message) => {
        const { code, prgEpoch } = message as Response; // responses are all that is sent here
        return { type: 'response.received' as const, code, prgEpoch };
      }),
      ...(counts
        ? [
            offerFrom(pri, 0, ({ value }) =>
              value === 'failed' || value === 'stopping'
                ? { type: 'pri.stopped' as const }
                : undefined,
            ),
          ]
        : []),
    ];
  };

  if (kind === undefined) throw new RangeError(`there is no device ${device}`);
  return actor(kind, {
    takes,
    asks: {
      hasCredit: () =>
        counts ? [where(pri, 0, ({ context }) => context.outstanding < context.allocation)] : true,
      pasidIsStopped: (_, index) => [
        where(
          use,
          ofIndex(index).attachment,
          ({ context }) => !context.isAllowed || !context.translates,
        ),
      ],
    },
    effects: {
      send: ({ request }, index) => [
        ...(request.last && isStopMarker(request)
          ? []
          : [call(watch, first + index, { type: 'request.sent', prgEpoch: request.prgEpoch })]),
        plan.scenario.hasLink === true
          ? sent(link, device, { type: 'request', request })
          : call(ring, 0, { type: 'page-request.received', request }),
      ],
      takeCredit: () => (counts ? [call(pri, 0, { type: 'request.sent' })] : []),
      settle: ({ code, requests }) =>
        counts ? [call(pri, 0, { type: 'response.received', code, requests })] : [],
    },
    mayRest: (of) => !of.hasTag('owes-response'),
  });
}

function linkParts({ link, port, ring }: Kinds): readonly Part[] {
  return [
    object(link),
    actor(port, {
      takes: (device) => [
        received(link, device, (message) => {
          const { request } = message as Request; // requests are all that is sent here
          return { type: 'request.arrived' as const, request };
        }),
      ],
      effects: {
        accept: ({ request }) => [call(ring, 0, { type: 'page-request.received', request })],
      },
      mayRest: () => true,
    }),
  ];
}

/** Nothing is on its way from a device; always so where there are no links. */
export const linkIsEmpty = (
  { scenario }: Plan,
  { link }: Kinds,
  device: number,
): readonly Read[] =>
  scenario.hasLink === true
    ? [where(link, device, ({ context }) => context.messages.length === 0)]
    : [];

/** The device has sent the last request of every group on the attachment, and its stop markers. */
export function deviceIsQuiet(plan: Plan, kinds: Kinds, attachment: number): readonly Read[] {
  const device = plan.places[attachment]?.device ?? 0;
  const kind = kinds.deviceGroups[device];
  if (kind === undefined) throw new RangeError(`there is no device ${device}`);
  return [
    ...plan.groups
      .filter((group) => group.attachment === attachment)
      .map(({ index, sendsStopMarker }) =>
        where(kind, index, (of) =>
          sendsStopMarker ? of.matches({ free: 'stopped' }) : !of.matches('sending'),
        ),
      ),
    ...linkIsEmpty(plan, kinds, device),
  ];
}

/** A device that is there from the start, with its PRI on. */
export const devicesAtStart = (plan: Plan, { pri }: Kinds): readonly Call[] =>
  plan.scenario.devices.flatMap(({ credits }) =>
    credits === undefined ? [] : [call(pri, 0, { type: 'pri.enable', allocation: credits })],
  );
