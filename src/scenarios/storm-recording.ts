/**
 * A storm's recording as the text of a kernel trace: what a reader of captures reads, with what only a storm knows.
 *
 * Kernel: drivers/iommu/intel/trace.h; kernel/trace/trace_output.c, under the clock `counter`.
 * Units:  time stamps count the events of all threads, in the order in which they were recorded.
 * Policy: what no kernel traces is a mark, `tracing_mark_write: stormdrain ...`.
 */
import { playedBy } from '../actors/control-recording.ts';
import { FLPT_DEFAULT_DID } from '../core/ids.ts';
import { ACCESS_EXEC, ACCESS_PRIVILEGED, ACCESS_READ, ACCESS_WRITE } from '../hw/access.ts';
import { RESPONSE_WORDS, writeResponseWords } from '../hw/vtd/page-group-response.ts';
import { EVENT, LAST_BIT } from '../workers/event-log.ts';
import { RECORD, type RecordedEvent } from '../workers/event-recording.ts';
import { deviceRid } from '../workers/requester.ts';
import { THREAD } from '../workers/storm-layout.ts';
import type { StormPlan } from '../workers/storm-plan.ts';
import { type RecordingHeader, recordingHeaderLine } from './recording-header.ts';

/** Enough for some ten thousand groups, and for whoever checks them. */
export const RECORDED_EVENTS = 65_536;

const UNIT = 'dmar0';
/** Descriptor types by number, as the kernel prints them. */
const TYPES = [
  '',
  'cc_inv',
  'iotlb_inv',
  'dev_tlb_inv',
  'iec_inv',
  'inv_wait',
  'p_iotlb_inv',
  'pc_inv',
  'p_dev_tlb_inv',
  'page_grp_resp',
];
const WHOLE_ORDER = 52;

export const recordingHeader = (
  { name, driver, quirks, seed, recordedEvents = 0 }: StormPlan,
  events: readonly RecordedEvent[],
): RecordingHeader => ({
  from: name,
  driver,
  quirks,
  seed,
  complete: events.length < recordedEvents,
});

/** The whole text. */
export function stormRecordingText(
  header: RecordingHeader,
  events: readonly RecordedEvent[],
): string {
  let reports = 0;
  let ticks = 0;
  const lines = events.flatMap((event) => {
    const told = toldOf(event, reports);
    if (event.event === RECORD.reported) reports += 1;
    return told.map((text) => {
      ticks += 1;
      return `${contextOf(event, ticks)}: ${text}`;
    });
  });
  const written = `# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:2`;
  const head = ['# tracer: nop', '#', written, '#', recordingHeaderLine(header)];
  return `${[...head, ...lines].join('\n')}\n`;
}

type Told = readonly string[];

/** What an event says; a tag of the IOTLB and one of the device are two lines. */
function toldOf({ event, words }: RecordedEvent, reports: number): Told {
  const [source, pasid] = words;
  const device = source >>> 16;
  const index = source & 0xffff;
  switch (event) {
    case RECORD.reported:
      return [
        [
          `prq_report: ${UNIT}/${nameOf(device)} seq# ${reports}:`,
          requestText(device, index, words),
        ].join(' '),
      ];
    case EVENT.refused:
    case EVENT.resolved:
      return [`qi_submit: ${responseText(device, pasid, index, words[3])}`];
    case RECORD.submitted:
      return [`qi_submit: ${descriptorText(words)}`];
    case RECORD.tagged:
      return tagTexts('cache_tag_assign', device, pasid, words[2]);
    case RECORD.untagged:
      return tagTexts('cache_tag_unassign', device, pasid, words[2]);
    case RECORD.flushed:
      return [flushText(device, words)];
    case EVENT.dropped:
      return [
        mark(
          [
            `dropped a ${words[3] === 1 ? 'last ' : ''}request of`,
            `${placeText(device, pasid)}, index ${index}`,
          ].join(' '),
        ),
      ];
    case EVENT.discarded:
      return [mark(`discarded the partial requests of ${nameOf(device)}`)];
    case EVENT.removed:
      return [mark(`took ${nameOf(device)} off the fault queue`)];
    case EVENT.attached:
      return [mark(`attached ${placeText(device, pasid)}`)];
    case EVENT.detached:
      return [mark(`detached ${placeText(device, pasid)}`)];
    default:
      return [mark(`event ${event}`)];
  }
}

const mark = (text: string): string => `tracing_mark_write: stormdrain ${text}`;

/** `0000:01:00.0` */
function nameOf(device: number): string {
  const rid = deviceRid(device);
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `0000:${hex(rid >> 8)}:${hex((rid >> 3) & 0x1f)}.${rid & 7}`;
}

const placeText = (device: number, pasid: number): string =>
  pasid < 0 ? nameOf(device) : `${nameOf(device)} PASID ${pasid}`;

function requestText(device: number, index: number, words: RecordedEvent['words']): string {
  const [, pasid, , access, low, high] = words;
  const pfn = (high & 0xfffff) * 2 ** 32 + (low >>> 0);
  const letter = (bit: number, name: string): string => ((access & bit) === 0 ? '-' : name);
  const letters = [
    letter(ACCESS_READ, 'r'),
    letter(ACCESS_WRITE, 'w'),
    letter(ACCESS_EXEC, 'x'),
    letter(ACCESS_PRIVILEGED, 'p'),
    letter(LAST_BIT, 'l'),
  ].join('');
  const rid = deviceRid(device).toString(16);
  const number = Math.max(0, pasid).toString(16);
  return [
    `rid=0x${rid} addr=0x${pfn.toString(16)} ${letters}`,
    `pasid=0x${number} index=0x${index.toString(16)}`,
  ].join(' ');
}

function responseText(device: number, pasid: number, index: number, code: number): string {
  const words = new Int32Array(RESPONSE_WORDS);
  writeResponseWords(words, 0, deviceRid(device), pasid, index, code);
  return descriptorText([...words]);
}

function descriptorText(words: readonly number[]): string {
  const quad = (at: number): string =>
    ((BigInt((words[at + 1] ?? 0) >>> 0) << 32n) | BigInt((words[at] ?? 0) >>> 0)).toString(16);
  const type = (words[0] ?? 0) & 0xf;
  return `${TYPES[type] ?? `0x${type.toString(16)}`} ${UNIT}: 0x${quad(0)} 0x${quad(2)} 0x0 0x0`;
}

function tagTexts(event: string, device: number, pasid: number, users: number): Told {
  const did = FLPT_DEFAULT_DID;
  return [
    `${event}: ${UNIT}/${UNIT} type iotlb did ${did} pasid ${pasid} ref ${users}`,
    `${event}: ${UNIT}/${nameOf(device)} type devtlb did ${did} pasid ${pasid} ref 1`,
  ];
}

function flushText(
  device: number,
  [, pasid, tag, order, low, high]: RecordedEvent['words'],
): string {
  const start = (BigInt(high) << 32n) | BigInt(low >>> 0);
  const isWhole = order >= WHOLE_ORDER;
  const first = isWhole ? 0n : start << 12n;
  const last = isWhole ? 0xffff_ffff_ffff_ffffn : first + (1n << BigInt(12 + order)) - 1n;
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const where =
    tag === 0 ? `${UNIT}[${pasid}] type iotlb` : `${nameOf(device)}[${pasid}] type devtlb`;
  return [
    `cache_tag_flush_range: ${UNIT} ${where} did ${FLPT_DEFAULT_DID}`,
    `[${hex(first)}-${hex(last)}] addr ${hex(first)} mask ${hex(BigInt(order))}`,
  ].join(' ');
}

/** Task, pid, processor, flags, time stamp. */
function contextOf({ thread, event, words }: RecordedEvent, ticks: number): string {
  const { comm, pid, cpu } = taskOf(thread);
  const locks = event === RECORD.submitted ? words[4] : isUnderLock(event) ? 1 : 0;
  const flags = locks === 0 ? '.....' : `d..${locks.toString(16)}.`;
  const stamp = String(ticks).padStart(12);
  const processor = `[${String(cpu).padStart(3, '0')}]`;
  return `${comm.padStart(16)}-${String(pid).padEnd(7)} ${processor} ${flags} ${stamp}`;
}

/** Responses are traced under the queue's lock, flushes and the end of a tag under that of the domain's tags. */
const isUnderLock = (event: number): boolean =>
  event === EVENT.refused ||
  event === EVENT.resolved ||
  event === RECORD.flushed ||
  event === RECORD.untagged;

function taskOf(thread: number): {
  readonly comm: string;
  readonly pid: number;
  readonly cpu: number;
} {
  const played = playedBy(thread);
  if (played !== undefined) {
    return { comm: played.unmaps ? 'unmap' : 'process', pid: thread, cpu: THREAD.main };
  }
  switch (thread) {
    case THREAD.main:
      return { comm: 'main', pid: 1, cpu: thread };
    case THREAD.device:
      return { comm: 'device', pid: 2, cpu: thread };
    case THREAD.prq:
      return { comm: `irq/1-${UNIT}-prq`, pid: 3, cpu: thread };
    default:
      return { comm: `kworker/u8:${thread - THREAD.resolver}`, pid: 16 + thread, cpu: thread };
  }
}
