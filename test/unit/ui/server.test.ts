/**
 * Goal:   the server gives its pages to a browser of this machine, and nothing to anybody else.
 * Method: raw requests, since a client would mend what is wrong with them.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Served, serve } from '../../../src/ui/server.ts';
import { html, type Site } from '../../../src/ui/site.ts';

const asked: string[] = [];
const SITE: Site = {
  find: async (path) => {
    asked.push(path);
    if (path === '/broken') throw new Error('secret');
    return path === '/' || path === '/a b' ? html('<p>päge</p>') : undefined;
  },
};

let served: Served;
let port = 0;
beforeAll(async () => {
  const result = await serve(SITE, 0);
  if (!result.ok) throw new Error(result.error);
  served = result.value;
  port = Number(new URL(served.url).port);
});
afterAll(() => served.close());

/** The whole answer to one request, as text. */
function answerTo(line: string, host: string | undefined = `127.0.0.1:${port}`): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      const header = host === '' ? '' : `Host: ${host}\r\n`;
      socket.write(`${line} HTTP/1.1\r\n${header}Connection: close\r\n\r\n`);
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
  });
}
const status = (answer: string): number => Number(answer.split(' ')[1]);

describe('the server', () => {
  test('gives a page, which may load from here only and run nothing inline', async () => {
    const answer = await answerTo('GET /');
    expect(status(answer)).toBe(200);
    expect(answer).toMatch(/\r\n\r\n<p>päge<\/p>$/);
    const policy = /^Content-Security-Policy: (.*)\r$/m.exec(answer)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:|\*/);
    expect(answer).toContain('X-Content-Type-Options: nosniff');
  });

  test('decodes a path and drops its query', async () => {
    expect(status(await answerTo('GET /a%20b?step=3'))).toBe(200);
  });

  test('answers HEAD without a body', async () => {
    const answer = await answerTo('HEAD /');
    expect(status(answer)).toBe(200);
    expect(answer).toMatch(/Content-Length: 12\r\n[\s\S]*\r\n\r\n$/);
  });

  test('listens on loopback only', () => {
    expect(new URL(served.url).hostname).toBe('127.0.0.1');
  });

  test.each([
    ['another name', 'stormdrain.example', 421],
    ['another name with our port', 'rebound.example:PORT', 421],
    ['another port', '127.0.0.1:1', 421],
    ['no name', '', 400],
    ['localhost', 'localhost:PORT', 200],
  ])('asked as %s says so', async (_, host, expected) => {
    expect(status(await answerTo('GET /', host.replace('PORT', String(port))))).toBe(expected);
  });

  test.each([
    ['POST /', 405],
    ['DELETE /', 405],
    ['GET /nowhere', 404],
    ['GET /../../etc/passwd', 404],
    ['GET /%2e%2e%2f%2e%2e%2fetc%2fpasswd', 404],
    ['GET /%', 400],
    [`GET /${'a'.repeat(3000)}`, 400],
    ['GET http://elsewhere.example/', 400],
  ])('answers %s with %i', async (line, expected) => {
    expect(status(await answerTo(line))).toBe(expected);
  });

  test('keeps a fault of its own to itself', async () => {
    const answer = await answerTo('GET /broken');
    expect(status(answer)).toBe(500);
    expect(answer).not.toContain('secret');
  });

  test('asks the site for nothing that a stranger wants', async () => {
    asked.length = 0;
    await answerTo('GET /', 'rebound.example');
    await answerTo('POST /');
    expect(asked).toEqual([]);
  });

  test('says which port it could not have', async () => {
    expect(await serve(SITE, port)).toEqual({ ok: false, error: 'EADDRINUSE' });
  });
});
