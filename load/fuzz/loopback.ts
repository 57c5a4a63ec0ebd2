/** Loopback: bytes sent to a server of this machine, and what it answers. */
import { connect, type Socket } from 'node:net';

/** A request that is not finished is waited for by every server. */
const PATIENCE_MILLISECONDS = 50;

/** Whatever comes back until the server closes, or for a moment. */
export function answerOf(port: number, request: Buffer): Promise<string> {
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

/**
 * Status of an answer; undefined of none at all.
 *
 * @throws Error when it is no HTTP, or shows where the program is written.
 */
export function statusOf(answer: string): string | undefined {
  if (/\n\s+at .*:\d+:\d+|node:internal/.test(answer))
    throw new Error(`a stack is sent: ${answer}`);
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  if (answer !== '' && status === undefined) throw new Error(`no answer of HTTP: ${answer}`);
  return status;
}
