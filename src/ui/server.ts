/**
 * Server: a site on the loopback interface, for a browser of this machine and nobody else.
 *
 * Source: RFC 9110; W3C, "Content Security Policy Level 3"; WHATWG, "Server-sent events".
 * Effects: listens on 127.0.0.1.
 * Policy: a Host header that names anything but this server is refused, so that a name that was bound to 127.0.0.1
 *         by somebody else reads nothing (DNS rebinding). What is asked for by POST must come from a page of this
 *         server, as JSON. Pages may load from here only, and run nothing inline.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { invariant, unreachable } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Answer, Asset, Site } from './site.ts';

export const HOST = '127.0.0.1';
const PATH_MAX = 2048;
/** More than any page asks for. */
const BODY_BYTES_MAX = 64 * 1024;

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

export type Served = {
  readonly url: string;
  /** Ends connections that are open. */
  readonly close: () => Promise<void>;
};

/** Serves `site` until closed; port 0 takes any that is free. An error is the system's code: EADDRINUSE, EACCES. */
export async function serve(site: Site, port: number): Promise<Result<Served, string>> {
  const server = createServer((request, response) => {
    answer(site, portOf(server), request, response).catch(() => {
      // A page that fails to be made is a fault of ours; the browser hears no more than that.
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'this page could not be made');
    });
  });
  const listening = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, HOST, () => resolve(undefined));
  });
  if (listening !== undefined) return err(listening);
  return ok({
    url: `http://${HOST}:${portOf(server)}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  invariant(typeof address === 'object' && address !== null, 'a TCP server has an address');
  return address.port;
}

async function answer(
  site: Site,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers, url = '' } = request;
  if (!isOwnHost(headers.host, port)) return plain(response, 421, 'not a name of this server');
  const path = pathOf(url);
  if (method === 'POST') return asked(site, path, request, response);
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return plain(response, 405, 'only GET and HEAD');
  }
  if (path === undefined) return plain(response, 400, 'not a path');
  give(response, await site.find(path), method === 'HEAD');
}

async function asked(
  site: Site,
  path: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin, host, 'content-type': type } = request.headers;
  if (path === undefined) return plain(response, 400, 'not a path');
  const ask = site.ask(path);
  if (ask === undefined) {
    response.setHeader('Allow', 'GET, HEAD');
    return plain(response, 405, 'only GET and HEAD');
  }
  if (origin !== `http://${host}`)
    return plain(response, 403, 'not asked by a page of this server');
  // A form of another page can't send this type without asking first.
  if (type !== 'application/json') return plain(response, 415, 'only application/json');
  const text = await bodyOf(request);
  if (text === undefined) return plain(response, 413, `more than ${BODY_BYTES_MAX} bytes`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return plain(response, 400, 'not JSON');
  }
  give(response, await ask(body), false);
}

/** Undefined when it is too long; the rest is not read. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether a Host header names this server. */
export const isOwnHost = (host: string | undefined, port: number): boolean =>
  host === `${HOST}:${port}` || host === `localhost:${port}`;

/** Without query; undefined where it is no path from the root, or badly encoded. */
function pathOf(url: string): string | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  if (!path.startsWith('/') || path.length > PATH_MAX) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined; // a percent sign that encodes nothing
  }
}

function give(response: ServerResponse, given: Answer, bare: boolean): void {
  switch (given.kind) {
    case 'asset':
      send(response, 200, given.asset, bare);
      break;
    case 'data': {
      const body = JSON.stringify(given.data);
      send(response, 200, { type: 'application/json; charset=utf-8', body }, bare);
      break;
    }
    case 'events':
      stream(response, given, bare);
      break;
    case 'refused':
      plain(response, given.status, given.sentence);
      break;
    default:
      unreachable(given);
  }
}

/** One event a line of data; the browser comes back by itself when the connection breaks. */
function stream(
  response: ServerResponse,
  { listen }: Extract<Answer, { kind: 'events' }>,
  bare: boolean,
): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' });
  if (bare) {
    response.end();
    return;
  }
  response.flushHeaders();
  const leave = listen((event) => response.write(`data: ${JSON.stringify(event)}\n\n`));
  response.once('close', leave);
}

function plain(response: ServerResponse, status: number, sentence: string): void {
  // What was sent and not read would be taken for the next request.
  if (status === 413) response.setHeader('Connection', 'close');
  send(response, status, { type: 'text/plain; charset=utf-8', body: `${sentence}\n` }, false);
}

function send(
  response: ServerResponse,
  status: number,
  { type, body }: Asset,
  bare: boolean,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': type,
    'Content-Length': bytes.length,
  });
  response.end(bare ? undefined : bytes);
}
