/** Commands have the bytes worked out by hand from the specification, and come back from them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { domainId, iovaPfn, pasid, prgIndex, requesterId } from '../../../../src/core/ids.ts';
import {
  type AmdCommand,
  COMPLETION_FAILURE_AS_SENT,
  COMPLETION_STATUS,
  decodeCommand,
  encodeCommand,
  writeCommandWords,
} from '../../../../src/hw/amd/commands.ts';
import { EVERY_PAGE, ORDER_ALL } from '../../../../src/hw/vtd/invalidation-range.ts';
import { pfns } from '../page-requests.ts';
import { quadwordsOf, viewOf, wordsOf } from '../quadwords.ts';

const DEVICE = requesterId(0x50);
const PASID = pasid(1);
const ONE_PAGE = { pfn: iovaPfn(0x7f1234567), order: 0 };
const EIGHT_PAGES = { pfn: iovaPfn(0x200), order: 3 };

const wait = (storeQuadword: number | undefined, dataLow = 0): AmdCommand => ({
  kind: 'completion-wait',
  storeQuadword,
  dataLow,
  dataHigh: 0,
});
const complete = (status: number, gn = true): AmdCommand => ({
  kind: 'complete-page-request',
  device: DEVICE,
  pasid: gn ? PASID : undefined,
  prgi: prgIndex(3),
  status,
});
const pages = (of: Partial<Extract<AmdCommand, { kind: 'invalidate-pages' }>>): AmdCommand => ({
  kind: 'invalidate-pages',
  domain: domainId(5),
  pasid: undefined,
  directories: false,
  range: ONE_PAGE,
  ...of,
});

const EXAMPLES: readonly (readonly [string, AmdCommand, bigint, bigint])[] = [
  ['completion wait', wait(0x12345678 / 8, 5), 0x1000000012345679n, 5n],
  ['completion wait without a store', wait(undefined), 0x1000000000000000n, 0n],
  ['device entry', { kind: 'invalidate-device-entry', device: DEVICE }, 0x2000000000000050n, 0n],
  ['a host page', pages({}), 0x3000000500000000n, 0x7f1234567000n],
  ['eight host pages', pages({ range: EIGHT_PAGES }), 0x3000000500000000n, 0x203001n],
  [
    'all host pages and directories',
    pages({ range: EVERY_PAGE, directories: true }),
    0x3000000500000000n,
    0x7ffffffffffff003n,
  ],
  [
    'all guest pages of a PASID',
    pages({ range: EVERY_PAGE, directories: true, pasid: PASID }),
    0x3000000500000001n,
    0x7ffffffffffff007n,
  ],
  [
    'all pages a device keeps of a PASID',
    {
      kind: 'invalidate-iotlb-pages',
      device: DEVICE,
      queueDepth: 32,
      pasid: pasid(0x1234),
      range: EVERY_PAGE,
    },
    0x4034005020120050n,
    0x7ffffffffffff005n,
  ],
  [
    'a page a device keeps',
    {
      kind: 'invalidate-iotlb-pages',
      device: DEVICE,
      queueDepth: 0,
      pasid: undefined,
      range: ONE_PAGE,
    },
    0x4000005000000050n,
    0x7f1234567000n,
  ],
  ['success', complete(COMPLETION_STATUS.success), 0x7000000100000050n, 0x300000004n],
  ['invalid', complete(COMPLETION_STATUS.invalid), 0x7000000100000050n, 0x100300000004n],
  ['failure', complete(COMPLETION_STATUS.failure), 0x7000000100000050n, 0xf00300000004n],
  ['failure as sent', complete(COMPLETION_FAILURE_AS_SENT), 0x7000000100000050n, 0x200300000004n],
  ['success without GN', complete(0, false), 0x7000000000000050n, 0x300000000n],
  ['everything', { kind: 'invalidate-all' }, 0x8000000000000000n, 0n],
];

describe('a command', () => {
  it.each(EXAMPLES)('has the bytes worked out by hand: %s', (_, command, first, second) => {
    const view = new DataView(new ArrayBuffer(16));
    encodeCommand(view, 0, command);
    expect(quadwordsOf(view)).toEqual([first, second]);
    expect(decodeCommand(view, 0)).toEqual({ ok: true, value: command });

    const words = new Int32Array(8).fill(-1);
    writeCommandWords(words, 4, command);
    expect(words.slice(4)).toEqual(wordsOf(view));
  });

  it.each([0x0n, 0x5n, 0x6n, 0x9n])('of opcode %x is unknown', (opcode) => {
    expect(decodeCommand(viewOf(opcode << 60n), 0)).toEqual({
      ok: false,
      error: { code: 'unknown-opcode', opcode: Number(opcode) },
    });
  });

  it.each([0x3n, 0x4n])('of opcode %x without a zero bit in its address is reserved', (opcode) => {
    expect(decodeCommand(viewOf(opcode << 60n, 0xfffffffffffff001n), 0)).toMatchObject({
      error: { code: 'reserved-encoding' },
    });
  });

  it('for pages comes back from its bytes, whatever block it names', () => {
    fc.assert(
      fc.property(
        pfns,
        fc.nat(ORDER_ALL),
        fc.nat(0xffff),
        fc.boolean(),
        (page, order, id, guest) => {
          const pfn = iovaPfn(Math.floor(page / 2 ** order) * 2 ** order);
          const range = { pfn, order };
          for (const command of [
            pages({ range, domain: domainId(id), pasid: guest ? pasid(id) : undefined }),
            {
              kind: 'invalidate-iotlb-pages',
              device: requesterId(id),
              queueDepth: id & 0xff,
              pasid: guest ? pasid(id) : undefined,
              range,
            } as const,
          ]) {
            const view = new DataView(new ArrayBuffer(16));
            encodeCommand(view, 0, command);
            expect(decodeCommand(view, 0)).toEqual({ ok: true, value: command });
          }
        },
      ),
    );
  });
});
