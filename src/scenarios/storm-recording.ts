/**
 * A storm's recording as the text of a kernel trace: what a reader of captures reads, with what only a storm knows.
 *
 * Kernel: kernel/trace/trace_output.c, under the clock `counter`; events as the unit's kind has them.
 * Units:  time stamps count the events of all threads, in the order in which they were recorded.
 * Policy: what no kernel traces is a mark, `tracing_mark_write: stormdrain ...`.
 */
import { playedBy } from '../actors/control-recording.ts';
import { EVENT, LAST_BIT } from '../workers/event-log.ts';
import { RECORD, type RecordedEvent } from '../workers/event-recording.ts';
import { THREAD } from '../workers/storm-layout.ts';
import type { StormPlan } from '../workers/storm-plan.ts';
import type { UnitKind } from '../workers/unit-kind.ts';
import type { OwnDriver } from './own/own-driver.ts';
import { toldUnit } from './own/told-driver.ts';
import { RECORDED_AMD } from './recorded-amd.ts';
import { RECORDED_SMMUV3 } from './recorded-smmuv3.ts';
import { mark, nameOf, type RecordedUnit, type Told } from './recorded-unit.ts';
import { RECORDED_VTD } from './recorded-vtd.ts';
import { type RecordingHeader, recordingHeaderLine } from './recording-header.ts';
import { unsentAnswers } from './unsent-answers.ts';

/** Enough for some ten thousand groups, and for whoever checks them. */
export const RECORDED_EVENTS = 65_536;

const UNITS: Readonly<Record<UnitKind, RecordedUnit>> = {
  vtd: RECORDED_VTD,
  amd: RECORDED_AMD,
  smmuv3: RECORDED_SMMUV3,
};

/** `own` is the driver that was run in place of the plan's. */
export const recordingHeader = (
  { name, driver, quirks, seed, recordedEvents = 0 }: StormPlan,
  events: readonly RecordedEvent[],
  own?: OwnDriver,
): RecordingHeader => ({
  from: name,
  driver: own?.name ?? driver,
  ...(own === undefined ? {} : { definition: own.definition }),
  quirks,
  seed,
  complete: events.length < recordedEvents,
});

/** The whole text. */
export function stormRecordingText(
  header: RecordingHeader,
  events: readonly RecordedEvent[],
): string {
  const unit = UNITS[toldUnit(header)];
  const unsent = unsentAnswers(events);
  let reports = 0;
  let ticks = 0;
  const lines = events.flatMap((event, place) => {
    if (unsent.has(place)) return [];
    const told = toldOf(unit, event, reports);
    if (event.event === RECORD.reported) reports += 1;
    return told.map((text) => {
      ticks += 1;
      return `${contextOf(unit, event, ticks)}: ${text}`;
    });
  });
  const written = `# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:2`;
  const head = ['# tracer: nop', '#', written, '#', recordingHeaderLine(header)];
  return `${[...head, ...lines].join('\n')}\n`;
}

/** What an event says, in as many lines as it takes. */
function toldOf(unit: RecordedUnit, { event, words }: RecordedEvent, reports: number): Told {
  const [source, pasid] = words;
  const device = source >>> 16;
  const index = source & 0xffff;
  const place = placeText(unit, device, pasid);
  switch (event) {
    case RECORD.reported:
      return [unit.report({ ...requestOf(words), sequence: reports })];
    case EVENT.refused:
    case EVENT.resolved:
      return [unit.answer(device, pasid, index, words[3])];
    case RECORD.submitted:
      return [unit.command(words)];
    case RECORD.tagged:
    case RECORD.untagged:
      return unit.listed(event === RECORD.tagged, device, pasid, words[2], words[3]);
    case RECORD.flushed:
      return unit.flushed(device, words);
    case EVENT.dropped: {
      const which = words[3] === 1 ? 'a last request' : 'a request';
      return [mark(`dropped ${which} of ${place}, index ${index}`)];
    }
    case EVENT.discarded:
      return [mark(`discarded the partial requests of ${nameOf(device)}`)];
    case EVENT.removed:
      return [mark(`took ${nameOf(device)} off the fault queue`)];
    case EVENT.resumed:
      return [mark('took over from a dead resolver')];
    case EVENT.attached:
      return [mark(`attached ${place}`)];
    case EVENT.detached:
      return [mark(`detached ${place}`)];
    default:
      return [mark(`event ${event}`)];
  }
}

function requestOf([source, pasid, , access, low, high]: RecordedEvent['words']) {
  return {
    device: source >>> 16,
    index: source & 0xffff,
    pasid,
    low,
    high,
    access: access & (LAST_BIT - 1),
    last: (access & LAST_BIT) !== 0,
  };
}

/** PASID 0 is the function itself. */
const placeText = ({ name }: RecordedUnit, device: number, pasid: number): string =>
  `${name}/${nameOf(device)}${pasid <= 0 ? '' : ` PASID ${pasid}`}`;

/** Task, pid, processor, flags, time stamp. */
function contextOf(
  unit: RecordedUnit,
  { thread, event, words }: RecordedEvent,
  ticks: number,
): string {
  const { comm, pid, cpu } = taskOf(unit, thread);
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

function taskOf(
  unit: RecordedUnit,
  thread: number,
): {
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
      return { comm: unit.comm, pid: 3, cpu: thread };
    default:
      return { comm: `kworker/u8:${thread - THREAD.resolver}`, pid: 16 + thread, cpu: thread };
  }
}
