/** The function's side: spec 08, sections 2 to 4. */

import { expect, test } from 'vitest';
import { createActor } from 'xstate';

import { deviceMachine } from '../../../../src/machines/device.ts';
import {
  type DeviceGroupInput,
  deviceGroupMachine,
} from '../../../../src/machines/device-group.ts';
import { LINUX_7_3, REPAIRED } from '../../../../src/machines/report-rules.ts';
import { ReportWorld, request } from './harness.ts';
import { begin, take } from './pure.ts';

type DeviceEvent = Parameters<typeof take<typeof deviceMachine>>[2];
const device = (...events: DeviceEvent[]) =>
  take(deviceMachine, begin(deviceMachine, { device: 0, capacity: 4 }), ...events);
const enable = { type: 'pri.enable', allocation: 32 } as const;
const disable = { type: 'pri.disable' } as const;
const reset = { type: 'pri.reset' } as const;
const sent = { type: 'request.sent' } as const;
const response = (code: number, requests: number) =>
  ({ type: 'response.received', code, requests }) as const;
const types = (effects: readonly { readonly type: string }[]) => effects.map(({ type }) => type);

// PRI control

test.each([
  { after: [], event: enable, errno: 0, state: 'enabled' },
  { after: [enable], event: enable, errno: 'EBUSY', state: 'enabled' },
  { after: [enable, sent, disable], event: enable, errno: 'EBUSY', state: 'stopping' },
  { after: [enable, sent, response(2, 1)], event: enable, errno: 'EBUSY', state: 'failed' },
  { after: [], event: reset, errno: 0, state: 'disabled' },
  { after: [enable], event: reset, errno: 'EBUSY', state: 'enabled' },
  { after: [enable, sent, response(2, 1)], event: reset, errno: 'EBUSY', state: 'failed' },
] as const)('$event.type after $after.length events returns $errno, PRI is $state', (row) => {
  const { snapshot, effects } = device(...row.after, row.event);

  expect(effects).toEqual([{ type: 'return', params: { errno: row.errno } }]);
  expect(snapshot.value).toBe(row.state);
});

test('the allocation is the smaller of capacity and what was asked for', () => {
  expect(device(enable).snapshot.context.allocation).toBe(4);
  expect(device({ type: 'pri.enable', allocation: 2 }).snapshot.context.allocation).toBe(2);
});

test('disabled with nothing outstanding, the function is stopped at once', () => {
  const { snapshot, effects } = device(enable, disable);

  expect(types(effects)).toEqual(['setStopped']);
  expect(snapshot.value).toBe('disabled');
});

test('disabled with requests outstanding, it stops only after the last response', () => {
  const stopping = device(enable, sent, sent, disable);
  expect(stopping.snapshot.value).toBe('stopping');
  expect(stopping.effects).toEqual([]);

  const one = take(deviceMachine, stopping.snapshot, response(0, 1));
  expect(one.snapshot.value).toBe('stopping');
  const two = take(deviceMachine, one.snapshot, response(1, 1));
  expect(two.snapshot.value).toBe('disabled');
  expect(types(two.effects)).toEqual(['setStopped']);
});

test('reset while stopping returns all credits', () => {
  const { snapshot, effects } = device(enable, sent, sent, disable, reset);

  expect(snapshot.value).toBe('disabled');
  expect(snapshot.context.outstanding).toBe(0);
  expect(types(effects)).toEqual(['setStopped', 'return']);
});

// Responses

test.each([
  { code: 0, effect: 'retry', state: 'enabled' },
  { code: 1, effect: 'abandon', state: 'enabled' },
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((code) => ({
    code,
    effect: 'stopPri',
    state: 'failed',
  })),
])('code $code: $effect, PRI is $state', ({ code, effect, state }) => {
  const { snapshot, effects } = device(enable, sent, sent, response(code, 2));

  expect(types(effects)).toEqual([effect]);
  expect(snapshot.value).toBe(state);
  expect(snapshot.context.outstanding).toBe(0);
});

test('after Response Failure every response is ignored, until PRI is disabled and enabled again', () => {
  const failed = device(enable, sent, sent, sent, response(15, 1));
  expect(failed.snapshot.context).toMatchObject({ outstanding: 0, responseFailed: true });

  const late = take(deviceMachine, failed.snapshot, response(0, 2));
  expect(types(late.effects)).toEqual(['ignore']);
  expect(late.snapshot.value).toBe('failed');

  const back = take(deviceMachine, late.snapshot, disable, reset, enable);
  expect(back.snapshot.value).toBe('enabled');
  expect(back.snapshot.context.responseFailed).toBe(false);
});

test('Response Failure while stopping stops for good', () => {
  const { snapshot } = device(enable, sent, sent, disable, response(15, 1));

  expect(snapshot.value).toBe('disabled');
  expect(snapshot.context).toMatchObject({ outstanding: 0, responseFailed: true });
});

test('a response for an index that is not outstanding sets its bit and is ignored', () => {
  const { snapshot, effects } = device(enable, sent, response(15, 0));

  expect(types(effects)).toEqual(['flagUnexpectedIndex']);
  expect(snapshot.value).toBe('enabled');
  expect(snapshot.context).toMatchObject({ outstanding: 1, unexpectedIndex: true });
});

test('a disabled function ignores responses', () => {
  expect(types(device(response(0, 1)).effects)).toEqual(['ignore']);
});

// Credits

test('a request takes a credit, a response returns those of its whole group', () => {
  const { snapshot } = device(enable, sent, sent, sent, response(0, 2));

  expect(snapshot.context.outstanding).toBe(1);
});

test('a request beyond the allocation, or while PRI is off, is a violation', () => {
  const beyond = device({ type: 'pri.enable', allocation: 1 }, sent, sent);
  expect(beyond.effects).toEqual([{ type: 'violate', params: { unexpected: 'request.sent' } }]);
  expect(device(sent).effects).toEqual(beyond.effects);
});

// Groups

type Asked = Partial<DeviceGroupInput> & { readonly stopped?: boolean; readonly credit?: boolean };

function group(asked: Asked = {}) {
  const { stopped = false, credit = true, ...input } = asked;
  const { rid, pasid, prgi, iovaPfn, access } = request();
  const machine = deviceGroupMachine.provide({
    guards: { hasCredit: () => credit, pasidIsStopped: () => stopped },
  });
  return {
    machine,
    first: begin(machine, {
      rid,
      pasid,
      prgi,
      pages: [
        { iovaPfn, access },
        { iovaPfn: request({ pfn: 0x11 }).iovaPfn, access },
      ],
      usesMax: 2,
      reusesIndex: false,
      sendsStopMarker: false,
      ...input,
    }),
  };
}
const send = { type: 'request.send', owner: 1 } as const;
const marker = { type: 'marker.send', owner: 1 } as const;
const answer = (code: number, prgEpoch = 1) =>
  ({ type: 'response.received', code, prgEpoch }) as const;

test('a group is sent request by request, each with a credit, the last one marked', () => {
  const { machine, first } = group();
  const one = take(machine, first, send);
  expect(one.effects).toEqual([
    { type: 'send', params: { request: request({ last: false }) } },
    { type: 'takeCredit', params: { rid: request().rid } },
  ]);
  expect(one.snapshot.value).toBe('sending');

  const two = take(machine, one.snapshot, send);
  expect(two.effects[0]).toEqual({ type: 'send', params: { request: request({ pfn: 0x11 }) } });
  expect(two.snapshot.value).toBe('awaiting');
  expect(two.snapshot.hasTag('owes-response')).toBe(true);
});

test.each([
  { code: 0, state: { free: 'retry' } },
  { code: 1, state: { free: 'dropped' } },
  { code: 2, state: { free: 'dropped' } },
])('after code $code the group is $state.free and its credits come back', ({ code, state }) => {
  const { machine, first } = group();
  const { snapshot, effects } = take(machine, first, send, send, answer(code));

  expect(snapshot.value).toEqual(state);
  expect(effects).toEqual([{ type: 'settle', params: { rid: request().rid, code, requests: 2 } }]);
  expect(snapshot.context.sent).toBe(0);
});

test('an index is not used again before its response', () => {
  const { machine, first } = group();
  const awaiting = take(machine, first, send, send).snapshot;
  expect(awaiting.can(send)).toBe(false);

  const again = take(machine, awaiting, answer(0), send);
  expect(again.effects[0]).toEqual({
    type: 'send',
    params: { request: request({ last: false, prgEpoch: 2 }) },
  });
});

test('a rude device uses it again, in a new epoch', () => {
  const { machine, first } = group({ reusesIndex: true });
  const awaiting = take(machine, first, send, send).snapshot;
  expect(awaiting.can(send)).toBe(true);

  const { snapshot } = take(machine, awaiting, send, send);
  expect(snapshot.context.uses).toBe(2);
  expect(take(machine, snapshot, answer(0, 1)).effects).toMatchObject([
    { type: 'violate', params: { property: 'S2' } },
  ]);
});

test.each([
  { why: 'it has no credit', asked: { credit: false } },
  { why: 'its PASID is stopped', asked: { stopped: true } },
])('a group is not begun while $why', ({ asked }) => {
  expect(group(asked).first.can(send)).toBe(false);
});

test('an index has its number of uses', () => {
  const { machine, first } = group({ usesMax: 1 });
  const { snapshot } = take(machine, first, send, send, answer(0));

  expect(snapshot.can(send)).toBe(false);
});

test('a stop marker is last, asks for nothing, takes no credit, and is sent once', () => {
  const { machine, first } = group({ stopped: true, sendsStopMarker: true });
  const { snapshot, effects } = take(machine, first, marker);

  expect(effects).toEqual([
    {
      type: 'send',
      params: { request: request({ prgi: 0, pfn: 0, access: '', prgEpoch: 0 }) },
    },
  ]);
  expect(snapshot.can(marker)).toBe(false);
});

test.each([
  { why: 'the PASID runs', asked: { stopped: false, sendsStopMarker: true } },
  { why: 'the device sends none', asked: { stopped: true, sendsStopMarker: false } },
])('no stop marker while $why', ({ asked }) => {
  expect(group(asked).first.can(marker)).toBe(false);
});

test('a device that stops in mid-group leaves it without its last request', () => {
  const { machine, first } = group();
  const sending = take(machine, first, send).snapshot;
  expect(sending.can({ type: 'group.cut' })).toBe(false);

  const stopped = group({ stopped: true }).machine;
  const { value, context } = sending;
  const { snapshot } = take(stopped, stopped.resolveState({ value, context }), {
    type: 'group.cut',
  });
  expect(snapshot.value).toEqual({ free: 'cut' });
});

test.each([
  { when: 'before its last request', events: [send] },
  { when: 'when none is outstanding', events: [] },
])('a response $when is one that nobody owed', ({ events }) => {
  const { machine, first } = group();
  const { effects } = take(machine, first, ...events, answer(1));

  expect(effects[0]).toMatchObject({ type: 'violate', params: { property: 'S2' } });
});

test.each([
  { when: 'sending', events: [send] },
  { when: 'awaiting', events: [send, send] },
])('when PRI stops, a group that was $when is dropped', ({ events }) => {
  const { machine, first } = group();
  const { snapshot } = take(machine, first, ...events, { type: 'pri.stopped' });

  expect(snapshot.value).toEqual({ free: 'dropped' });
  expect(snapshot.context.sent).toBe(0);
});

test('a modelled group has a bound', () => {
  expect(() => group({ pages: [] })).toThrow('a modelled group has 1 to 4 requests, not 0');
  expect(() => group({ usesMax: 8 })).toThrow('a modelled index is used 1 to 7 times, not 8');
});

// Function, ring, thread and worker together.

test.each([
  { rules: 'Linux 7.3', by: LINUX_7_3, breaches: ['S2 response.received'] },
  { rules: 'repaired', by: REPAIRED, breaches: [] },
])('a group for an unknown PASID, sent by a function with credits: $rules, $breaches', (row) => {
  const world = new ReportWorld({ rules: row.by }).bind({ pasid: 9 });
  const pri = createActor(deviceMachine, { input: { device: 0, capacity: 4 } }).start();
  pri.send(enable);
  const breaches: string[] = [];
  const { machine, first } = group();
  const member = createActor(
    machine.provide({
      actions: {
        send: (_, params) => void world.receive(params.request),
        takeCredit: () => pri.send(sent),
        settle: (_, params) => pri.send(response(params.code, params.requests)),
        violate: (_, params) => void breaches.push(`${params.property} ${params.unexpected}`),
      },
    }),
    { input: first.context },
  ).start();
  const deliver = () => {
    world.run();
    for (const _ of world.responses.splice(0)) member.send(answer(1));
  };

  member.send(send);
  deliver();
  member.send(send);
  deliver();

  expect(breaches).toEqual(row.breaches);
  expect(member.getSnapshot().value).toEqual({ free: 'dropped' });
  expect(pri.getSnapshot().context.outstanding).toBe(0);
  expect(world.logOf('ring')).toEqual(['raiseEvent', 'raiseEvent']);
});
