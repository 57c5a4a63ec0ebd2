/**
 * Objects against a tiny reference of who uses whom: ids, what can be destroyed, what goes along, what is left.
 *
 * The reference knows nothing of attach rules or faults: whether a call may be made is our iommufd's word, what is
 * alive after it is the reference's.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { soak } from '../../../load/soak/soak.ts';
import type { FaultQueueFile } from '../../../src/iommufd/fault-queue-file.ts';
import { IommufdError } from '../../../src/iommufd/iommufd-error.ts';
import { openIommufd } from '../../../src/iommufd/open-iommufd.ts';

/** What each id uses; a file that is open uses its own object. */
class Reference {
  readonly uses = new Map<number, number[]>();

  free(): number {
    for (let id = 1; ; id += 1) if (!this.uses.has(id)) return id;
  }
  add(...uses: number[]): number {
    const id = this.free();
    this.uses.set(id, uses);
    return id;
  }
  users(id: number): number {
    return [...this.uses.values()].flat().filter((used) => used === id).length;
  }
  ids(): number[] {
    return [...this.uses.keys()].sort((a, b) => a - b);
  }
}

type Step = {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly flag: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'ioas',
    'bind',
    'fault',
    'hwpt',
    'hwpt',
    'nested',
    'viommu',
    'vdevice',
    'attach',
    'replace',
    'replace',
    'detach',
    'close',
    'destroy',
    'destroy',
    'report',
  ),
  a: fc.nat(14),
  b: fc.nat(14),
  flag: fc.boolean(),
});

function run(steps: readonly Step[]): void {
  const iommufd = openIommufd();
  const { calls } = iommufd;
  const reference = new Reference();
  const files = new Map<number, FaultQueueFile>();
  /** What each device id is attached to, by PASID; and the page tables that attaches made. */
  const attached = new Map<number, Map<number, number>>();
  const autos = new Map<number, number>();
  const selftests = new Map<number, number>();
  const leave = (device: number, pasid: number): void => {
    const table = attached.get(device)?.get(pasid);
    if (table === undefined) return;
    attached.get(device)?.delete(pasid);
    const uses = reference.uses.get(device);
    uses?.splice(uses.indexOf(table), 1);
    if (autos.has(table) && reference.users(table) === 0) {
      reference.uses.delete(table);
      autos.delete(table);
    }
  };
  const arrive = (device: number, pasid: number, table: number, target: number): void => {
    if (table !== target && !reference.uses.has(table)) {
      expect(reference.add(target)).toBe(table);
      autos.set(table, target);
    }
    if (attached.get(device)?.get(pasid) === table) return;
    reference.uses.get(device)?.push(table);
    leave(device, pasid);
    attached.get(device)?.set(pasid, table);
  };
  const perform = ({ kind, a, b, flag }: Step): void => {
    switch (kind) {
      case 'ioas':
        expect(iommufd.ioasAlloc().id).toBe(reference.add());
        return;
      case 'fault': {
        const file = iommufd.faultQueueAlloc();
        const id = reference.free();
        expect(file.id).toBe(reference.add(id));
        files.set(id, file);
        return;
      }
      case 'bind': {
        const { selftestId, devId, hwptId } = calls.mockDomain(a, flag ? 4 : 0);
        expect(selftestId).toBe(reference.add());
        expect(devId).toBe(reference.add());
        reference.uses.get(selftestId)?.push(devId);
        selftests.set(selftestId, devId);
        attached.set(devId, new Map());
        arrive(devId, 0, hwptId, a);
        return;
      }
      case 'hwpt': {
        const fault = flag ? files.keys().next().value : undefined;
        const flags = fault === undefined ? 9 : 12;
        const id = calls.hwptAlloc({ devId: a, ptId: b, flags, faultId: fault ?? 0 });
        expect(id).toBe(reference.add(b, ...(fault === undefined ? [] : [fault])));
        return;
      }
      case 'nested': {
        const data = { dataType: 57005, dataLength: 8, data: new Uint8Array(8) };
        expect(calls.hwptAlloc({ devId: a, ptId: b, flags: 8, ...data })).toBe(reference.add(b));
        return;
      }
      case 'viommu':
        expect(iommufd.viommuAlloc({ id: a }, { id: b }).id).toBe(reference.add(b));
        return;
      case 'vdevice':
        if (flag)
          expect(iommufd.vdeviceAlloc({ id: a }, { id: b }, 1n).id).toBe(reference.add(a, b));
        return;
      case 'attach':
      case 'replace': {
        const device = selftests.get(a);
        const pasid = flag ? 0 : 5;
        const table = kind === 'attach' ? calls.attach(a, pasid, b) : calls.replace(a, pasid, b);
        if (device !== undefined) arrive(device, pasid, table, b);
        return;
      }
      case 'detach': {
        calls.detach(a, flag ? 0 : 5);
        leave(selftests.get(a) ?? 0, flag ? 0 : 5);
        return;
      }
      case 'close': {
        files.get(a)?.close();
        files.delete(a);
        const uses = reference.uses.get(a);
        if (uses?.includes(a)) uses.splice(uses.indexOf(a), 1);
        return;
      }
      case 'report':
        calls.reportFault(a, { pasid: b, groupId: b, permissions: 3, address: 0n, last: flag });
        return;
    }
  };
  const destroy = (id: number): void => {
    const device = selftests.get(id);
    const expected = !reference.uses.has(id)
      ? 'ENOENT'
      : reference.users(id) > 0 || attached.get(device ?? 0)?.has(5) === true
        ? 'EBUSY'
        : undefined;
    const vdevice = [...reference.uses].find(([, uses]) => uses.length === 2 && uses[1] === device);
    expect(errnoOf(() => calls.destroy(id))).toBe(expected);
    if (expected !== undefined) return;
    if (device !== undefined) {
      leave(device, 0);
      reference.uses.delete(device);
      selftests.delete(id);
      // A tombstone: no object, and yet no id to give.
      if (vdevice !== undefined) throw new Tombstone();
    }
    reference.uses.delete(id);
    autos.delete(id);
  };
  try {
    for (const each of steps) {
      if (each.kind === 'destroy') destroy(each.a);
      else errnoOf(() => perform(each));
      expect(calls.objects.map(({ id }) => id)).toEqual(reference.ids());
    }
  } catch (error) {
    if (!(error instanceof Tombstone)) throw error;
  }
  for (const file of files.values()) file.close();
  iommufd.close();
  expect(Object.values(calls.left).every((count) => count === 0)).toBe(true);
}

/** The reference has no word for a vDEVICE whose device left; a run ends there. */
class Tombstone extends Error {}

/** @throws whatever isn't an IommufdError. */
function errnoOf(call: () => void): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof IommufdError) return error.errno;
    throw error;
  }
}

describe('objects', () => {
  it('are counted as a tiny reference counts them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) =>
        run([
          { kind: 'ioas', a: 0, b: 0, flag: true },
          { kind: 'bind', a: 1, b: 0, flag: true },
          ...steps,
        ]),
      ),
      { numRuns: 400, seed: 7 },
    );
  });

  it('leave nothing behind after random operations of all kinds, which throw nothing but IommufdError', () => {
    const { left, done, responses } = soak(30_000, 11);
    expect(left).toEqual([]);
    expect(done).toBeGreaterThan(5_000);
    expect(responses).toBeGreaterThan(500);
  });
});
