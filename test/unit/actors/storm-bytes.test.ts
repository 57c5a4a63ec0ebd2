/**
 * Goal:   what lies in the rings during a storm is what the codecs of the unit decode, entry by entry, and it is what
 *         the devices asked and what the driver answered and commanded.
 * Method: a storm in one thread. After every step a second reader goes over what is new in the shared memory, through
 *         the codecs that read bytes and are themselves held against the specification; the threads use others.
 */
import { describe, expect, it } from 'vitest';

import type { Storm } from '../../../src/actors/storm-assembly.ts';
import { decodeCommand as decodeAmdCommand } from '../../../src/hw/amd/commands.ts';
import { decodeLogEntry } from '../../../src/hw/amd/page-request-log-entry.ts';
import { decodeCommand as decodeSmmuCommand } from '../../../src/hw/smmuv3/command-decoding.ts';
import { decodeEvent } from '../../../src/hw/smmuv3/event-entry.ts';
import { readInvalidationWords } from '../../../src/hw/vtd/invalidation-decoding.ts';
import { decodePageGroupResponse } from '../../../src/hw/vtd/page-group-response.ts';
import { decodePageRequest } from '../../../src/hw/vtd/page-request-descriptor.ts';
import { COMMAND_QUEUE, RESPONSE } from '../../../src/workers/storm-layout.ts';
import { unitKindOf } from '../../../src/workers/unit-kind.ts';
import { WordQueue } from '../../../src/workers/word-queue.ts';
import { PLAN } from '../cli/fixture.ts';
import { oneThreadStorm } from './one-thread-storm.ts';

/** First requester ID of a storm, and from one device to the next. */
const [FIRST_RID, RID_STEP] = [0x100, 8];
/** First page of the windows of every process. */
const BASE_PFN = 2 ** 30;

type Request = {
  rid: number;
  pasid: number | undefined;
  index: number;
  last: boolean;
  pfn: number;
};
type Answer = { rid: number; index: number; good: boolean };

/** One kind of unit's rings, as somebody reads them who has only the specification. */
type Reader = {
  readonly ring: {
    /** Byte offsets: of the register that tells what was written, and of the entries. */
    readonly tail: number;
    readonly entries: number;
    readonly bytes: number;
    /** Entries written so far, by that register; `seen` were before. */
    readonly count: (register: number, seen: number, size: number) => number;
    readonly decode: (ring: DataView, offset: number) => Request;
  };
  readonly answer: (bytes: DataView, offset: number) => Answer;
  readonly command: (words: Int32Array, at: number) => string;
  readonly commands: { readonly entries: number; readonly words: number };
};

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: unknown }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const LINE = 128;
const READERS: Readonly<Record<string, Reader>> = {
  vtd: {
    ring: {
      tail: 0,
      entries: 3 * LINE,
      bytes: 32,
      count: (register) => register,
      decode: (ring, offset) => {
        const request = value(decodePageRequest(ring, offset));
        if (request.kind !== 'page-request') throw new Error(request.kind);
        const { rid, pasid, prgi, last, iovaPfn } = request;
        return { rid, pasid, index: prgi, last, pfn: iovaPfn };
      },
    },
    answer: (bytes, offset) => {
      const { rid, prgi, wireCode } = value(decodePageGroupResponse(bytes, offset));
      return { rid, index: prgi, good: wireCode === 0 };
    },
    command: (words, at) => value(readInvalidationWords(words, at)).kind,
    commands: { entries: 256, words: 8 },
  },
  amd: {
    ring: {
      tail: 0,
      entries: 4 * LINE,
      bytes: 16,
      count: (register) => register,
      decode: (ring, offset) => {
        const { request, reservedBit } = value(decodeLogEntry(ring, offset));
        if (reservedBit) throw new Error('a reserved bit');
        const { rid, pasid, prgi, last, iovaPfn } = request;
        return { rid, pasid, index: prgi, last, pfn: iovaPfn };
      },
    },
    answer: (bytes, offset) => {
      const command = value(decodeAmdCommand(bytes, offset));
      if (command.kind !== 'complete-page-request') throw new Error(command.kind);
      // The function's own domain is an identity domain: no GN.
      expect(command.pasid).toBeUndefined();
      return { rid: command.device, index: command.prgi, good: command.status === 0 };
    },
    command: (words, at) =>
      value(decodeAmdCommand(new DataView(words.buffer, words.byteOffset), at * 4)).kind,
    commands: { entries: 512, words: 4 },
  },
  smmuv3: {
    ring: {
      tail: 0,
      entries: 2 * LINE,
      bytes: 32,
      // Index and wrap bit: laps of twice the size.
      count: (register, seen, size) => seen + ((register - seen) & (2 * size - 1)),
      decode: (ring, offset) => {
        const { id, stream, pasid, stallTag, iovaPfn } = decodeEvent(ring, offset);
        if (id !== 0x10 || stallTag === undefined) throw new Error(`event ${id}`);
        return { rid: stream, pasid, index: stallTag, last: true, pfn: iovaPfn };
      },
    },
    answer: (bytes, offset) => {
      const command = value(decodeSmmuCommand(bytes, offset));
      if (command.kind !== 'resume') throw new Error(command.kind);
      return { rid: command.stream, index: command.stallTag, good: command.response === 'retry' };
    },
    command: (words, at) => {
      const command = value(
        decodeSmmuCommand(new DataView(words.buffer, words.byteOffset), at * 4),
      );
      return 'of' in command ? `${command.kind} ${command.of}` : command.kind;
    },
    commands: { entries: 256, words: 4 },
  },
};

/** Goes over what is new since it last looked. */
class SecondReader {
  readonly #reader: Reader;
  readonly requests: Request[] = [];
  readonly answers: Answer[] = [];
  readonly commands = new Set<string>();
  #requests = 0;
  #commands = 0;
  readonly #answered: number[] = [];

  constructor(driver: string) {
    const reader = READERS[unitKindOf(driver)];
    if (reader === undefined) throw new Error(driver);
    this.#reader = reader;
  }

  look({ memory }: Storm): void {
    const { ring, commands } = this.#reader;
    const size = memory.sizes.ringEntries;
    const bytes = new DataView(memory.ring);
    const written = ring.count(bytes.getInt32(ring.tail, true), this.#requests, size);
    for (; this.#requests < written; this.#requests += 1) {
      const offset = ring.entries + (this.#requests % size) * ring.bytes;
      this.requests.push(ring.decode(bytes, offset));
    }
    for (const [responder, words] of memory.responses.entries()) {
      const queue = new WordQueue(words, RESPONSE.words);
      const view = new DataView(words.buffer, words.byteOffset);
      for (let count = this.#answered[responder] ?? 0; count < queue.tail(); count += 1) {
        this.answers.push(this.#reader.answer(view, queue.recordAt(count) * 4));
      }
      this.#answered[responder] = queue.tail();
    }
    const queued = memory.invalidation[COMMAND_QUEUE.tail] ?? 0;
    for (; this.#commands < queued; this.#commands += 1) {
      const at = COMMAND_QUEUE.entries + (this.#commands % commands.entries) * commands.words;
      this.commands.add(this.#reader.command(memory.invalidation, at));
    }
  }
}

const GROUPS = 3000;
const plan = (driver: string) => ({
  ...PLAN,
  driver,
  pasids: 3,
  groups: GROUPS,
  rate: undefined,
  creditsPerDevice: 64,
  ringEntries: 256,
  unmap: 'answered' as const,
  rudeShare: 0,
});

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  vtd: ['pasid-cache', 'pasid-device-tlb', 'pasid-iotlb', 'wait'],
  amd: ['completion-wait', 'invalidate-device-entry', 'invalidate-iotlb-pages', 'invalidate-pages'],
  smmuv3: [
    'invalidate-configuration context-descriptor',
    'invalidate-tlb nh-asid',
    'invalidate-tlb nh-va',
    'sync',
  ],
};

describe.each(['vtd', 'amd', 'smmuv3'])('the rings of a storm on %s', (driver) => {
  it('hold what devices ask, in whole groups, and what each group is answered', async () => {
    const reader = new SecondReader(driver);
    const { storm, counter, offer, until, during } = await oneThreadStorm(plan(driver), (each) =>
      reader.look(each),
    );
    offer(true);
    await until(() => counter('groups') === GROUPS);
    await during(storm.fleet.stop());
    await during(storm.functions.detach());

    const pages = storm.load.windowPages * 2 * storm.plan.devices;
    const open = new Map<string, Request[]>();
    const groups: Request[][] = [];
    for (const request of reader.requests) {
      const device = (request.rid - FIRST_RID) / RID_STEP;
      expect(Number.isInteger(device) && device < storm.plan.devices).toBe(true);
      expect(request.pasid).toBeGreaterThan(0);
      expect(request.pasid).toBeLessThanOrEqual(storm.plan.pasids);
      expect(request.pfn - BASE_PFN).toBeGreaterThanOrEqual(0);
      expect(request.pfn - BASE_PFN).toBeLessThan(pages);
      const key = `${request.rid} ${request.index}`;
      const group = [...(open.get(key) ?? []), request];
      open.set(key, group);
      if (!request.last) continue;
      groups.push(group);
      open.delete(key);
    }
    expect(open.size).toBe(0);
    expect(reader.requests.length).toBe(counter('requests'));
    expect(groups.length).toBe(GROUPS);
    // A group is of one PASID, and its pages follow each other.
    for (const group of groups) {
      const [first] = group;
      expect(group.map(({ pasid }) => pasid)).toEqual(group.map(() => first?.pasid));
      expect(group.map(({ pfn }) => pfn - (first?.pfn ?? 0))).toEqual(group.map((_, page) => page));
    }
    const most = driver === 'smmuv3' ? 1 : storm.plan.groupPagesMax;
    expect(Math.max(...groups.map(({ length }) => length))).toBe(most);

    // Each index is answered as often as it was used.
    const uses = (all: readonly { rid: number; index: number }[]) =>
      all.map(({ rid, index }) => `${rid} ${index}`).sort();
    expect(uses(reader.answers)).toEqual(uses(groups.flatMap((group) => group.slice(-1))));
    expect(reader.answers.every(({ good }) => good)).toBe(true);
    expect([...reader.commands].sort()).toEqual(COMMANDS[driver]?.toSorted());
    expect(storm.unit.breaches).toEqual([]);
  });
});
