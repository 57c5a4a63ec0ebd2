/**
 * Which event means what: one row an event, from the name to the reader of its payload.
 *
 * Policy: an event of the units' own system that does not read is malformed. The names of the
 *         generic events and of probes are anybody's, so one that lacks their mark is foreign.
 */
import { readCacheTag, readCacheTagFlush } from './cache-tag-payload.ts';
import type { CaptureFact } from './capture-event.ts';
import { readAttach, readGrouping, readLegacyFault, readMap, readUnmap } from './iommu-payload.ts';
import { readPageRequest } from './page-request-payload.ts';
import { readHandler, readHold, readProbe } from './probe-payload.ts';
import { readMark } from './storm-mark-payload.ts';
import { readSubmission } from './submission-payload.ts';

type Row = {
  readonly system: string;
  /** What its payload begins with, when others use the name too. */
  readonly mark: string;
  readonly read: (payload: string) => CaptureFact | undefined;
};

const INTEL = 'intel_iommu';
const IOMMU = 'iommu';
const PRINT = 'ftrace';
/** Of the generic events; raw fields have none. */
const IOMMU_MARK = 'IOMMU:';
const PROBE_MARK = '(';
const PRINTED: ReadonlySet<string> = new Set(['print', 'bprint', 'ftrace:print', 'ftrace:bprint']);

const row = (system: string, mark: string, read: Row['read']): Row => ({ system, mark, read });

const ROWS: ReadonlyMap<string, Row> = new Map([
  ['prq_report', row(INTEL, '', readPageRequest)],
  ['qi_submit', row(INTEL, '', readSubmission)],
  ['cache_tag_assign', row(INTEL, '', (text) => readCacheTag('cache-tag.assigned', text))],
  ['cache_tag_unassign', row(INTEL, '', (text) => readCacheTag('cache-tag.unassigned', text))],
  ['cache_tag_flush_range', row(INTEL, '', (text) => readCacheTagFlush(false, text))],
  ['cache_tag_flush_range_np', row(INTEL, '', (text) => readCacheTagFlush(true, text))],
  ['add_device_to_group', row(IOMMU, '', (text) => readGrouping('device.grouped', text))],
  ['remove_device_from_group', row(IOMMU, '', (text) => readGrouping('device.ungrouped', text))],
  ['attach_device_to_domain', row(IOMMU, '', readAttach)],
  ['map', row(IOMMU, IOMMU_MARK, readMap)],
  ['unmap', row(IOMMU, IOMMU_MARK, readUnmap)],
  ['io_page_fault', row(IOMMU, '', readLegacyFault)],
  ['tracing_mark_write', row(PRINT, '', readMark)],
  ['pritest_hook', row(PRINT, '', readHold)],
  ['pt_iopf', row(PRINT, '', readHandler)],
]);

/** Events that are read without a context too. */
export const KNOWN_EVENTS: ReadonlySet<string> = new Set(ROWS.keys());

/** What the event says; `foreign` is none of ours, `malformed` one of ours that does not read. */
export function readPayload(name: string, payload: string): CaptureFact | 'foreign' | 'malformed' {
  if (PRINTED.has(name)) return readPrinted(payload);
  const colon = name.indexOf(':');
  const found = ROWS.get(name.slice(colon + 1));
  if (found !== undefined && isOurs(found, name.slice(0, Math.max(0, colon)), payload)) {
    return found.read(payload) ?? 'malformed';
  }
  if (!payload.startsWith(PROBE_MARK)) return 'foreign';
  const probe = readProbe(name.slice(colon + 1), payload);
  // A tracer's own text may begin with a bracket; a probe of a function always has its offset.
  return probe ?? (/^\([\w.]+\+0x/.test(payload) ? 'malformed' : 'foreign');
}

/** trace-cmd names the event that carries a text, and puts whoever wrote it before the text. */
function readPrinted(payload: string): CaptureFact | 'foreign' | 'malformed' {
  const end = payload.indexOf(': ');
  const found = end < 0 ? undefined : ROWS.get(payload.slice(0, end));
  if (found === undefined || found.system !== PRINT) return 'foreign';
  return found.read(payload.slice(end + 2).trim()) ?? 'malformed';
}

const isOurs = ({ system, mark }: Row, prefix: string, payload: string): boolean =>
  (prefix === '' || prefix === system) &&
  (mark === '' ||
    payload.startsWith(mark) ||
    mark.startsWith(payload) ||
    payload.startsWith('iova='));
