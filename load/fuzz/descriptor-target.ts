/** Descriptor target: bytes that hardware never wrote, read as every descriptor of the three vendors. */
import * as amd from '../../src/hw/amd/commands.ts';
import { decodeDeviceEntry, encodeDeviceEntry } from '../../src/hw/amd/device-table-entry.ts';
import { decodeLogEntry } from '../../src/hw/amd/page-request-log-entry.ts';
import * as smmu from '../../src/hw/smmuv3/command-decoding.ts';
import { encodeCommand as encodeSmmu } from '../../src/hw/smmuv3/commands.ts';
import { decodeEvent } from '../../src/hw/smmuv3/event-entry.ts';
import { decodePriEntry, encodePriEntry } from '../../src/hw/smmuv3/page-request-entry.ts';
import { decodeLegacyContext, decodeScalableContext } from '../../src/hw/vtd/context-entry.ts';
import {
  decodeInvalidation,
  readInvalidationWords,
} from '../../src/hw/vtd/invalidation-decoding.ts';
import { encodeInvalidation } from '../../src/hw/vtd/invalidation-encoding.ts';
import {
  decodePageGroupResponse,
  encodePageGroupResponse,
} from '../../src/hw/vtd/page-group-response.ts';
import { decodePageRequest } from '../../src/hw/vtd/page-request-descriptor.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const BYTES = 64;

type Read = { readonly ok: boolean } & { readonly value?: unknown };

/** What was understood, written and read again, must be what was understood. */
function again<Value>(
  read: { readonly ok: true; readonly value: Value } | { readonly ok: false },
  encode: (view: DataView, value: Value) => void,
  decode: (view: DataView) => Read,
): boolean {
  if (!read.ok) return false;
  const view = new DataView(new ArrayBuffer(BYTES));
  encode(view, read.value);
  const second = decode(view);
  const [first, other] = [JSON.stringify(read.value), JSON.stringify(second.value)];
  if (!second.ok || first !== other) throw new Error(`read as ${first}, then as ${other}`);
  return true;
}

const ok = <Value>(value: Value) => ({ ok: true as const, value });

export const DESCRIPTOR_TARGET: FuzzTarget = {
  name: 'descriptors',
  share: 200,
  seeds: () => Array.from({ length: 256 }, (_, type) => Buffer.alloc(BYTES, type)),
  read: (input) => {
    const bytes = new Uint8Array(BYTES);
    bytes.set(input.subarray(0, BYTES));
    const view = new DataView(bytes.buffer);
    const words = new Int32Array(bytes.buffer);
    decodePageRequest(view, 0);
    readInvalidationWords(words, 0);
    decodeScalableContext(view, 0);
    decodeLegacyContext(view, 0);
    decodeLogEntry(view, 0);
    decodeEvent(view, 0);
    const understood = [
      again(
        decodeInvalidation(view, 0),
        (to, value) => encodeInvalidation(to, 0, value),
        (from) => decodeInvalidation(from, 0),
      ),
      again(
        decodePageGroupResponse(view, 0),
        (to, value) => encodePageGroupResponse(to, 0, value),
        (from) => decodePageGroupResponse(from, 0),
      ),
      again(
        amd.decodeCommand(view, 0),
        (to, value) => amd.encodeCommand(to, 0, value),
        (from) => amd.decodeCommand(from, 0),
      ),
      again(
        smmu.decodeCommand(view, 0),
        (to, value) => encodeSmmu(to, 0, value),
        (from) => smmu.decodeCommand(from, 0),
      ),
      again(
        ok(decodeDeviceEntry(view, 0)),
        (to, value) => encodeDeviceEntry(to, 0, value),
        (from) => ok(decodeDeviceEntry(from, 0)),
      ),
      again(
        ok(decodePriEntry(view, 0)),
        (to, value) => encodePriEntry(to, 0, value),
        (from) => ok(decodePriEntry(from, 0)),
      ),
    ];
    return understood.slice(0, 4).includes(true) ? undefined : 'nobody understood it';
  },
};
