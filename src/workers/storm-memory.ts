/**
 * Storm memory: every word that the threads of a storm share, by name.
 *
 * Actor: made once by the main thread and handed to each thread, which builds its own views over it.
 * Units: table indices are documented beside each field; "words" are 32 bits.
 */
import { PRG_INDICES, VMAS_MAX } from '../core/limits.ts';
import { FRAME_WORDS } from '../hw/table-memory.ts';
import { freeListMemory } from './free-list.ts';
import { LINE_WORDS, powerOfTwo, sharedDoubles, sharedWords } from './lines.ts';
import {
  ALIKE_MAX,
  BREACH_KINDS,
  CHORE,
  CONTROL,
  COUNTER,
  EVENT_WORDS,
  EVENTS_MAX,
  FUNCTION,
  GROUP_RECORD,
  HIDDEN,
  LATENCY_WORDS,
  MAIL,
  RECORD_WORDS,
  RESOLVER,
  RESPONSE,
  STREAM,
  THREAD,
  VIOLATION_WORDS,
} from './storm-layout.ts';
import type { UnitKind } from './unit-kind.ts';
import { unitSizes } from './unit-sizes.ts';
import { wordQueueMemory } from './word-queue.ts';

export type StormSizes = {
  readonly devices: number;
  /** Address spaces that may live at once. */
  readonly mms: number;
  /** (device, process) pairs whose accesses a device makes. */
  readonly streams: number;
  /** PASIDs run from 0 to below this. */
  readonly pasidSpace: number;
  readonly resolvers: number;
  readonly ringEntries: number;
  /** Most groups that can be outstanding, and most page requests. */
  readonly groupsMax: number;
  readonly requestsMax: number;
  /** Frames of table memory, and data frames above them. */
  readonly tableFrames: number;
  readonly dataFrames: number;
  /** Events recorded from the start of the storm on; none when it is left out. */
  readonly recordedEvents?: number;
};

export type StormMemory = {
  readonly unit: UnitKind;
  readonly sizes: StormSizes;
  readonly control: Int32Array;
  readonly bells: Int32Array;
  readonly ring: SharedArrayBuffer;
  /** Hidden words of the request in each entry of the ring, where the entry itself has no room for them. */
  readonly hidden: Int32Array;
  readonly invalidation: Int32Array;
  /** One response ring a responder: the PRQ thread, then each resolver. */
  readonly responses: readonly Int32Array[];
  /** One queue of groups a resolver. */
  readonly queues: readonly Int32Array[];
  /** Attach-handle store: device * pasidSpace + PASID -> generation of the handle, 0 = empty. */
  readonly slots: Int32Array;
  /** Same index: generation of the handle that lives, 0 = freed. */
  readonly handles: Int32Array;
  /** Same index: address space of the handle's domain. */
  readonly handleMms: Int32Array;
  /** One a resolver, same index: the place in its queue behind the last group of the handle; the PRQ thread writes. */
  readonly lastGroups: readonly Int32Array[];
  /** Pending groups: device * PRG_INDICES + index -> request id, 0 = none. */
  readonly groups: Int32Array;
  readonly tables: Int32Array;
  /** Data frame - tableFrames -> times it went back to the allocator. */
  readonly frameEpochs: Int32Array;
  readonly frameList: Int32Array;
  readonly tableList: Int32Array;
  readonly mms: Int32Array;
  /** mm * LINE_WORDS: 1 while somebody wants the lock for writing. */
  readonly mmWriters: Int32Array;
  /** (mm * VMAS_MAX + index) * 2: first page and end, ascending. */
  readonly vmaRanges: Float64Array;
  readonly vmaBits: Int32Array;
  /** device * FUNCTION.words. */
  readonly functions: Int32Array;
  readonly streams: Int32Array;
  /** stream -> first page of its two windows. */
  readonly streamBases: Float64Array;
  readonly scriptStarts: Int32Array;
  readonly scriptKinds: Int32Array;
  readonly scriptPages: Float64Array;
  readonly mailbox: Int32Array;
  readonly chores: Int32Array;
  readonly resolvers: Int32Array;
  /** Page requests and groups exceed 32 bits in a soak: the device thread keeps the totals as doubles too. */
  readonly totals: Float64Array;
  readonly latencies: Int32Array;
  readonly violations: Int32Array;
  readonly events: Int32Array;
  readonly recording: Int32Array;
};

/** Script operations flattened: every process script one after the other. */
export type FlatScripts = {
  readonly starts: readonly number[];
  readonly kinds: readonly number[];
  readonly pfns: readonly number[];
};

const control = (lines: number): Int32Array => sharedWords(lines * LINE_WORDS);

export function stormMemory(unit: UnitKind, sizes: StormSizes, scripts: FlatScripts): StormMemory {
  const { ringBytes, commandWords } = unitSizes(unit);
  const attachments = sizes.devices * sizes.pasidSpace;
  const threads = THREAD.resolver + sizes.resolvers;
  const responseCapacity = powerOfTwo(2 * sizes.groupsMax + 64);
  const queueCapacity = powerOfTwo(
    sizes.groupsMax + sizes.requestsMax / 4 + 2 * GROUP_RECORD.linesMax,
  );
  return {
    unit,
    sizes,
    control: control(CONTROL.lines),
    bells: control(threads),
    ring: new SharedArrayBuffer(ringBytes(sizes.ringEntries)),
    hidden: sharedWords(sizes.ringEntries * HIDDEN.words),
    invalidation: sharedWords(commandWords),
    responses: Array.from({ length: sizes.resolvers + 1 }, () =>
      wordQueueMemory(responseCapacity, RESPONSE.words),
    ),
    queues: Array.from({ length: sizes.resolvers }, () =>
      wordQueueMemory(queueCapacity, GROUP_RECORD.words, GROUP_RECORD.linesMax),
    ),
    slots: sharedWords(attachments),
    handles: sharedWords(attachments),
    handleMms: sharedWords(attachments),
    lastGroups: Array.from({ length: sizes.resolvers }, () => sharedWords(attachments)),
    groups: sharedWords(sizes.devices * PRG_INDICES),
    tables: sharedWords(sizes.tableFrames * FRAME_WORDS),
    frameEpochs: sharedWords(sizes.dataFrames),
    frameList: freeListMemory(sizes.dataFrames),
    tableList: freeListMemory(sizes.tableFrames),
    mms: control(sizes.mms),
    mmWriters: control(sizes.mms),
    vmaRanges: sharedDoubles(sizes.mms * VMAS_MAX * 2),
    vmaBits: sharedWords(sizes.mms * VMAS_MAX),
    functions: sharedWords(sizes.devices * FUNCTION.words),
    streams: sharedWords(sizes.streams * STREAM.words),
    streamBases: sharedDoubles(sizes.streams),
    scriptStarts: filledWords(scripts.starts),
    scriptKinds: filledWords(scripts.kinds),
    scriptPages: filledDoubles(scripts.pfns),
    mailbox: wordQueueMemory(4096, MAIL.words),
    chores: wordQueueMemory(powerOfTwo(4 * sizes.streams), CHORE.words),
    resolvers: sharedWords(Math.max(1, sizes.resolvers) * RESOLVER.words),
    totals: sharedDoubles(COUNTER.words),
    latencies: sharedWords(LATENCY_WORDS),
    violations: sharedWords(threads * (LINE_WORDS + BREACH_KINDS * ALIKE_MAX * VIOLATION_WORDS)),
    events: sharedWords(threads * (LINE_WORDS + EVENTS_MAX * EVENT_WORDS)),
    recording: sharedWords(LINE_WORDS + (sizes.recordedEvents ?? 0) * RECORD_WORDS),
  };
}

function filledWords(values: readonly number[]): Int32Array {
  const words = sharedWords(Math.max(1, values.length));
  words.set(values);
  return words;
}

function filledDoubles(values: readonly number[]): Float64Array {
  const doubles = sharedDoubles(Math.max(1, values.length));
  doubles.set(values);
  return doubles;
}
