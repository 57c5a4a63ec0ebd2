/**
 * The payload of a mark that a storm wrote: what no kernel traces, among it all that AMD units and SMMUv3 do.
 *
 * Kernel: Linux 7.3 has no event for the page requests and commands of these units (include/trace/events/iommu.h).
 * Policy: bytes are read by the codecs of the unit; what a storm says besides is a text like anybody's.
 */
import type { AmdCommand } from '../../hw/amd/commands.ts';
import { decodeCommand as decodeAmdCommand } from '../../hw/amd/commands.ts';
import { decodeLogEntry } from '../../hw/amd/page-request-log-entry.ts';
import { decodeCommand as decodeSmmuCommand } from '../../hw/smmuv3/command-decoding.ts';
import { RESUME_RESPONSES, type SmmuCommand } from '../../hw/smmuv3/commands.ts';
import { decodeEvent } from '../../hw/smmuv3/event-entry.ts';
import { wireCodeMeaning } from '../../hw/vtd/page-group-response.ts';
import type {
  AttachmentListed,
  CaptureFact,
  CommandSubmitted,
  OperationReturned,
  PageGroupResponded,
  PageRequestReported,
} from './capture-event.ts';
import { putQuadword } from './payload-numbers.ts';

export const STORM_MARK = 'stormdrain ';

const ENTRY = /^([^\s/]+)\/(\S+) seq# (\d{1,15}): ((?:0x[\da-f]{1,16} ?)+)$/;
const COMMAND = /^([^\s:]+): ((?:0x[\da-f]{1,16} ?)+)$/;
const LISTED = /^([^\s/]+)\/(\S+) pasid (\d{1,7})(?: asid (\d{1,5}))?$/;
const RETURNED = /^([^\s/]+)\/(\S+)(?: PASID (\d{1,7}))?$/;

type Reader = (text: string) => CaptureFact | undefined;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['ppr_log', readLogEntry],
  ['evtq', readEvent],
  ['amd_command', readAmdCommand],
  ['smmu_command', readSmmuCommand],
  ['listed', (text) => readListing('attachment.listed', text)],
  ['unlisted', (text) => readListing('attachment.unlisted', text)],
  ['attached', (text) => readReturn('attach', text)],
  ['detached', (text) => readReturn('detach', text)],
]);

/** A mark of a storm, by its first word; any other is only a text. Undefined: damaged. */
export function readMark(text: string): CaptureFact | undefined {
  if (!text.startsWith(STORM_MARK)) return { kind: 'mark.written', text };
  const said = text.slice(STORM_MARK.length);
  const end = said.indexOf(' ');
  const read = READERS.get(said.slice(0, Math.max(0, end)));
  return read === undefined ? { kind: 'mark.written', text } : read(said.slice(end + 1));
}

/** Quadwords as bytes, low first; undefined unless there are so many. */
function bytesOf(text: string, count: number): DataView | undefined {
  const quads = text.trim().split(' ');
  if (quads.length !== count) return undefined;
  const words = new Int32Array(2 * count);
  for (const [at, quad] of quads.entries()) putQuadword(quad.slice(2), words, 2 * at);
  return new DataView(words.buffer);
}

function readLogEntry(text: string): PageRequestReported | undefined {
  const [, unit = '', device = '', sequence, quads = ''] = ENTRY.exec(text) ?? [];
  const bytes = bytesOf(quads, 2);
  if (bytes === undefined) return undefined;
  const entry = decodeLogEntry(bytes, 0);
  if (!entry.ok) return undefined;
  const { rid, pasid, prgi, iovaPfn, access, last } = entry.value.request;
  return {
    kind: 'page-request.reported',
    unit,
    device,
    sequence: Number(sequence),
    rid,
    pasid: pasid ?? 0,
    index: prgi,
    pfn: iovaPfn,
    ...access,
    last,
  };
}

/** Only a stall is reported, and each is a group of its own. */
function readEvent(text: string): PageRequestReported | undefined {
  const [, unit = '', device = '', sequence, quads = ''] = ENTRY.exec(text) ?? [];
  const bytes = bytesOf(quads, 4);
  if (bytes === undefined) return undefined;
  const { stream, pasid, stallTag, access, iovaPfn } = decodeEvent(bytes, 0);
  if (stallTag === undefined) return undefined;
  return {
    kind: 'page-request.reported',
    unit,
    device,
    sequence: Number(sequence),
    rid: stream,
    pasid: pasid ?? 0,
    index: stallTag,
    pfn: iovaPfn,
    ...access,
    last: true,
  };
}

function readAmdCommand(text: string): PageGroupResponded | CommandSubmitted | undefined {
  const [, unit = '', quads = ''] = COMMAND.exec(text) ?? [];
  const bytes = bytesOf(quads, 2);
  if (bytes === undefined) return undefined;
  const decoded = decodeAmdCommand(bytes, 0);
  return decoded.ok ? factOfAmd(unit, decoded.value) : undefined;
}

function factOfAmd(unit: string, command: AmdCommand): PageGroupResponded | CommandSubmitted {
  if (command.kind !== 'complete-page-request') return submitted(unit, 'amd', command);
  const { device, pasid, prgi, status } = command;
  return {
    kind: 'page-group.responded',
    unit,
    rid: device,
    pasid,
    index: prgi,
    wireCode: status,
    code: wireCodeMeaning(status),
  };
}

function readSmmuCommand(text: string): PageGroupResponded | CommandSubmitted | undefined {
  const [, unit = '', quads = ''] = COMMAND.exec(text) ?? [];
  const bytes = bytesOf(quads, 2);
  if (bytes === undefined) return undefined;
  const decoded = decodeSmmuCommand(bytes, 0);
  return decoded.ok ? factOfSmmu(unit, decoded.value) : undefined;
}

/** Whatever is not tried again was invalid: the command tells no failure from that. */
function factOfSmmu(unit: string, command: SmmuCommand): PageGroupResponded | CommandSubmitted {
  if (command.kind !== 'resume') return submitted(unit, 'smmuv3', command);
  const { stream, stallTag, response } = command;
  return {
    kind: 'page-group.responded',
    unit,
    rid: stream,
    pasid: undefined,
    index: stallTag,
    wireCode: RESUME_RESPONSES.indexOf(response),
    code: response === 'retry' ? 'success' : 'invalid',
  };
}

const submitted = (
  unit: string,
  of: CommandSubmitted['of'],
  command: CommandSubmitted['command'],
): CommandSubmitted => ({ kind: 'command.submitted', unit, of, command });

function readListing(kind: AttachmentListed['kind'], text: string): AttachmentListed | undefined {
  const [, unit, device, pasid, asid] = LISTED.exec(text) ?? [];
  if (unit === undefined || device === undefined) return undefined;
  return {
    kind,
    unit,
    device,
    pasid: Number(pasid),
    asid: asid === undefined ? undefined : Number(asid),
  };
}

function readReturn(
  operation: OperationReturned['operation'],
  text: string,
): OperationReturned | undefined {
  const [, unit, device, pasid = '0'] = RETURNED.exec(text) ?? [];
  if (unit === undefined || device === undefined) return undefined;
  return { kind: 'operation.returned', operation, unit, device, pasid: Number(pasid) };
}
