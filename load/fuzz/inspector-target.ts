/**
 * Inspector target: bytes sent to the inspection server in place of a WebSocket handshake, and of frames after one.
 *
 * Effects: listens on the loopback interface, and connects to it.
 */

import { type Inspected, serveInspection } from '../../src/ui/inspection-server.ts';
import { inspectionStream } from '../../src/ui/inspection-stream.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { answerOf, statusOf } from './loopback.ts';

/** Stands in the requests for the name the server has. */
const HOST = 'HOST';

const upgrade = (...rest: readonly string[]): Buffer =>
  Buffer.from(
    [
      'GET / HTTP/1.1',
      `Host: ${HOST}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...rest,
      '',
      '',
    ].join('\r\n'),
  );

/** Masked, as those of clients are: text, ping, close, one that is far too long, one of a reserved opcode. */
const FRAMES = [
  [0x81, 0x82, 1, 2, 3, 4, 0x69, 0x6b],
  [0x89, 0x80, 0, 0, 0, 0],
  [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8],
  [0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
  [0x8b, 0x80, 0, 0, 0, 0],
  [0x01, 0x05, 0x68],
].map((bytes) => Buffer.from(bytes));

const REQUESTS = [
  upgrade(),
  upgrade('Origin: http://evil.example'),
  upgrade('Origin: http://localhost:4000'),
  upgrade('Sec-WebSocket-Extensions: permessage-deflate', 'Sec-WebSocket-Protocol: a, b'),
  Buffer.from(
    'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ),
  ...FRAMES.map((frame) => Buffer.concat([upgrade(), frame])),
];

let served: Promise<Inspected> | undefined;

async function begun(): Promise<Inspected> {
  const server = await serveInspection(
    inspectionStream('fuzz', () => 0),
    0,
  );
  if (!server.ok) throw new Error(`no port: ${server.error}`);
  return server.value;
}

export const INSPECTOR_TARGET: FuzzTarget = {
  name: 'inspector',
  share: 20,
  seeds: () => REQUESTS,
  read: async (input) => {
    served ??= begun();
    const { host, port } = new URL((await served).url);
    const text = input.toString('latin1').replaceAll(HOST, host);
    const answer = await answerOf(Number(port), Buffer.from(text, 'latin1'));
    const status = statusOf(answer);
    if (status !== '101') return 'refused';
    if (!text.toLowerCase().includes('host:') || !text.includes(host)) {
      throw new Error(`answered to another name: ${text}`);
    }
    // What is said behind the head is no header.
    const [head = ''] = text.split(/\r?\n\r?\n/);
    const [, origin] = /^origin:\s*(.*?)\s*$/im.exec(head) ?? [];
    if (origin !== undefined && !/127\.0\.0\.1|localhost/.test(origin) && origin !== '') {
      throw new Error(`answered a page of ${origin}`);
    }
    return undefined;
  },
  close: async () => (await served)?.close(),
};
