/**
 * Trace scan: what has to be known of a whole trace before its first event is judged.
 *
 * Most lines of a list do not name the device they are about; the next one of the same thread that does, tells. Which
 * thread reports is known by its reports; which request it reports next, by the next report. Where events were lost,
 * those of the same processor back to its last line may have been among them: nothing is judged there.
 */
import type { UnitKind } from '../../workers/unit-kind.ts';
import type { CaptureEvent, CaptureFact, PageRequestReported } from '../capture/capture-event.ts';
import { commandNames } from './command-names.ts';

/** Events of a thread that are looked through for the device of one of them. */
const LOOK_AHEAD_MAX = 64;

export type TraceScan = {
  /** By event: who did it, by pid. */
  readonly threads: readonly string[];
  /** By event: what it is about, where that is known. */
  readonly subjects: readonly Subject[];
  /** By event: what happened in the stretch it belongs to is not known. */
  readonly isLost: readonly boolean[];
  /** By event: the detach that may begin right after it, with nothing to be seen of it but its end. */
  readonly quietDetaches: ReadonlyMap<number, readonly QuietDetach[]>;
  /** By unit: places of its reports among the events, in order. */
  readonly reports: ReadonlyMap<string, readonly number[]>;
  /** Threads that report, as `unit thread`. */
  readonly reporters: ReadonlySet<string>;
  /** Devices that have ATS. */
  readonly ats: ReadonlySet<number>;
  readonly shows: {
    readonly reports: boolean;
    readonly submissions: boolean;
    readonly tags: boolean;
    readonly flushes: boolean;
  };
};

/** A device, by requester id, and a PASID, 0 for the function itself. */
export type Subject = { readonly rid: number | undefined; readonly pasid: number | undefined };

export type QuietDetach = {
  readonly thread: string;
  readonly unit: string;
  readonly rid: number | undefined;
  readonly pasid: number;
};

const LISTINGS: ReadonlySet<CaptureFact['kind']> = new Set([
  'cache-tag.assigned',
  'cache-tag.unassigned',
  'attachment.listed',
  'attachment.unlisted',
]);
const SUBMISSIONS: ReadonlySet<CaptureFact['kind']> = new Set([
  'page-group.responded',
  'invalidation.submitted',
  'command.submitted',
]);

/** `kind`: of the unit that the trace is of. */
export function scanTrace(events: readonly CaptureEvent[], kind: UnitKind): TraceScan {
  const threads = events.map(threadOf);
  const byThread = new Map<string, number[]>();
  const reports = new Map<string, number[]>();
  const reporters = new Set<string>();
  const ats = new Set<number>();
  const shows = { reports: false, submissions: false, tags: false, flushes: false };
  for (const [at, { fact }] of events.entries()) {
    const thread = threads[at] ?? '';
    listed(byThread, thread).push(at);
    if (fact.kind === 'page-request.reported') {
      listed(reports, fact.unit).push(at);
      reporters.add(`${fact.unit} ${thread}`);
      if (kind !== 'smmuv3') ats.add(fact.rid); // its stalls need none
      shows.reports = true;
    }
    shows.submissions ||= SUBMISSIONS.has(fact.kind);
    shows.tags ||= LISTINGS.has(fact.kind);
    if (fact.kind === 'cache-tag.flushed') shows.flushes = true;
    const named = deviceIn(fact);
    if (named?.hasAts === true) ats.add(named.rid);
  }
  const subjects = subjectsOf(events, byThread);
  return {
    threads,
    subjects,
    isLost: lostStretches(events),
    quietDetaches: quietDetachesOf(events, byThread, subjects),
    reports,
    reporters,
    ats,
    shows,
  };
}

/** `0000:00:05.0`, without its segment, as a requester id. */
export function ridOf(device: string): number | undefined {
  const found = /^(?:[\da-f]+:)?([\da-f]{2}):([\da-f]{2})\.([0-7])$/.exec(device);
  if (found === null) return undefined;
  const [, bus = '', slot = '', fn = ''] = found;
  return (Number.parseInt(bus, 16) << 8) | (Number.parseInt(slot, 16) << 3) | Number(fn);
}

/** The pid: a name may change, and formats cut it. Where nobody is named, events of one PASID are one thread's. */
function threadOf({ thread, fact }: CaptureEvent): string {
  if (thread !== undefined) return thread.slice(thread.lastIndexOf('-') + 1);
  return fact.kind === 'page-request.reported' ? 'nobody' : `nobody ${pasidIn(fact) ?? ''}`;
}

function listed<Key>(lists: Map<Key, number[]>, key: Key): number[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}

/** The PASID an event is about, 0 for a function itself. */
export function pasidIn(fact: CaptureFact): number | undefined {
  switch (fact.kind) {
    case 'cache-tag.assigned':
    case 'cache-tag.unassigned':
    case 'cache-tag.flushed':
      return fact.pasid;
    case 'device.attached':
      return 0;
    case 'invalidation.submitted': {
      const { descriptor } = fact;
      if (descriptor.kind === 'device-tlb') return 0;
      if (descriptor.kind === 'iotlb' && descriptor.scope.kind === 'domain') return 0;
      return 'pasid' in descriptor ? descriptor.pasid : undefined;
    }
    case 'attachment.listed':
    case 'attachment.unlisted':
    case 'operation.returned':
      return fact.pasid;
    case 'command.submitted':
      return commandNames(fact.command).pasid;
    default:
      return undefined;
  }
}

type Named = { readonly rid: number; readonly pasid: number; readonly hasAts: boolean };

/** The device that an event names itself. */
function deviceIn(fact: CaptureFact): Named | undefined {
  const named = (device: string, pasid: number, hasAts: boolean): Named | undefined => {
    const rid = ridOf(device);
    return rid === undefined ? undefined : { rid, pasid, hasAts };
  };
  switch (fact.kind) {
    case 'cache-tag.assigned':
    case 'cache-tag.unassigned':
    case 'cache-tag.flushed':
      return fact.type === 'devtlb' ? named(fact.device, fact.pasid, true) : undefined;
    case 'device.attached':
      return named(fact.device, 0, false);
    case 'invalidation.submitted': {
      const { descriptor } = fact;
      if (descriptor.kind === 'device-tlb') return { rid: descriptor.sid, pasid: 0, hasAts: true };
      if (descriptor.kind !== 'pasid-device-tlb') return undefined;
      return { rid: descriptor.sid, pasid: descriptor.pasid, hasAts: true };
    }
    case 'attachment.listed':
    case 'attachment.unlisted':
    case 'operation.returned':
      return named(fact.device, fact.pasid, false);
    case 'command.submitted': {
      const { rid, pasid = 0, hasAts } = commandNames(fact.command);
      return rid === undefined ? undefined : { rid, pasid, hasAts };
    }
    default:
      return undefined;
  }
}

function subjectsOf(
  events: readonly CaptureEvent[],
  byThread: ReadonlyMap<string, readonly number[]>,
): readonly Subject[] {
  const subjects = events.map(({ fact }): Subject => {
    const named = deviceIn(fact);
    return { rid: named?.rid, pasid: named?.pasid ?? pasidIn(fact) };
  });
  for (const own of byThread.values()) {
    for (const [place, at] of own.entries()) {
      const fact = events[at]?.fact;
      if (fact === undefined || subjects[at]?.rid !== undefined || !isOfList(fact)) continue;
      subjects[at] = subjectAhead(events, own.slice(place, place + LOOK_AHEAD_MAX));
    }
  }
  return subjects;
}

/** The first device named with the first PASID named. */
function subjectAhead(events: readonly CaptureEvent[], ahead: readonly number[]): Subject {
  let pasid: number | undefined;
  for (const at of ahead) {
    const fact = events[at]?.fact;
    if (fact === undefined) continue;
    pasid ??= pasidIn(fact);
    const named = deviceIn(fact);
    if (named !== undefined && named.pasid === pasid) return named;
  }
  return { rid: undefined, pasid };
}

/** An event that one of the driver's lists may show without naming a device. */
const isOfList = ({ kind }: CaptureFact): boolean =>
  LISTINGS.has(kind) || kind === 'invalidation.submitted' || kind === 'command.submitted';

/**
 * An untracking that no drain of the same thread stands before may end a detach that showed nothing else; where a
 * detach tells that it has returned, it may have begun behind whatever its thread showed before.
 */
function quietDetachesOf(
  events: readonly CaptureEvent[],
  byThread: ReadonlyMap<string, readonly number[]>,
  subjects: readonly Subject[],
): ReadonlyMap<number, readonly QuietDetach[]> {
  const found = new Map<number, QuietDetach[]>();
  for (const [thread, own] of byThread) {
    let drained = false;
    for (const [place, at] of own.entries()) {
      const fact = events[at]?.fact;
      if (fact === undefined) continue;
      if (fact.kind === 'invalidation.submitted') drained ||= fact.descriptor.kind === 'wait';
      const add = (pasid: number, unit: string): void => {
        const after = place === 0 ? -1 : (own[place - 1] ?? -1);
        const detach = { thread, unit, rid: subjects[at]?.rid, pasid };
        found.set(after, [...(found.get(after) ?? []), detach]);
      };
      if (fact.kind === 'operation.returned' && fact.operation === 'detach' && fact.pasid > 0) {
        add(fact.pasid, fact.unit);
      }
      if (fact.kind === 'cache-tag.assigned') drained = false;
      if (fact.kind !== 'cache-tag.unassigned' || fact.type !== 'iotlb' || fact.pasid <= 0)
        continue;
      if (!drained) add(fact.pasid, fact.unit);
      drained = false;
    }
  }
  return found;
}

function lostStretches(events: readonly CaptureEvent[]): readonly boolean[] {
  const isLost = events.map(() => false);
  const lastOfCpu = new Map<number | undefined, number>();
  const firstOfCpu = new Map<number | undefined, number>();
  for (const [at, { cpu, fact }] of events.entries()) {
    if (fact.kind === 'events.lost') {
      // A header tells of every processor's buffer: each begins anew with its first line.
      if (cpu === undefined) continue;
      isLost.fill(true, (lastOfCpu.get(cpu) ?? -1) + 1, at + 1);
    } else if (!firstOfCpu.has(cpu)) {
      firstOfCpu.set(cpu, at);
    }
    lastOfCpu.set(cpu, at);
  }
  const header = events.findIndex(
    ({ cpu, fact }) => fact.kind === 'events.lost' && cpu === undefined,
  );
  if (header >= 0) {
    const begun = [...firstOfCpu.values()].filter((at) => at > header);
    isLost.fill(true, header, Math.max(header, ...begun));
  }
  return isLost;
}

/** The request of a report, by the place of the report among the events. */
export function reportAt(
  events: readonly CaptureEvent[],
  at: number,
): PageRequestReported | undefined {
  const fact = events[at]?.fact;
  return fact?.kind === 'page-request.reported' ? fact : undefined;
}
