/**
 * Goal:   a log entry has the bytes of the specification; the log stops at an overflow, loses nothing before it, and
 *         starts again where it stood.
 * Method: example words worked out by hand, property runs, and random commands against an array for a queue.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { iovaPfn, pasid, prgIndex, requesterId } from '../../../../src/core/ids.ts';
import {
  logEntries,
  type PageRequestLog,
  PPR_INT,
  PPR_OVERFLOW,
  PPR_RUN,
  pageRequestLog,
  pageRequestLogBytes,
} from '../../../../src/hw/amd/page-request-log.ts';
import {
  decodeLogEntry,
  encodeLogEntry,
  type LoggedRequest,
  PPR_LOG_ENTRY_WORDS,
} from '../../../../src/hw/amd/page-request-log-entry.ts';
import { requests } from '../page-requests.ts';
import { quadwordsOf, readFields, viewOf } from '../quadwords.ts';
import { PPR_LOG_ENTRY_FIELDS } from './quadword-tables.ts';

const EXAMPLE: LoggedRequest = {
  reservedBit: false,
  request: {
    kind: 'page-request',
    rid: requesterId(0x50),
    pasid: pasid(1),
    prgi: prgIndex(3),
    iovaPfn: iovaPfn(0x7f1234567),
    access: { read: true, write: true, exec: false, privileged: false },
    last: true,
  },
};

const logged = (entry: LoggedRequest): DataView => {
  const view = new DataView(new ArrayBuffer(16));
  encodeLogEntry(view, 0, entry);
  return view;
};

describe('a PPR log entry', () => {
  it('has the bytes worked out by hand', () => {
    expect(quadwordsOf(logged(EXAMPLE))).toEqual([0x1164_0203_0001_0050n, 0x7f1234567000n]);
    expect(decodeLogEntry(logged(EXAMPLE), 0)).toEqual({ ok: true, value: EXAMPLE });
  });

  it('comes back from its bytes, which say what BigInt reads', () => {
    fc.assert(
      fc.property(requests, fc.boolean(), (request, reservedBit) => {
        const view = logged({ request, reservedBit });
        expect(decodeLogEntry(view, 0)).toEqual({ ok: true, value: { request, reservedBit } });
        expect(readFields(view, PPR_LOG_ENTRY_FIELDS)).toMatchObject({
          deviceId: request.rid,
          pasidLow: (request.pasid ?? 0) & 0xffff,
          pasidHigh: (request.pasid ?? 0) >> 16,
          tag: request.prgi,
          user: request.access.privileged ? 0 : 1,
          gn: request.pasid === undefined ? 0 : 1,
          addr: request.iovaPfn,
        });
      }),
    );
  });

  it('carries no PASID without GN, whatever its PASID field holds', () => {
    expect(decodeLogEntry(viewOf(0x1044_0000_0007_0050n, 0n), 0)).toMatchObject({
      value: { request: { pasid: undefined, access: { privileged: false } } },
    });
  });

  it.each([
    ['hardware has not written', 0x0n, { code: 'entry-not-written' }],
    ['of another type', 0x2n, { code: 'unknown-entry-type', type: 2 }],
  ])('that %s is no request', (_, type, error) => {
    expect(decodeLogEntry(viewOf(type << 60n), 0)).toEqual({ ok: false, error });
  });
});

const logOf = (entries: number): PageRequestLog => {
  const log = pageRequestLog(new SharedArrayBuffer(pageRequestLogBytes(entries)), 0, entries);
  log.enable();
  return log;
};

/** Hardware logs entries whose first word tells them apart. */
const write = (log: PageRequestLog, ...values: readonly number[]): boolean => {
  for (const [ahead, value] of values.entries()) {
    const at = log.entryWord(ahead);
    log.words[at] = value;
    log.words[at + 1] = 1 << 28;
  }
  return log.publish(values.length);
};
const takeOne = (log: PageRequestLog): number => {
  const value = log.words[log.wordOf(log.head())] ?? -1;
  log.retire();
  return value;
};

describe('the PPR log', () => {
  it('has 512 entries by default, 32768 at most', () => {
    expect([logEntries(0x9), logEntries(0xf)]).toEqual([512, 32_768]);
    expect(() => logEntries(0x10)).toThrow('no code of a log');
  });

  it('refuses what a ring can not be', () => {
    expect(() => pageRequestLog(new SharedArrayBuffer(4096), 0, 24)).toThrow('no power of two');
    expect(() => pageRequestLog(new SharedArrayBuffer(4096), 64, 2)).toThrow('not aligned');
  });

  it('logs nothing before it is enabled', () => {
    const log = pageRequestLog(new SharedArrayBuffer(pageRequestLogBytes(8)), 0, 8);
    expect(write(log, 1)).toBe(false);
    expect([log.isRunning(), log.tail()]).toEqual([false, 0]);
  });

  it('announces an entry before it is written, and erases it when retired', () => {
    const log = logOf(8);
    log.publish(1);
    expect(log.isWritten(0)).toBe(false);
    log.words[log.wordOf(0) + 1] = 1 << 28;
    expect(log.isWritten(0)).toBe(true);
    log.retire();
    const erased = log.words.slice(log.wordOf(0), log.wordOf(0) + PPR_LOG_ENTRY_WORDS);
    expect([...erased]).toEqual([0, 0, 0, 0]);
    expect(() => log.retire()).toThrow('the log is empty');
  });

  it('interrupts once until its status is taken', () => {
    const log = logOf(8);
    expect([write(log, 1), write(log, 2)]).toEqual([true, false]);
    expect(log.takeStatus()).toBe(PPR_INT | PPR_RUN);
    expect(log.status()).toBe(PPR_RUN);
    expect(write(log, 3)).toBe(true);
  });

  it('stops at an overflow, until restarted, and keeps what it had', () => {
    const log = logOf(4);
    write(log, 1, 2, 3);
    expect(log.room()).toBe(0);
    expect(log.overflow()).toBe(false); // the interrupt is still out
    expect(log.status()).toBe(PPR_INT | PPR_OVERFLOW);
    log.takeStatus();
    expect([takeOne(log), write(log, 4), log.tail()]).toEqual([1, false, 3]);
    log.restart();
    expect([log.head(), log.tail(), log.isRunning()]).toEqual([1, 3, true]);
    expect(write(log, 4)).toBe(true);
    expect([takeOne(log), takeOne(log), takeOne(log)]).toEqual([2, 3, 4]);
  });

  it('is not restarted while it runs', () => {
    const log = logOf(4);
    write(log, 1);
    log.restart();
    expect(log.status()).toBe(PPR_INT | PPR_RUN);
  });

  it('gives its pointers as byte offsets', () => {
    const log = logOf(4);
    expect([log.offsetBytes(3), log.offsetBytes(4)]).toEqual([48, 0]);
  });

  it('behaves as a queue with a stop in every run', () => {
    const commands = fc.array(fc.constantFrom('log', 'take', 'status', 'restart'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(commands, (run) => {
        const log = logOf(4);
        const queue: number[] = [];
        let running = true;
        let next = 0;
        for (const command of run) {
          if (command === 'log') {
            next += 1;
            if (running && queue.length === 3) {
              log.overflow();
              running = false;
            } else if (running) {
              write(log, next);
              queue.push(next);
            } else expect(write(log, next)).toBe(false);
          } else if (command === 'take') {
            if (queue.length > 0) expect(takeOne(log)).toBe(queue.shift());
          } else if (command === 'status') log.takeStatus();
          else {
            log.restart();
            running = true;
          }
          expect(log.isRunning()).toBe(running);
          expect(log.room()).toBe(3 - queue.length);
        }
      }),
    );
  });
});
