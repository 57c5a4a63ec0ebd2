/**
 * Goal:   what the threads of a storm write and read word by word is what the codecs write and read byte by byte.
 * Method: property runs over both; the codecs themselves are held against the specification elsewhere.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pasid, prgIndex, requesterId } from '../../../../src/core/ids.ts';
import { accessBits } from '../../../../src/hw/access.ts';
import { decodeCommand } from '../../../../src/hw/amd/commands.ts';
import {
  completionDevice,
  completionPasid,
  completionStatus,
  completionTag,
  writeCompletionWords,
} from '../../../../src/hw/amd/page-request-completion.ts';
import {
  decodeLogEntry,
  encodeLogEntry,
  logEntryAccess,
  logEntryDevice,
  logEntryHasReservedBit,
  logEntryIsLast,
  logEntryIsRequest,
  logEntryPasid,
  logEntryPfnHigh,
  logEntryPfnLow,
  logEntryTag,
  writeLogEntryWords,
} from '../../../../src/hw/amd/page-request-log-entry.ts';
import { pasids, requests } from '../page-requests.ts';

const WORDS = 8;
const AT = 4;

describe('a PPR log entry', () => {
  it('is written word by word as it is byte by byte', () => {
    fc.assert(
      fc.property(requests, pasids, (request, number) => {
        const words = new Int32Array(WORDS).fill(-1);
        const { rid, prgi, iovaPfn, access, last } = request;
        const [low, high] = [iovaPfn % 2 ** 32, Math.floor(iovaPfn / 2 ** 32)];
        const bits = accessBits(access);
        writeLogEntryWords(words, AT, rid, number, prgi, low, high, bits, last);
        expect(decodeLogEntry(new DataView(words.buffer), AT * 4)).toEqual({
          ok: true,
          value: { request: { ...request, pasid: number }, reservedBit: false },
        });
        expect([...words.subarray(0, AT)]).toEqual([-1, -1, -1, -1]);
      }),
    );
  });

  it('is read word by word as it was written', () => {
    fc.assert(
      fc.property(requests, fc.boolean(), (request, reservedBit) => {
        const words = new Int32Array(WORDS);
        encodeLogEntry(new DataView(words.buffer), AT * 4, { request, reservedBit });
        expect({
          isRequest: logEntryIsRequest(words, AT),
          rid: logEntryDevice(words, AT),
          pasid: logEntryPasid(words, AT),
          tag: logEntryTag(words, AT),
          last: logEntryIsLast(words, AT),
          reservedBit: logEntryHasReservedBit(words, AT),
          access: logEntryAccess(words, AT),
          pfn: logEntryPfnHigh(words, AT) * 2 ** 32 + logEntryPfnLow(words, AT),
        }).toEqual({
          isRequest: true,
          rid: request.rid,
          pasid: request.pasid ?? -1,
          tag: request.prgi,
          last: request.last,
          reservedBit,
          access: accessBits(request.access),
          pfn: request.iovaPfn,
        });
      }),
    );
  });
});

describe('a completion', () => {
  it('is the command of that name, with and without a PASID', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.option(pasids, { nil: undefined }),
        fc.nat(511),
        fc.nat(15),
        (rid, number, tag, status) => {
          const words = new Int32Array(WORDS).fill(-1);
          writeCompletionWords(words, AT, rid, number ?? -1, tag, status);
          expect(decodeCommand(new DataView(words.buffer), AT * 4)).toEqual({
            ok: true,
            value: {
              kind: 'complete-page-request',
              device: requesterId(rid),
              pasid: number === undefined ? undefined : pasid(number),
              prgi: prgIndex(tag),
              status,
            },
          });
          const read = [completionDevice, completionPasid, completionTag, completionStatus];
          expect(read.map((of) => of(words, AT))).toEqual([rid, number ?? -1, tag, status]);
        },
      ),
    );
  });
});
