/**
 * Goal:   queue entries and commands have the bytes of the specification, and the pointers wrap and overflow by its rules.
 * Method: words worked out by hand, property runs read by BigInt, and random commands against an array for a queue.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { iovaPfn, pasid, prgIndex } from '../../../../src/core/ids.ts';
import { decodeCommand } from '../../../../src/hw/smmuv3/command-decoding.ts';
import {
  encodeCommand,
  resumeFor,
  type SmmuCommand,
  writeCommandWords,
} from '../../../../src/hw/smmuv3/commands.ts';
import {
  decodeEvent,
  encodeEvent,
  type FaultEvent,
  HANDLED_EVENTS,
  handledEvent,
} from '../../../../src/hw/smmuv3/event-entry.ts';
import {
  decodePriEntry,
  encodePriEntry,
  type StreamPageRequest,
} from '../../../../src/hw/smmuv3/page-request-entry.ts';
import {
  acknowledged,
  advanced,
  overflowed,
  type QueuePointers,
  queueHasOverflowed,
  queueIndex,
  queueIsEmpty,
  queueIsFull,
} from '../../../../src/hw/smmuv3/queue-pointers.ts';
import { accesses, maybePasids, pfns } from '../page-requests.ts';
import { quadwordsOf, readFields, viewOf, wordsOf } from '../quadwords.ts';
import { EVENT_FIELDS, PRI_QUEUE_FIELDS } from './quadword-tables.ts';

const STREAM = 0x50;
const PASID = pasid(1);
const NOTHING = { read: false, write: false, exec: false, privileged: false };
const streams = fc.nat().map((value) => value % 2 ** 32);

describe('a PRI queue entry', () => {
  const request: StreamPageRequest = {
    stream: STREAM,
    pasid: PASID,
    prgi: prgIndex(3),
    iovaPfn: iovaPfn(0x7f1234567),
    access: { ...NOTHING, read: true, write: true },
    last: true,
  };
  const encoded = (of: StreamPageRequest): DataView => {
    const view = new DataView(new ArrayBuffer(16));
    encodePriEntry(view, 0, of);
    return view;
  };

  it('has the bytes worked out by hand', () => {
    expect(quadwordsOf(encoded(request))).toEqual([0xf000000100000050n, 0x7f1234567003n]);
  });

  it('of a stop marker is last and asks for nothing', () => {
    expect(decodePriEntry(viewOf(0xc000000100000050n, 0n), 0)).toMatchObject({
      last: true,
      access: NOTHING,
      pasid: 1,
    });
  });

  it('comes back from its bytes, which say what BigInt reads', () => {
    const some = fc.record({
      stream: streams,
      pasid: maybePasids,
      prgi: fc.nat(511).map(prgIndex),
      iovaPfn: pfns,
      access: accesses,
      last: fc.boolean(),
    });
    fc.assert(
      fc.property(some, (of) => {
        expect(decodePriEntry(encoded(of), 0)).toEqual(of);
        expect(readFields(encoded(of), PRI_QUEUE_FIELDS)).toMatchObject({
          sid: of.stream,
          ssid: of.pasid ?? 0,
          ssv: of.pasid === undefined ? 0 : 1,
          prgIndex: of.prgi,
          addr: of.iovaPfn,
        });
      }),
    );
  });
});

describe('an event entry', () => {
  const stall: FaultEvent = {
    id: HANDLED_EVENTS.translation,
    stream: STREAM,
    pasid: PASID,
    stallTag: 7,
    access: { ...NOTHING, read: true },
    secondStage: false,
    class: 2,
    tableRead: false,
    iovaPfn: iovaPfn(0x7f1234567),
    offset: 8,
    fetchPage: 0,
    fetchOffset: 0,
  };
  const encoded = (of: FaultEvent): DataView => {
    const view = new DataView(new ArrayBuffer(32));
    encodeEvent(view, 0, of);
    return view;
  };

  it('of a stalled read has the bytes worked out by hand', () => {
    expect(quadwordsOf(encoded(stall))).toEqual([
      0x0000005000001810n,
      0x0000020880000007n,
      0x7f1234567008n,
      0n,
    ]);
  });

  it('of a terminated transaction carries no tag, whatever the field holds', () => {
    expect(decodeEvent(viewOf(0x10n, 0x7n), 0)).toMatchObject({
      stallTag: undefined,
      access: { read: false, write: true },
    });
  });

  it('comes back from its bytes, which say what BigInt reads', () => {
    const some: fc.Arbitrary<FaultEvent> = fc.record({
      id: fc.nat(255),
      stream: streams,
      pasid: maybePasids,
      stallTag: fc.option(fc.nat(0xffff), { nil: undefined }),
      access: accesses.map((access) => ({ ...access, write: !access.read })),
      secondStage: fc.boolean(),
      class: fc.nat(3),
      tableRead: fc.boolean(),
      iovaPfn: pfns,
      offset: fc.nat(4095),
      fetchPage: fc.nat().map((value) => (value * 512) % 2 ** 40),
      fetchOffset: fc.nat(511),
    });
    fc.assert(
      fc.property(some, (of) => {
        expect(decodeEvent(encoded(of), 0)).toEqual(of);
        expect(readFields(encoded(of), EVENT_FIELDS)).toMatchObject({
          id: of.id,
          stag: of.stallTag ?? 0,
          stall: of.stallTag === undefined ? 0 : 1,
          readNotWrite: of.access.read ? 1 : 0,
          addressPage: of.iovaPfn,
          fetchPage: of.fetchPage,
        });
      }),
    );
  });

  it.each([0x02, 0x03, 0x09, 0x25])('of number %d is only logged', (id) => {
    expect(handledEvent(id)).toBeUndefined();
  });
  it.each(Object.entries(HANDLED_EVENTS))('%s is handled', (name, id) => {
    expect(handledEvent(id)).toBe(name);
  });
});

const tlb = (
  of: Extract<SmmuCommand, { kind: 'invalidate-tlb' }>['of'],
  rest: Partial<Extract<SmmuCommand, { kind: 'invalidate-tlb' }>> = {},
): SmmuCommand => ({
  kind: 'invalidate-tlb',
  of,
  vmid: 0,
  asid: 0,
  page: 0,
  leaf: false,
  num: 0,
  scale: 0,
  ttl: 0,
  tg: 0,
  ...rest,
});

const COMMANDS: readonly (readonly [string, SmmuCommand, bigint, bigint])[] = [
  [
    'CFGI_STE',
    { kind: 'invalidate-configuration', of: 'stream-entry', stream: STREAM, ssid: 0, leaf: true },
    0x5000000003n,
    1n,
  ],
  [
    'CFGI_CD',
    {
      kind: 'invalidate-configuration',
      of: 'context-descriptor',
      stream: STREAM,
      ssid: 1,
      leaf: true,
    },
    0x5000001005n,
    1n,
  ],
  [
    'CFGI_CD_ALL',
    {
      kind: 'invalidate-configuration',
      of: 'context-descriptors',
      stream: STREAM,
      ssid: 0,
      leaf: false,
    },
    0x5000000006n,
    0n,
  ],
  ['CFGI_ALL', { kind: 'invalidate-streams', stream: 0, range: 31 }, 0x4n, 0x1fn],
  ['TLBI_NH_ALL', tlb('nh-all', { vmid: 5 }), 0x500000010n, 0n],
  ['TLBI_NH_ASID', tlb('nh-asid', { asid: 9 }), 0x9000000000011n, 0n],
  [
    'TLBI_NH_VA',
    tlb('nh-va', { asid: 9, page: 0x7f1234567, leaf: true }),
    0x9000000000012n,
    0x7f1234567001n,
  ],
  ['TLBI_NH_VAA', tlb('nh-vaa', { vmid: 5, page: 1 }), 0x500000013n, 0x1000n],
  ['TLBI_EL2_ALL', tlb('el2-all'), 0x20n, 0n],
  ['TLBI_EL2_ASID', tlb('el2-asid', { asid: 9 }), 0x9000000000021n, 0n],
  [
    'TLBI_EL2_VA, a range',
    tlb('el2-va', { asid: 9, page: 1, num: 3, scale: 2, ttl: 3, tg: 1 }),
    0x9000000203022n,
    0x1700n,
  ],
  ['TLBI_S12_VMALL', tlb('s12-vmall', { vmid: 5 }), 0x500000028n, 0n],
  ['TLBI_S2_IPA', tlb('s2-ipa', { vmid: 5, page: 2 }), 0x50000002an, 0x2000n],
  ['TLBI_NSNH_ALL', tlb('nsnh-all'), 0x30n, 0n],
  [
    'ATC_INV, all of a PASID',
    { kind: 'invalidate-atc', stream: STREAM, pasid: PASID, global: false, page: 0, order: 52 },
    0x5000001840n,
    0x34n,
  ],
  [
    'ATC_INV, global',
    { kind: 'invalidate-atc', stream: STREAM, pasid: undefined, global: true, page: 8, order: 3 },
    0x5000000240n,
    0x8003n,
  ],
  ...(['deny', 'fail', 'success'] as const).map(
    (response, code) =>
      [
        `PRI_RESP ${response}`,
        { kind: 'respond-to-group', stream: STREAM, pasid: PASID, prgi: prgIndex(3), response },
        0x5000001841n,
        BigInt(code * 0x1000 + 3),
      ] as const,
  ),
  ...(['terminate', 'retry', 'abort'] as const).map(
    (response, code) =>
      [
        `RESUME ${response}`,
        { kind: 'resume', stream: STREAM, stallTag: 7, response },
        0x5000000044n + BigInt(code * 0x1000),
        7n,
      ] as const,
  ),
  ['CMD_SYNC', { kind: 'sync', signal: 'none' }, 0x46n, 0n],
  ['CMD_SYNC, event', { kind: 'sync', signal: 'event' }, 0x2046n, 0n],
];

describe('a command', () => {
  it.each(COMMANDS)('has the bytes worked out by hand: %s', (_, command, first, second) => {
    const view = new DataView(new ArrayBuffer(16));
    encodeCommand(view, 0, command);
    expect(quadwordsOf(view)).toEqual([first, second]);
    expect(decodeCommand(view, 0)).toEqual({ ok: true, value: command });
    const words = new Int32Array(4).fill(-1);
    writeCommandWords(words, 0, command);
    expect(words).toEqual(wordsOf(view));
  });

  it.each([0x00n, 0x01n, 0x45n, 0xffn])('of opcode %x is unknown', (opcode) => {
    expect(decodeCommand(viewOf(opcode), 0)).toEqual({
      ok: false,
      error: { code: 'unknown-opcode', opcode: Number(opcode) },
    });
  });

  it.each([
    ['PRI_RESP', 0x41n, 0x3000n],
    ['RESUME', 0x3044n, 0n],
    ['CMD_SYNC', 0x3046n, 0n],
  ])('with a reserved code is refused: %s', (_, first, second) => {
    expect(decodeCommand(viewOf(first, second), 0)).toMatchObject({
      error: { code: 'reserved-encoding' },
    });
  });

  it('resumes as Linux does: again after success, else an abort', () => {
    expect((['success', 'invalid', 'failure'] as const).map(resumeFor)).toEqual([
      'retry',
      'abort',
      'abort',
    ]);
  });
});

describe('queue pointers', () => {
  it('tell full from empty by the wrap bit', () => {
    expect(queueIsEmpty({ prod: 5, cons: 5, log2size: 2 })).toBe(true);
    expect(queueIsFull({ prod: 5, cons: 1, log2size: 2 })).toBe(true);
    expect(queueIsFull({ prod: 5, cons: 5, log2size: 2 })).toBe(false);
  });

  it('keep the overflow flag through an advance, and flag an overflow once', () => {
    const full = { prod: 4, cons: 0, log2size: 2 };
    const lost = overflowed(full);
    expect(lost.prod).toBe(0x80000004);
    expect(overflowed(lost)).toEqual(lost);
    expect(advanced(lost.prod, 2)).toBe(0x80000005);
    expect(queueHasOverflowed(acknowledged(lost))).toBe(false);
    expect(overflowed(acknowledged(lost)).prod).toBe(4);
  });

  it('behave as a queue that goes on recording while an overflow is unacknowledged', () => {
    fc.assert(
      fc.property(
        fc.nat(3),
        fc.array(fc.constantFrom('record', 'take', 'acknowledge'), { maxLength: 80 }),
        (log2size, commands) => {
          let pointers: QueuePointers = { prod: 0, cons: 0, log2size };
          const slots: number[] = [];
          const queue: number[] = [];
          let lost = false;
          let next = 0;
          for (const command of commands) {
            if (command === 'record') {
              next += 1;
              if (queueIsFull(pointers)) {
                expect(queue).toHaveLength(2 ** log2size);
                pointers = overflowed(pointers);
                lost = true;
              } else {
                slots[queueIndex(pointers.prod, log2size)] = next;
                queue.push(next);
                pointers = { ...pointers, prod: advanced(pointers.prod, log2size) };
              }
            } else if (command === 'take' && !queueIsEmpty(pointers)) {
              expect(slots[queueIndex(pointers.cons, log2size)]).toBe(queue.shift());
              pointers = { ...pointers, cons: advanced(pointers.cons, log2size) };
            } else if (command === 'acknowledge') {
              pointers = acknowledged(pointers);
              lost = false;
            }
            expect(queueIsEmpty(pointers)).toBe(queue.length === 0);
            expect(queueHasOverflowed(pointers)).toBe(lost);
          }
        },
      ),
    );
  });
});
