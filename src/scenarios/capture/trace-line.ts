/**
 * A line of a trace taken apart: who, where, when, the event's name and its payload.
 *
 * Kernel: kernel/trace/trace_output.c, trace_print_context() and trace_print_lat_context();
 *         trace-cmd report and perf script print variants of the first.
 * Units:  seconds, or ticks where the trace clock counts something else.
 * Policy: what a payload means is its event's own affair; no line makes this throw.
 */
import type { Moment } from './capture-event.ts';
import { LINE_LENGTH_MAX } from './capture-lines.ts';
import { pattern } from './pattern.ts';

export type TraceLine =
  | ({ readonly kind: 'event'; readonly name: string; readonly payload: string } & Moment)
  /** An event without a payload to look at, named as well as can be. */
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'lost'; readonly cpu: number | undefined; readonly count: number | undefined }
  /** Header, remark of the recorder, blank line. */
  | { readonly kind: 'remark' }
  | { readonly kind: 'malformed'; readonly why: string };

type Malformed = Extract<TraceLine, { kind: 'malformed' }>;

/** TASK_COMM_LEN without the terminator. */
const COMM_LENGTH_MAX = 15;

/** `-pid (tgid) [cpu] flags time: `; comm stands before it and may look like anything. */
const AFTER_COMM =
  /-(\d+)\s+(?:\(\s*(?:-+|\d+)\)\s+)?\[(\d{3,})\]\s+(?:([^\s\d]\S{3,5})\s+)?(\d+(?:\.\d+)?):\s+/g;
/** perf script: `comm pid/tid [cpu] time: period system:event: payload`. */
const PERF = pattern(
  /^\s*(\S.{0,14}?)\s+(\d+)(?:\/\d+)?\s+\[(\d{3,})\]\s+/,
  /(?:[^\s\d]\S{3,5}\s+)?(\d+\.\d+):\s+(?:\d+\s+)?(.*)$/,
);
/** Latency format: comm cut to 8, cpu and flags in one word, microseconds and a mark for delays. */
const LATENCY = /^\s*(\S.{0,14}?)-(\d+)\s+(\d+)([^\s\d]\S{3,5})\s+(\d+)(us)?[ $@*#!+]?:\s+(.*)$/;
const VERBOSE = pattern(
  /^\s*(\S.{0,14}?)\s+(\d+)\s+(\d+)\s+\d+\s+([\da-f]{8})\s+[\da-f]{8,16}\s+/,
  /\[([\da-f]{8,16})\]\s+\d+(\.\d{3}ms)?\s+\(\+\d+(?:\.\d{3}ms)?\):\s+(.*)$/,
);
/** Trace options `raw`, `hex` and `bin`: a context in numbers or bytes, and no payload at all. */
const RAW = /^[^:]{0,64}(type: \d+)$/;
const LOST = /^CPU:(\d+) \[(?:LOST (\d+) EVENTS|(?:(\d+) )?EVENTS DROPPED)\]$/;
const OVERWRITTEN = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)\s/;
const RECORDER_REMARK =
  /^(?:cpus=\d+|version = \d+|CPU \d+ is empty|trace-cmd: .*|#{5} CPU \d+ buffer started #{4}|-+)$/;
const STACK_FRAME = /^ => |^\s+[\da-f]{8,16} /;
const EVENT_NAME = /^(?:[\w.-]+:)?[\w.-]+$/;

/** Names nothing but frames of a call chain. */
const FRAME_NAME = '(stack frame)';
const DEPTH_FLAG = 3;
/** PREEMPT_MASK of the preempt count, as far as one digit goes. */
const PREEMPT_MASK = 0xf;
const NAMELESS = '(no event name)';

/** Takes one line apart; `known` are the events that are worth reading without a context. */
export function readTraceLine(line: string, known: ReadonlySet<string>): TraceLine {
  if (line.length >= LINE_LENGTH_MAX) return malformed('the line has no end');
  const usual = readUsual(line);
  if (usual !== undefined) return usual;
  if (line.charCodeAt(0) === 0x23) return readHeader(line);
  return readRare(line) ?? readWithoutContext(line, known) ?? malformed('it is no line of a trace');
}

const malformed = (why: string): Malformed => ({ kind: 'malformed', why });

/** The default format, and what trace-cmd makes of it. */
function readUsual(line: string): TraceLine | undefined {
  AFTER_COMM.lastIndex = 0;
  let found = AFTER_COMM.exec(line);
  if (found === null) return undefined;
  const indent = line.search(/\S/);
  // A task may be called `x-1 [000] 1.0: `: the last match that leaves a name short enough counts.
  for (;;) {
    if (line.indexOf('-', found.index + 1) > indent + COMM_LENGTH_MAX) break;
    AFTER_COMM.lastIndex = found.index + 1;
    const next = AFTER_COMM.exec(line);
    if (next === null || next.index > indent + COMM_LENGTH_MAX) break;
    found = next;
  }
  const comm = commBefore(line, indent, found.index);
  if (comm === undefined) return malformed('there is no task name of at most 15 bytes before it');
  const [all, pid = '', cpu = '', flags, time = ''] = found;
  const moment = {
    thread: threadName(comm, pid),
    cpu: Number(cpu),
    locks: locksOf(flags),
    ...timeOf(time),
  };
  return eventOf(moment, line.slice(found.index + all.length));
}

/** Undefined when too long, unless `trace-cmd` put the name of an instance before it. */
function commBefore(line: string, indent: number, end: number): string | undefined {
  if (end <= indent) return undefined;
  const comm = line.slice(indent, end);
  if (comm.length <= COMM_LENGTH_MAX) return comm;
  return /^[\w.-]+:\s+(\S.{0,14})$/.exec(comm)?.[1];
}

/** Bytes of a name are most likely UTF-8; what is not shows as the replacement character. */
function threadName(comm: string, pid: string): string {
  let hasOnlyAscii = true;
  for (let at = 0; at < comm.length; at += 1) {
    if (comm.charCodeAt(at) > 0x7f) hasOnlyAscii = false;
  }
  return `${hasOnlyAscii ? comm : Buffer.from(comm, 'latin1').toString('utf8')}-${pid}`;
}

type When = Pick<Moment, 'seconds' | 'ticks'>;

const inSeconds = (seconds: number): When => ({ seconds, ticks: undefined });
const inTicks = (ticks: number): When => ({ seconds: undefined, ticks });
/** A clock that counts something else prints no fraction. */
const timeOf = (text: string): When =>
  text.includes('.') ? inSeconds(Number(text)) : inTicks(Number(text));

function eventOf(moment: Moment, rest: string): TraceLine {
  let end = rest.indexOf(':');
  // `system:event:`, as perf script prints it.
  if (end >= 0 && end + 1 < rest.length && rest.charCodeAt(end + 1) !== 0x20) {
    const second = rest.indexOf(':', end + 1);
    if (second >= 0 && EVENT_NAME.test(rest.slice(0, second))) end = second;
  }
  const name = end < 0 ? '' : rest.slice(0, end);
  if (!EVENT_NAME.test(name)) return { kind: 'foreign', name: namelessKind(rest) };
  return { kind: 'event', ...moment, name, payload: rest.slice(end + 1).trim() };
}

/** Interrupts off, need to reschedule, interrupt context, preempt depth: the fourth is what counts. */
function locksOf(flags: string | undefined): number | undefined {
  const depth = Number.parseInt(flags?.[DEPTH_FLAG] ?? '', 16);
  return Number.isNaN(depth) || depth === 0 ? undefined : depth;
}

const namelessKind = (rest: string): string =>
  rest.startsWith('<stack trace>') || rest.startsWith('<user stack trace>')
    ? rest.trim()
    : NAMELESS;

function readHeader(line: string): TraceLine {
  const [, held, written] = OVERWRITTEN.exec(line) ?? [];
  const lost = held === undefined ? 0 : Number(written) - Number(held);
  return lost > 0 ? { kind: 'lost', cpu: undefined, count: lost } : { kind: 'remark' };
}

/** Formats that trace options make, and lines that are no events. */
function readRare(line: string): TraceLine | undefined {
  if (line.trim() === '') return { kind: 'remark' };
  return (
    readLost(line) ??
    readPerf(line) ??
    readLatency(line) ??
    readVerbose(line) ??
    readForeign(line) ??
    (RECORDER_REMARK.test(line) ? { kind: 'remark' } : undefined)
  );
}

function readLost(line: string): TraceLine | undefined {
  const found = LOST.exec(line);
  if (found === null) return undefined;
  const [, cpu, lost, dropped = lost] = found;
  return {
    kind: 'lost',
    cpu: Number(cpu),
    count: dropped === undefined ? dropped : Number(dropped),
  };
}

function readPerf(line: string): TraceLine | undefined {
  const found = PERF.exec(line);
  if (found === null) return undefined;
  const [, comm = '', pid = '', cpu = '', time = '', rest = ''] = found;
  const who = { thread: threadName(comm, pid), cpu: Number(cpu), locks: undefined };
  return eventOf({ ...who, ...timeOf(time) }, rest);
}

function readLatency(line: string): TraceLine | undefined {
  const found = LATENCY.exec(line);
  if (found === null) return undefined;
  const [, comm = '', pid = '', cpu = '', flags, time = '', unit, rest = ''] = found;
  const when = unit === undefined ? inTicks(Number(time)) : inSeconds(Number(time) / 1e6);
  const who = { thread: threadName(comm, pid), cpu: Number(cpu), locks: locksOf(flags) };
  return eventOf({ ...who, ...when }, rest);
}

function readVerbose(line: string): TraceLine | undefined {
  const found = VERBOSE.exec(line);
  if (found === null) return undefined;
  const [, comm = '', pid = '', cpu = '', flags = '', stamp = '', unit, rest = ''] = found;
  const count = Number.parseInt(stamp, 16);
  const when = unit === undefined ? inTicks(count) : inSeconds(count / 1e6);
  // Here the flags are a number, preempt count and all.
  const locks = Number.parseInt(flags, 16) & PREEMPT_MASK;
  const who = { thread: threadName(comm, pid), cpu: Number(cpu) };
  return eventOf({ ...who, locks: locks === 0 ? undefined : locks, ...when }, rest);
}

function readForeign(line: string): TraceLine | undefined {
  const raw = RAW.exec(line)?.[1];
  if (raw !== undefined) return { kind: 'foreign', name: `raw ${raw}` };
  return STACK_FRAME.test(line) ? { kind: 'foreign', name: FRAME_NAME } : undefined;
}

/** Trace option `nocontext-info`: nothing says who or when, but the event is there. */
function readWithoutContext(line: string, known: ReadonlySet<string>): TraceLine | undefined {
  const end = line.indexOf(':');
  if (end < 0 || !known.has(line.slice(0, end))) return undefined;
  const nowhere = {
    seconds: undefined,
    ticks: undefined,
    thread: undefined,
    cpu: undefined,
    locks: undefined,
  };
  const payload = line.slice(end + 1).trim();
  return { kind: 'event', ...nowhere, name: line.slice(0, end), payload };
}
