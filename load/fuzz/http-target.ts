/**
 * HTTP target: bytes sent to the page server as no browser would send them.
 *
 * Effects: listens on the loopback interface, and connects to it.
 */
import { connect, type Socket } from 'node:net';
import { type Served, serve } from '../../src/ui/server.ts';
import { html } from '../../src/ui/site.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const PATHS = new Map([['/', html('<p>home</p>')]]);
/** Stands in the requests for the name the server has. */
const HOST = 'HOST';
/** A request that is not finished is waited for by every server. */
const PATIENCE_MILLISECONDS = 50;

const REQUESTS = [
  `GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
  `HEAD /charts/domain.svg?x=1#y HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: http://evil\r\nConnection: close\r\n\r\n`,
  `GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
  'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  `POST /run HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello`,
  `GET / HTTP/1.0\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  `OPTIONS * HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
].map((each) => Buffer.from(each));

let served: Promise<Served> | undefined;

async function begun(): Promise<Served> {
  const site = { find: async (path: string) => PATHS.get(path) };
  const server = await serve(site, 0);
  if (!server.ok) throw new Error(`no port: ${server.error}`);
  return server.value;
}

export const HTTP_TARGET: FuzzTarget = {
  name: 'http',
  share: 20,
  seeds: () => REQUESTS,
  read: async (input) => {
    served ??= begun();
    const { host, port } = new URL((await served).url);
    const text = input.toString('latin1').replaceAll(HOST, host);
    const answer = await answered(Number(port), Buffer.from(text, 'latin1'));
    if (/\n\s+at .*:\d+:\d+|node:internal/.test(answer))
      throw new Error(`a stack is sent: ${answer}`);
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
    if (answer !== '' && status === undefined) throw new Error(`no answer of HTTP: ${answer}`);
    if (status === '500') throw new Error(`the server failed: ${answer}`);
    if (status !== '200') return 'refused';
    const named = text.toLowerCase().includes(`host:`) && text.includes(host);
    if (!named) throw new Error(`answered to another name: ${text}`);
    return undefined;
  },
  close: async () => (await served)?.close(),
};

/** Whatever comes back until the server closes, or for a moment. */
function answered(port: number, request: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.end(request));
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE_MILLISECONDS, done);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.once('close', done);
    socket.once('error', done);
  });
}
