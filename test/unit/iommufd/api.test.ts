/** An iommufd in the words of the field, and as the bytes of its system calls. */
import { describe, expect, it } from 'vitest';

import type { AnsweredFault } from '../../../src/iommufd/fault-queue-file.ts';
import { ioctl } from '../../../src/iommufd/ioctl.ts';
import { IommufdError } from '../../../src/iommufd/iommufd-error.ts';
import type { OpenFile } from '../../../src/iommufd/open-file.ts';
import { openIommufd } from '../../../src/iommufd/open-iommufd.ts';
import { CALL, FAULT_RECORD } from '../../../src/iommufd/uapi.ts';

function opened() {
  const responses: AnsweredFault[] = [];
  const iommufd = openIommufd({ onPageResponse: (response) => responses.push(response) });
  const ioas = iommufd.ioasAlloc();
  const device = iommufd.bindDevice(ioas, { pasids: true });
  const faultQueue = iommufd.faultQueueAlloc();
  return { iommufd, ioas, device, faultQueue, responses };
}

const errnoOf = (call: () => unknown): string => {
  try {
    call();
    return 'none';
  } catch (error) {
    return error instanceof IommufdError ? error.errno : String(error);
  }
};

describe('an open iommufd', () => {
  it('hands a fault to its reader and the answer to the driver', () => {
    const { iommufd, ioas, device, faultQueue, responses } = opened();
    const hwpt = iommufd.hwptAlloc(device, ioas, { faultQueue });
    device.replace(hwpt);
    expect(device.fault({ groupId: 9, address: 0xdead_beef_0000_1234n })).toBe(0);
    expect(faultQueue.poll()).toBe(true);
    expect(faultQueue.read()).toEqual([
      {
        cookie: 1,
        deviceId: device.id,
        pasid: undefined,
        groupId: 9,
        permissions: 3,
        address: 0xdead_beef_0000_1234n,
        last: true,
      },
    ]);
    expect(faultQueue.write([{ cookie: 1, code: 'success' }])).toBe(1);
    expect(responses).toMatchObject([{ pasid: 0, groupId: 9, code: 'success' }]);
  });

  it('answers invalid what a detach leaves behind, newest unread first', () => {
    const { iommufd, ioas, device, faultQueue, responses } = opened();
    device.replace(iommufd.hwptAlloc(device, ioas, { faultQueue, pasid: true }));
    for (const groupId of [1, 2, 3]) device.fault({ groupId });
    faultQueue.read(1);
    device.detach();
    expect(responses.map(({ groupId, code }) => [groupId, code])).toEqual([
      [3, 'invalid'],
      [2, 'invalid'],
      [1, 'invalid'],
    ]);
    expect(errnoOf(() => faultQueue.write([{ cookie: 1, code: 'success' }]))).toBe('EINVAL');
  });

  it('maps where it is told, or where there is room', () => {
    const { ioas } = opened();
    const piece = { userAddress: 0x1000n, length: 0x2000n };
    expect(ioas.map({ ...piece, iova: 0x200_0000n })).toBe(0x200_0000n);
    expect(ioas.map(piece)).toBe(0x100_0000n);
    expect(errnoOf(() => ioas.map({ ...piece, iova: 0x200_1000n }))).toBe('EEXIST');
    expect(errnoOf(() => ioas.unmap(0x200_0000n, 0x1000n))).toBe('ENOENT');
    expect(ioas.unmap(0x200_0000n, 0x2000n)).toBe(0x2000n);
  });

  it('says why it refuses', () => {
    const { iommufd, ioas, device } = opened();
    expect(() => iommufd.destroy(ioas)).toThrow('EBUSY: something uses the object (id 1)');
    expect(() => device.attach(ioas)).toThrow(
      'EBUSY: the device has something attached to its function',
    );
    const plain = iommufd.hwptAlloc(device, ioas);
    expect(() => device.attach(plain, 5)).toThrow('EINVAL: the page table is not made for a PASID');
  });

  it('keeps a device whose PASIDs are attached, and lets it go once they are not', () => {
    const { iommufd, ioas, device } = opened();
    const hwpt = iommufd.hwptAlloc(device, ioas, { pasid: true });
    device.replace(hwpt);
    device.attach(hwpt, 3);
    expect(errnoOf(() => device.unbind())).toBe('EBUSY');
    device.detach(3);
    device.unbind();
    expect(errnoOf(() => device.fault({ groupId: 1 }))).toBe('ENOENT');
  });

  it('lets thousands share one page table and one queue', () => {
    const { iommufd, ioas, device, faultQueue, responses } = opened();
    const hwpt = iommufd.hwptAlloc(device, ioas, { faultQueue, pasid: true });
    device.replace(hwpt);
    for (let pasid = 1; pasid <= 5_000; pasid += 1) if (pasid !== 1024) device.attach(hwpt, pasid);
    for (let groupId = 0; groupId < 200; groupId += 1) device.fault({ groupId, pasid: 4_999 });
    expect(faultQueue.read(1_000)).toHaveLength(200);
    device.detach(4_999);
    expect(responses).toHaveLength(200);
  });

  it('leaves nothing when closed, whatever was under way', () => {
    const { iommufd, ioas, device, faultQueue, responses } = opened();
    const hwpt = iommufd.hwptAlloc(device, ioas, { faultQueue, pasid: true });
    device.replace(hwpt);
    device.attach(hwpt, 3);
    device.fault({ groupId: 1, pasid: 3 });
    device.fault({ groupId: 2, last: false });
    iommufd.close();
    expect(iommufd.calls.objects.length).toBeGreaterThan(0);
    faultQueue.close();
    expect(responses).toMatchObject([{ groupId: 1, code: 'invalid' }]);
    expect(iommufd.calls.left).toEqual({
      objects: 0,
      handles: 0,
      groups: 0,
      requests: 0,
      sources: 0,
    });
    expect(errnoOf(() => iommufd.ioasAlloc())).toBe('EBADF');
  });
});

describe('a system call as bytes', () => {
  function caller() {
    const memory = new Uint8Array(256);
    const files: OpenFile[] = [];
    return {
      memory,
      files,
      lent: {
        memory: (address: bigint, length: number) =>
          address < 256n ? memory.subarray(Number(address), Number(address) + length) : undefined,
        install: (file: OpenFile) => files.push(file) + 2,
      },
    };
  }
  const words = (...values: number[]): Uint8Array => new Uint8Array(new Uint32Array(values).buffer);
  const wordsOf = (bytes: Uint8Array): number[] => [
    ...new Uint32Array(bytes.buffer.slice(0, bytes.length)),
  ];

  it('is answered in place', () => {
    const { calls } = openIommufd();
    const { lent, files } = caller();
    const ioas = words(12, 0, 0);
    ioctl(calls, 0x3b81, ioas, lent);
    expect(wordsOf(ioas)).toEqual([12, 0, 1]);
    calls.mockDomain(1, 0);
    const fault = words(16, 0, 0, 0);
    ioctl(calls, 0x3b8e, fault, lent);
    expect(wordsOf(fault)).toEqual([16, 0, 5, 3]);
    const hwpt = words(48, 4, 3, 1, 0, 0, 0, 0, 0, 0, 5, 0);
    ioctl(calls, 0x3b89, hwpt, lent);
    expect(wordsOf(hwpt)[4]).toBe(6);
    calls.replace(2, 0, 6);
    calls.reportFault(3, {
      pasid: 7,
      groupId: 0xaabbccdd,
      permissions: 6,
      address: 0x1122334455667788n,
      last: true,
    });
    const record = new Uint8Array(FAULT_RECORD.bytes);
    expect(files[0]?.poll().readable).toBe(false);
    calls.reportFault(3, {
      pasid: 0,
      groupId: 0xaabbccdd,
      permissions: 6,
      address: 0x1122334455667788n,
      last: true,
    });
    expect(files[0]?.read(record, 40)).toBe(40);
    expect(wordsOf(record)).toEqual([2, 3, 0, 0xaabbccdd, 6, 0, 0x55667788, 0x11223344, 0, 1]);
    expect(files[0]?.write(words(1, 1), 8)).toBe(8);
  });

  it('is checked for its size first', () => {
    const { calls } = openIommufd();
    const { lent } = caller();
    const call = (command: number, bytes: Uint8Array): string =>
      errnoOf(() => ioctl(calls, command, bytes, lent));
    expect(call(0x3b81, words(8, 0, 0))).toBe('EINVAL');
    expect(call(0x3b81, words(16, 0, 0, 0))).toBe('none');
    expect(call(0x3b81, words(16, 0, 0, 1))).toBe('E2BIG');
    expect(call(0x3b81, words(64, 0, 0))).toBe('EFAULT');
    expect(call(0x3b81, words(12, 1, 0))).toBe('EOPNOTSUPP');
    expect(call(0x3bff, words(12, 1, 0))).toBe('ENOTTY');
    expect(call(0x3b80, words(8, 77))).toBe('ENOENT');
  });

  it('tells how many requests were done although the next was wrong', () => {
    const { calls } = openIommufd();
    const { lent, memory } = caller();
    calls.ioasAlloc();
    calls.mockDomain(1, 0);
    const parent = calls.hwptAlloc({ devId: 3, ptId: 1, flags: 1 });
    const data = { dataType: 57005, dataLength: 8, data: new Uint8Array(8) };
    const nested = calls.hwptAlloc({ devId: 3, ptId: parent, ...data });
    memory.set(words(0, 1, 0, 9), 64);
    const struct = words(32, nested, 64, 0, 0xdeadbeef, 8, 2, 0);
    expect(errnoOf(() => ioctl(calls, 0x3b8d, struct, lent))).toBe('EINVAL');
    expect(wordsOf(struct)[6]).toBe(1);
    expect(calls.iotlb(nested)).toEqual([0, 0, 0, 0]);
  });

  it('tells what a device can do, as far as there is room', () => {
    const { calls } = openIommufd();
    const { lent, memory } = caller();
    calls.ioasAlloc();
    calls.mockDomain(1, 4);
    const struct = words(40, 0, 3, 6, 64, 0, 0, 0, 0, 0);
    ioctl(calls, 0x3b8a, struct, lent);
    expect(wordsOf(struct)).toEqual([40, 0, 3, 8, 64, 0, 0xfeedbeef, 20, 9, 0]);
    expect([...memory.subarray(64, 72)]).toEqual([0, 0, 0, 0, 0xef, 0xbe, 0, 0]);
    expect(errnoOf(() => ioctl(calls, 0x3b8b, words(16, 1, 4, 0), lent))).toBe('EOPNOTSUPP');
  });

  it('has structures of the sizes that the kernel prints', () => {
    const sizes = Object.fromEntries(
      Object.entries(CALL).map(([name, { layout, minimum }]) => [name, [minimum, layout.bytes]]),
    );
    expect(sizes).toEqual({
      destroy: [8, 8],
      ioasAlloc: [12, 12],
      ioasCopy: [40, 40],
      ioasIovaRanges: [32, 32],
      ioasMap: [40, 40],
      ioasUnmap: [24, 24],
      hwptAlloc: [24, 48],
      getHwInfo: [32, 40],
      setDirtyTracking: [16, 16],
      hwptInvalidate: [32, 32],
      faultAlloc: [16, 16],
      viommuAlloc: [24, 40],
      vdeviceAlloc: [24, 24],
      veventqAlloc: [32, 32],
      hwQueueAlloc: [40, 40],
    });
  });
});
