/**
 * Inspection server: a stream of inspection messages over WebSocket, for readers on this machine.
 *
 * Source: RFC 6455.
 * Effects: listens on 127.0.0.1.
 * Policy: readers are refused that name another host, or come from a page of another machine; what they say is not
 *         listened to.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

import { err, ok, type Result } from '../core/result.ts';
import type { InspectionStream } from './inspection-stream.ts';
import { HOST, isOwnHost, portOf } from './server.ts';

/** More than a reader has any reason to say. */
const SAID_BYTES_MAX = 1024;
const READERS_MAX = 8;
/** How long readers may take to hear the end. */
const FAREWELL_MILLISECONDS = 1000;
/** RFC 6455: the server is going away. */
const GOING_AWAY = 1001;

export type Inspected = {
  readonly url: string;
  /** Resolves when the first reader has joined. */
  readonly joined: Promise<void>;
  /** Resolves when there is no reader any more, once there was one. */
  readonly left: Promise<void>;
  /** Lets readers hear what was sent to them, and ends. */
  close(): Promise<void>;
};

/** Port 0 takes any that is free. An error is the system's code: EADDRINUSE, EACCES. */
export async function serveInspection(
  stream: InspectionStream,
  port: number,
): Promise<Result<Inspected, string>> {
  const server = createServer((_, response) => {
    response.writeHead(426, { 'Content-Type': 'text/plain; charset=utf-8', Upgrade: 'websocket' });
    response.end('inspection events are read over WebSocket\n');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: SAID_BYTES_MAX,
    perMessageDeflate: false,
  });
  let tellJoined = (): void => {};
  let tellLeft = (): void => {};
  const joined = new Promise<void>((resolve) => {
    tellJoined = resolve;
  });
  const left = new Promise<void>((resolve) => {
    tellLeft = resolve;
  });
  const admit = (socket: WebSocket): void => {
    const leave = stream.join({
      send: (text, sent) => socket.send(text, () => sent()),
      backlogBytes: () => socket.bufferedAmount,
    });
    tellJoined();
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      leave();
      if (sockets.clients.size === 0) tellLeft();
    });
  };
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => connection.destroy());
    const refusal = refusalOf(request, portOf(server), sockets.clients.size);
    if (refusal === undefined) sockets.handleUpgrade(request, connection, head, admit);
    else connection.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  const failure = await listening(server, port);
  if (failure !== undefined) return err(failure);
  return ok({
    url: `ws://${HOST}:${portOf(server)}/`,
    joined,
    left,
    close: () => ended(server, sockets),
  });
}

/** A status line's end; undefined: welcome. */
function refusalOf(
  { headers }: IncomingMessage,
  port: number,
  readers: number,
): string | undefined {
  if (!isOwnHost(headers.host, port)) return '421 Misdirected Request';
  if (!isOfThisMachine(headers.origin)) return '403 Forbidden';
  return readers >= READERS_MAX ? '503 Service Unavailable' : undefined;
}

/** Programs have no origin; a page has the one it was loaded from. */
function isOfThisMachine(origin: string | undefined): boolean {
  return origin === undefined || /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin);
}

const listening = (server: Server, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, HOST, () => resolve(undefined));
  });

/** Readers hear what is on its way to them; who does not is cut off. */
async function ended(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(GOING_AWAY);
  const timer = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
  }, FAREWELL_MILLISECONDS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
  sockets.close();
}
