/** Goal: a guest's command is made the kernel's own, and what is not a guest's is refused. */
import { describe, expect, it } from 'vitest';

import { pasid, prgIndex } from '../../../../src/core/ids.ts';
import { encodeCommand, type SmmuCommand } from '../../../../src/hw/smmuv3/commands.ts';
import { GUEST_COMMAND_BYTES, guestCommandOf } from '../../../../src/hw/smmuv3/guest-command.ts';

const GUEST = {
  vmid: 7,
  streamOf: (virtual: number) => (virtual === 4 ? 0x108 : undefined),
};
const bytesOf = (command: SmmuCommand): DataView => {
  const bytes = new DataView(new ArrayBuffer(GUEST_COMMAND_BYTES));
  encodeCommand(bytes, 0, command);
  return bytes;
};
const asked = (command: SmmuCommand) => guestCommandOf(bytesOf(command), 0, GUEST);

const TLB = { kind: 'invalidate-tlb', of: 'nh-va', vmid: 0, asid: 5, page: 9 } as const;
const RANGE = { leaf: true, num: 0, scale: 0, ttl: 0, tg: 0 } as const;
const ATC = { kind: 'invalidate-atc', stream: 4, pasid: pasid(1), global: false, page: 0 } as const;

describe('a command of a guest', () => {
  it('gets the VMID of its second stage, whatever it says', () => {
    const given = asked({ ...TLB, ...RANGE, vmid: 99 });
    expect(given).toEqual({ ok: true, value: { ...TLB, ...RANGE, vmid: 7 } });
  });

  it('for everything is for everything of its own first stages', () => {
    const given = asked({ ...TLB, ...RANGE, of: 'nsnh-all' });
    expect(given).toMatchObject({ value: { of: 'nh-all', vmid: 7 } });
  });

  it('names the stream behind its number', () => {
    expect(asked({ ...ATC, order: 52 })).toMatchObject({ value: { stream: 0x108 } });
  });

  it.each([
    ['unknown-stream', { ...ATC, stream: 5, order: 52 }],
    ['foreign-command', { ...ATC, order: 53 }],
    ['foreign-command', { ...TLB, ...RANGE, of: 's12-vmall' }],
    ['foreign-command', { kind: 'sync', signal: 'none' }],
    ['foreign-command', { kind: 'resume', stream: 4, stallTag: 1, response: 'retry' }],
    [
      'foreign-command',
      {
        ...{ kind: 'respond-to-group', stream: 4, pasid: undefined },
        ...{ prgi: prgIndex(1), response: 'success' },
      },
    ],
  ] satisfies readonly (readonly [string, SmmuCommand])[])('is refused: %s', (code, command) => {
    expect(asked(command)).toEqual({ ok: false, error: { code } });
  });

  it('is refused with a reserved bit', () => {
    const bytes = bytesOf({ ...TLB, ...RANGE });
    bytes.setUint8(1, 0x01);
    expect(guestCommandOf(bytes, 0, GUEST)).toMatchObject({ error: { code: 'reserved-bits' } });
  });
});
