/**
 * Server: a site on the loopback interface, for a browser of this machine and nobody else.
 *
 * Source: RFC 9110; W3C, "Content Security Policy Level 3".
 * Effects: listens on 127.0.0.1.
 * Policy: a Host header that names anything but this server is refused, so that a name that was bound to 127.0.0.1
 *         by somebody else reads nothing (DNS rebinding). Pages may load from here only, and run nothing inline.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { invariant } from '../core/invariant.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Asset, Site } from './site.ts';

export const HOST = '127.0.0.1';
const PATH_MAX = 2048;

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
      plain(response, 500, 'this page could not be made');
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
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return plain(response, 405, 'only GET and HEAD');
  }
  const path = pathOf(url);
  if (path === undefined) return plain(response, 400, 'not a path');
  const asset = await site.find(path);
  if (asset === undefined) return plain(response, 404, 'no such page');
  send(response, 200, asset, method === 'HEAD');
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

const plain = (response: ServerResponse, status: number, sentence: string): void =>
  send(response, status, { type: 'text/plain; charset=utf-8', body: `${sentence}\n` }, false);

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
