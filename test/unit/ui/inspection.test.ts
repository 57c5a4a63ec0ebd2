/**
 * Goal:   inspectors get what they understand, from this machine only, and never hold up what they look at.
 * Method: the same actors are told by the package whose shapes these are; its own receiver reads our server; raw
 *         requests say what it would not.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createInspector, createWebSocketReceiver } from '@statelyai/inspect';
import { afterEach, describe, expect, test } from 'vitest';
import { type AnyEventObject, assign, createActor, setup } from 'xstate';

import { watched, watchedByAll } from '../../../src/machines/actor-watch.ts';
import { INSPECT_VERSION } from '../../../src/ui/inspection-message.ts';
import { type Inspected, serveInspection } from '../../../src/ui/inspection-server.ts';
import {
  ACTORS_MAX,
  BACKLOG_BYTES_MAX,
  type InspectionStream,
  inspectionStream,
  MISSED,
} from '../../../src/ui/inspection-stream.ts';

type Message = {
  readonly type: string;
  readonly sessionId: string;
  readonly rootId: string;
  readonly createdAt: string;
  readonly id: string;
  readonly _version: string;
  readonly definition?: string;
  readonly event?: AnyEventObject;
  readonly snapshot?: {
    readonly status: string;
    readonly value: unknown;
    readonly context: unknown;
  };
  readonly transitions?: readonly object[];
};

const lampMachine = setup({
  types: {
    context: {} as { readonly presses: number; readonly note: string },
    events: {} as { readonly type: 'press' } | { readonly type: 'note'; readonly text: string },
  },
}).createMachine({
  id: 'lamp',
  context: { presses: 0, note: '' },
  on: { note: { actions: assign({ note: ({ event }) => event.text }) } },
  initial: 'dark',
  states: {
    dark: { on: { press: 'warming' } },
    warming: { always: 'lit' },
    lit: { on: { press: { target: 'dark', actions: assign({ presses: 1 }) } } },
  },
});

const lamp = (stream: InspectionStream, name: string) =>
  createActor(lampMachine, watched(stream.watch, name)).start();

/** A reader that keeps what it is sent; `behind` bytes wait until `take` is called. */
function slowReader(stream: InspectionStream) {
  const messages: Message[] = [];
  let waiting: { readonly bytes: number; readonly sent: () => void }[] = [];
  const leave = stream.join({
    send: (text, sent) => {
      messages.push(JSON.parse(text));
      waiting.push({ bytes: text.length, sent });
    },
    backlogBytes: () => waiting.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  const take = (): void => {
    const taken = waiting;
    waiting = [];
    for (const { sent } of taken) sent();
  };
  return { messages, take, leave };
}

const typesOf = (messages: readonly Message[]): readonly string[] =>
  messages.map(({ type }) => type.replace('@xstate.', ''));

describe('messages', () => {
  test('have the fields that the package gives its own, and as much to say', async () => {
    const stream = inspectionStream('test', () => 1234.4);
    const { messages } = slowReader(stream);
    const theirs: Message[] = [];
    const inspector = createInspector({
      send: (event) => theirs.push(JSON.parse(JSON.stringify(event))),
    });
    const both = watchedByAll([stream.watch, () => (event) => inspector.inspect.next?.(event)]);
    const actor = createActor(lampMachine, watched(both, 'lamp-1')).start();
    actor.send({ type: 'press' });
    // The package converts when there is nothing else to do.
    await new Promise((resolve) => setTimeout(resolve, 20));

    const ours = messages.slice(1);
    const known = ours.filter(({ type }) => type !== '@xstate.microstep');
    expect(typesOf(known)).toEqual(typesOf(theirs));
    for (const [at, own] of known.entries()) {
      const their = theirs[at];
      // What is undefined is not in JSON; theirs has no parent.
      const fields = Object.keys(own).filter((field) => field !== 'parentId');
      expect(fields).toEqual(expect.arrayContaining(Object.keys(their ?? {})));
      expect(own.event).toEqual(their?.event);
      if (own.type === '@xstate.snapshot') {
        expect(own.snapshot).toMatchObject({ ...pick(their) });
      }
      if (own.type === '@xstate.actor') {
        expect(JSON.parse(own.definition ?? '')).toEqual(JSON.parse(their?.definition ?? ''));
      }
    }
  });

  test('are told by our names, in order, at the time that was handed in', () => {
    const stream = inspectionStream('test', () => 1234.4);
    const { messages } = slowReader(stream);
    lamp(stream, 'lamp-1').send({ type: 'press' });
    expect(typesOf(messages)).toEqual([
      'actor',
      'actor',
      'event',
      'snapshot',
      'event',
      'microstep',
      'microstep',
      'snapshot',
    ]);
    expect(messages.map(({ sessionId }) => sessionId)).toEqual([
      'test',
      ...Array.from({ length: 7 }, () => 'lamp-1'),
    ]);
    expect(new Set(messages.map(({ rootId }) => rootId))).toEqual(new Set(['test']));
    expect(messages.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(new Set(messages.map(({ createdAt }) => createdAt))).toEqual(new Set(['1234']));
    expect(messages[6]?.transitions).toEqual([
      { eventType: '', source: 'lamp.warming', target: ['lamp.lit'] },
    ]);
  });

  test('are of the version of the package that is installed', () => {
    const file = new URL('../../../package.json', import.meta.url);
    const { devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
    expect(devDependencies['@statelyai/inspect']).toBe(INSPECT_VERSION);
  });

  test('leave out what is too long, and say so', () => {
    const stream = inspectionStream('test', () => 0);
    const { messages } = slowReader(stream);
    lamp(stream, 'lamp-1').send({ type: 'note', text: 'x'.repeat(100_000) });
    const last = messages.at(-1);
    expect(last?.event).toEqual({ type: 'note', omitted: '100025 characters' });
    expect(last?.snapshot).toEqual({
      status: 'active',
      value: 'dark',
      context: { omitted: expect.stringMatching(/^1000\d\d characters$/) },
    });
  });
});

describe('a reader', () => {
  test('that comes late is told of the actors there are, as they are', () => {
    const stream = inspectionStream('test', () => 0);
    lamp(stream, 'lamp-1').send({ type: 'press' });
    lamp(stream, 'lamp-2').stop();
    const { messages } = slowReader(stream);
    expect(messages.map(({ sessionId }) => sessionId)).toEqual(['test', 'lamp-1']);
    expect(messages[1]?.snapshot).toMatchObject({ value: 'lit' });
  });

  test('that is behind misses what happens, is told how much, and goes on', () => {
    const stream = inspectionStream('test', () => 0);
    const { messages, take } = slowReader(stream);
    const actor = lamp(stream, 'lamp-1');
    const bytes = (): number => messages.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    while (stream.counts().missed === 0) actor.send({ type: 'note', text: 'y'.repeat(10_000) });
    for (let more = 0; more < 100; more += 1) actor.send({ type: 'press' });
    expect(bytes()).toBeLessThan(BACKLOG_BYTES_MAX + 40_000);
    const { missed } = stream.counts();
    expect(missed).toBeGreaterThan(300);
    const before = messages.length;
    take();
    expect(messages.slice(before).map(({ event }) => event)).toEqual([
      { type: MISSED, messages: missed },
    ]);
    actor.send({ type: 'press' });
    expect(typesOf(messages.slice(before + 1))[0]).toBe('event');
    expect(stream.counts().missed).toBe(missed);
  });

  test('that has left costs nothing, and neither has one that never came', () => {
    let asked = 0;
    const stream = inspectionStream('test', () => {
      asked += 1;
      return 0;
    });
    const actor = lamp(stream, 'lamp-1');
    actor.send({ type: 'press' });
    expect(asked).toBe(0);
    const { leave } = slowReader(stream);
    leave();
    const before = asked;
    actor.send({ type: 'press' });
    expect(asked).toBe(before);
  });

  test('is told of the latest actors only, however many there were', () => {
    const stream = inspectionStream('test', () => 0);
    for (let at = 0; at < ACTORS_MAX + 10; at += 1) lamp(stream, `lamp-${at}`);
    const { messages, take } = slowReader(stream);
    for (let at = 0; at < 50; at += 1) take();
    expect(messages.length).toBe(ACTORS_MAX + 1);
    expect(messages[1]?.sessionId).toBe('lamp-10');
  });
});

describe('the server', () => {
  const open: Inspected[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  async function served(stream = inspectionStream('test', () => 0)): Promise<Inspected> {
    const inspected = await serveInspection(stream, 0);
    if (!inspected.ok) throw new Error(inspected.error);
    open.push(inspected.value);
    return inspected.value;
  }

  test("is read by the package's own receiver", async () => {
    const stream = inspectionStream('test', () => 0);
    const { url, joined } = await served(stream);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/);
    const messages: unknown[] = [];
    createWebSocketReceiver({ server: url }).subscribe((message) => void messages.push(message));
    await joined;
    lamp(stream, 'lamp-1').send({ type: 'press' });
    await expect
      .poll(() => messages.at(-1))
      .toMatchObject({ type: '@xstate.snapshot', sessionId: 'lamp-1', snapshot: { value: 'lit' } });
    expect(messages.length).toBe(8);
  });

  test.each([
    ['another host', { Host: 'stormdrain.example' }, 421],
    ['a page of another machine', { Origin: 'https://stormdrain.example' }, 403],
    ['a page of a name like ours', { Origin: 'http://localhost.example' }, 403],
    ['a page of no origin', { Origin: 'null' }, 403],
    ['a page of this machine', { Origin: 'http://localhost:8080' }, 101],
    ['a program', {}, 101],
  ])('answers %s: %j with %i', async (_, headers, status) => {
    const { url } = await served();
    expect(await upgraded(url, headers)).toBe(status);
  });

  test('tells a browser that pages are not to be had here', async () => {
    const { url } = await served();
    const answer = await fetch(url.replace('ws:', 'http:'));
    expect(answer.status).toBe(426);
  });

  test('says so where a port is taken', async () => {
    const { url } = await served();
    const port = Number(new URL(url).port);
    expect(
      await serveInspection(
        inspectionStream('other', () => 0),
        port,
      ),
    ).toEqual({
      ok: false,
      error: 'EADDRINUSE',
    });
  });

  test('ends though a reader does not hear it', async () => {
    const { url, joined } = await served();
    const answered = upgraded(url, {}, false);
    await joined;
    await open.splice(0)[0]?.close();
    expect(await answered).toBe(101);
  });
});

/** The status of an upgrade, by hand: a client would not say such things. */
const upgraded = (url: string, headers: object, ends = true): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(url.replace('ws:', 'http:'), {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'c3Rvcm1kcmFpbiB0ZXN0IQ==',
        ...headers,
      },
    });
    asked.on('upgrade', (_, socket) => {
      if (ends) socket.destroy();
      socket.on('error', () => {});
      resolve(101);
    });
    asked.on('response', ({ statusCode = 0 }) => resolve(statusCode));
    asked.on('error', reject);
    asked.end();
  });

const pick = (message: Message | undefined): object => {
  const { status, value, context } = Object(message?.snapshot);
  return { status, value, context };
};
