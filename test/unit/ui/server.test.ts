/**
 * Goal:   the server gives its pages to a browser of this machine, and nothing to anybody else.
 * Method: raw requests, since a client would mend what is wrong with them.
 */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { siteOf } from '../../../src/ui/routes.ts';
import { type Served, serve } from '../../../src/ui/server.ts';
import { asset, data, events, refused } from '../../../src/ui/site.ts';

const page = () => asset('text/html; charset=utf-8', '<p>päge</p>');
const asked: unknown[] = [];
let hearers = 0;
const SITE = siteOf([
  { pattern: '/', find: page },
  { pattern: '/a b', find: page },
  {
    pattern: '/broken',
    find: () => {
      throw new Error('secret');
    },
  },
  { pattern: '/things/:name', find: (names) => data({ name: names.of('name') }) },
  {
    pattern: '/events',
    find: () =>
      events((hear) => {
        hearers += 1;
        hear({ said: 'line\nbreak' });
        return () => {
          hearers -= 1;
        };
      }),
  },
  {
    pattern: '/run',
    ask: (_, body) => {
      asked.push(body);
      return body === 'nonsense' ? refused(400, 'not that') : data({ started: true });
    },
  },
]);

let served: Served;
let port = 0;
beforeAll(async () => {
  const result = await serve(SITE, 0);
  if (!result.ok) throw new Error(result.error);
  served = result.value;
  port = Number(new URL(served.url).port);
});
afterAll(() => served.close());

/** The whole answer to one request, as text; `rest` are more headers, and the body. */
function answerTo(
  line: string,
  host: string | undefined = `127.0.0.1:${port}`,
  rest = '\r\n',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      const header = host === '' ? '' : `Host: ${host}\r\n`;
      socket.write(`${line} HTTP/1.1\r\n${header}Connection: close\r\n${rest}`);
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
  });
}

/** What a page of this server sends, changed as a test wants. */
function asks(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const sent = {
    Origin: `http://127.0.0.1:${port}`,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(sent).map(([name, value]) =>
    value === '' ? '' : `${name}: ${value}\r\n`,
  );
  return answerTo(`POST ${path}`, undefined, `${lines.join('')}\r\n${body}`);
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
    await answerTo('POST /run', 'rebound.example');
    expect(asked).toEqual([]);
  });

  test('gives data by names in the path', async () => {
    const answer = await answerTo('GET /things/a%20b');
    expect(answer).toContain('Content-Type: application/json; charset=utf-8');
    expect(answer).toMatch(/\r\n\r\n\{"name":"a b"\}$/);
    expect(status(await answerTo('GET /things/a/b'))).toBe(404);
  });

  test('does what its own page asks for', async () => {
    asked.length = 0;
    expect(await asks('/run', '{"races":["a"]}')).toMatch(
      /^HTTP\/1.1 200[\s\S]*\{"started":true\}$/,
    );
    expect(asked).toEqual([{ races: ['a'] }]);
    expect(status(await asks('/run', '"nonsense"'))).toBe(400);
  });

  test.each([
    ['without an origin', { Origin: '' }, '{}', 403],
    ['from another origin', { Origin: 'http://elsewhere.example' }, '{}', 403],
    ['from another port', { Origin: 'http://127.0.0.1:1' }, '{}', 403],
    ['from a file', { Origin: 'null' }, '{}', 403],
    ['as a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=b', 415],
    ['as text', { 'Content-Type': 'text/plain' }, '{}', 415],
    ['in words that are no JSON', {}, '{"races":', 400],
    ['at too great length', {}, JSON.stringify('x'.repeat(70_000)), 413],
  ])('does nothing when asked %s', async (_, headers, body, expected) => {
    asked.length = 0;
    expect(status(await asks('/run', body, headers))).toBe(expected);
    expect(asked).toEqual([]);
  });

  test('tells events until nobody listens', async () => {
    const listening = new AbortController();
    const response = await fetch(new URL('/events', served.url), { signal: listening.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const first = await response.body?.getReader().read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('data: {"said":"line\\nbreak"}\n\n');
    expect(hearers).toBe(1);
    listening.abort();
    await vi.waitFor(() => expect(hearers).toBe(0));
  });

  test('says which port it could not have', async () => {
    expect(await serve(SITE, port)).toEqual({ ok: false, error: 'EADDRINUSE' });
  });
});
