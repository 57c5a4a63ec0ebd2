/**
 * Storm layout: where each word lies in the memory that the threads of a storm share.
 *
 * Units: table indices are documented beside each field; "words" are 32 bits, a line is LINE_WORDS of them.
 * Policy: who writes a line is said beside it; a line has one writer.
 */
import { QI_ENTRIES } from '../core/limits.ts';
import { COMMAND_ENTRIES } from '../hw/amd/command-layouts.ts';
import { MAGAZINE_WORDS } from './free-list.ts';
import { LINE_WORDS, powerOfTwo } from './lines.ts';

/** Control words, each on its own line: index * LINE_WORDS. */
export const CONTROL = {
  /** 1 while devices may offer load. */
  offer: 0,
  /** 1 when threads shall end. */
  stop: 1,
  /** Sequence of the last "stop this stream" request, and the last one the device thread honoured. */
  stopRequest: 2,
  stopAcknowledged: 3,
  /** QUIRK flags, constant during a storm. */
  quirks: 4,
  /** Passes the PRQ thread has finished, and those it has begun. */
  passes: 5,
  /** The one completion all drains share: 1 = done. */
  completion: 6,
  /** Overflow episodes so far. */
  episodes: 7,
  /** Mailbox messages the PRQ thread has carried out. */
  mailboxDone: 8,
  /** 1 when devices issued all the groups they were asked for. */
  exhausted: 9,
  /** 1 once a violation was seen: event logs keep what led to it. */
  frozen: 10,
  passesBegun: 11,
  /** First word of the table that has an entry for each function, where the unit has one. */
  functionTable: 12,
  lines: 13,
} as const;

/** Threads by their bell: main, device, PRQ, then resolvers. Main has a second bell for those who wait on a drain. */
export const THREAD = { main: 0, device: 1, prq: 2, waiters: 3, resolver: 4 } as const;

/** What others do that the main thread waits for, one bit each: what rings its second bell. */
export const CHANGE = {
  /** The unit executed commands. */
  commands: 1,
  /** The devices acknowledged a stop. */
  stops: 2,
  /** The PRQ thread finished a pass, or read its mail. */
  passes: 4,
  /** Resolvers released groups. */
  groups: 8,
  /** Answers reached their devices. */
  answers: 16,
} as const;

/** Words of one address space's line; the locks have lines of their own. */
export const MM = {
  state: 0,
  /** Number of the process that lives in this slot: the hidden owner epoch. */
  instance: 1,
  root: 2,
  vmas: 3,
  /** Counts changes of the VMA list. */
  vmaChange: 4,
  /** Counts unmaps, protects and exits begun. */
  shrinks: 5,
} as const;
export const MM_ALIVE = 1;
export const MM_DEAD = 2;

/** Words of one stream's line. */
export const STREAM = {
  /** STREAM_STOPPED, STREAM_RUNNING or STREAM_RUDE. */
  state: 0,
  /** Counts starts; the device begins anew when it moves. */
  generation: 1,
  pasid: 2,
  owner: 3,
  mm: 4,
  /** Windows ready (synthetic), or operations of the script that the processor has passed. */
  ready: 5,
  /** First word of its PASID entry in table memory. */
  entry: 6,
  /** Index of its script, or -1. */
  script: 7,
  /** Groups not yet answered; written by the device thread, on a line of its own. */
  outstanding: LINE_WORDS,
  words: 2 * LINE_WORDS,
} as const;
/** Words of a function's lines. */
export const FUNCTION = {
  /** 1 once it was pulled out; written by the device thread. */
  removed: 0,
  /** Times that software has enabled its PRI, beyond the first; on a line of its own. */
  priEnables: LINE_WORDS,
  words: 2 * LINE_WORDS,
} as const;
/** In the hidden owner word of a request: its device sent on after it was to stop. Nothing it meets is judged. */
export const RUDE = 1 << 30;
export const STREAM_STOPPED = 0;
export const STREAM_RUNNING = 1;
export const STREAM_RUDE = 2;

/** Words of a group on its way to a resolver: one line holds a header and four pages. */
export const GROUP_RECORD = {
  /** device | PRG index << 8 | pages << 20 */
  source: 0,
  /** PASID, or -1. */
  pasid: 1,
  id: 2,
  owner: 3,
  /** Slot of the attach-handle store, and the handle's generation at look-up. */
  slot: 4,
  handle: 5,
  pages: 8,
  words: 16,
  firstLinePages: 4,
  linePages: 8,
  /** Lines of the largest group, of requests that filled a ring. */
  linesMax: 320,
} as const;

/** Lines a group of `pages` takes. */
export const groupLines = (pages: number): number =>
  pages <= GROUP_RECORD.firstLinePages
    ? 1
    : 1 + Math.ceil((pages - GROUP_RECORD.firstLinePages) / GROUP_RECORD.linePages);

/** Hidden words beside an entry of the request queue. */
export const HIDDEN = { id: 0, owner: 1, words: 2 } as const;

/** Words of a response in its ring: the bytes of the unit come first, in at most four of them, then hidden words. */
export const RESPONSE = {
  /** The request id. */
  id: 4,
  /** Lines of its queue that a resolver has behind it once this one is published: where a successor goes on. */
  position: 5,
  words: 8,
} as const;

/** Linux takes what the SMMU offers; this is enough for whoever waits at once. */
const SMMU_COMMAND_ENTRIES = 256;

/** Words of a command queue: tail, head, entries; then where the unit tells what it has done. Counts run freely. */
export const COMMAND_QUEUE = { tail: 0, head: LINE_WORDS, entries: 2 * LINE_WORDS } as const;
/** AMD's: a quadword to which completion waits store the number they have. */
export const AMD_COMMANDS = {
  ...COMMAND_QUEUE,
  entryWords: 4,
  semaphore: COMMAND_QUEUE.entries + COMMAND_ENTRIES * 4,
  words: COMMAND_QUEUE.entries + COMMAND_ENTRIES * 4 + 2,
} as const;
/** An SMMU's: its consumer index is all that tells. */
export const SMMU_COMMANDS = {
  ...COMMAND_QUEUE,
  entryWords: 4,
  count: SMMU_COMMAND_ENTRIES,
  /** The error of the consumer register: 0 for none. */
  error: COMMAND_QUEUE.entries + SMMU_COMMAND_ENTRIES * 4,
  words: COMMAND_QUEUE.entries + SMMU_COMMAND_ENTRIES * 4 + 1,
} as const;
/** VT-d's: one status word an entry; the fault status register, and the record of the error. */
export const QI = {
  ...COMMAND_QUEUE,
  entryWords: 8,
  status: COMMAND_QUEUE.entries + QI_ENTRIES * 8,
  fault: COMMAND_QUEUE.entries + QI_ENTRIES * 9,
  error: COMMAND_QUEUE.entries + QI_ENTRIES * 9 + 2,
  words: COMMAND_QUEUE.entries + QI_ENTRIES * 9 + 4,
} as const;

/** Mailbox to the PRQ thread: message, device, PASID. */
export const MAIL = { words: 4, addDevice: 1, removeDevice: 2, discardPartials: 3 } as const;
/** Chores from the device thread to the processes: stream, generation, position. */
export const CHORE = { words: 4 } as const;

/** Words a resolver leaves behind: its read lock, its thread, its sleep, its magazines. */
export const RESOLVER = {
  /** mm + 1 while it holds that address space's lock for reading. */
  holds: 0,
  /** Thread id of who resolves. */
  thread: 1,
  /** Microseconds asleep, wrapping. */
  slept: LINE_WORDS,
  frames: 2 * LINE_WORDS,
  tables: 2 * LINE_WORDS + MAGAZINE_WORDS,
  words: 2 * LINE_WORDS + 2 * powerOfTwo(MAGAZINE_WORDS),
} as const;

/** Counters the device thread keeps for whoever watches. */
export const COUNTER = {
  groups: 0,
  requests: 1,
  issued: 2,
  success: 3,
  invalid: 4,
  failure: 5,
  dropped: 6,
  autoResponses: 7,
  retryMisses: 8,
  strays: 9,
  duplicated: 10,
  ghosts: 11,
  open: 12,
  blocked: 13,
  atcHits: 14,
  iotlbHits: 15,
  /** Of the device that misbehaves: what it sent and had no right to, and the answers to that. */
  wrongRequests: 16,
  wrongAnswered: 17,
  /** Responses that it ignored. */
  ignored: 18,
  /** Requests beyond its credits. */
  beyondCredits: 19,
  /** Answers for groups that were never sent. */
  unasked: 20,
  /** Invalidations that it never said to be done, and those it said twice. */
  timeouts: 21,
  twiceCompleted: 22,
  /** Rests of a unit that is slow. */
  rests: 23,
  /** Times that a function turned its PRI off, and responses that came when it was off or gone. */
  priFailures: 24,
  unheard: 25,
  words: 26,
} as const;

export const EVENT_WORDS = 4;
export const EVENTS_MAX = 1024;
/** Words of an event in the recording of a storm, which has a line with their count before them. */
export const RECORD_WORDS = 8;
export const VIOLATION_WORDS = 8;
/** Kinds of breach a log can tell apart, and the records it keeps of each. */
export const BREACH_KINDS = 16;
export const ALIKE_MAX = 4;
/** Latency table: 64 exponents of 128 steps. */
export const LATENCY_STEPS = 128;
export const LATENCY_WORDS = 64 * LATENCY_STEPS;
