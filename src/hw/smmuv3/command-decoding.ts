/**
 * Decoding of SMMU commands: what hardware understands from the command queue.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Commands".
 * Policy: reserved bits are ignored; an unknown opcode or a reserved code is an error of the queue (CERROR_ILL).
 */
import { type Pasid, pasid, prgIndex } from '../../core/ids.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { BitLayout, BitTable, BitValues } from '../bit-layout.ts';
import {
  ATC_INVALIDATION,
  COMMAND_HEADER,
  CONFIGURATION_INVALIDATION,
  CONFIGURATION_RANGE_INVALIDATION,
  OPCODE,
  PRI_RESPONSE,
  RESUME,
  SYNC,
  TLB_INVALIDATION,
} from './command-layouts.ts';
import {
  CONFIGURATION_OPCODE,
  PRI_RESPONSES,
  RESUME_RESPONSES,
  type SmmuCommand,
  SYNC_SIGNALS,
  TLB_OPCODE,
} from './commands.ts';

export type CommandError =
  | { readonly code: 'unknown-opcode'; readonly opcode: number }
  /** A response or a signal the specification does not define. */
  | { readonly code: 'reserved-encoding'; readonly opcode: number };

type Read = <Table extends BitTable>(layout: BitLayout<Table>) => BitValues<Table>;

/** Reads the command at `offset` of the queue. */
export const decodeCommand = (queue: DataView, offset: number): Result<SmmuCommand, CommandError> =>
  decode((layout) => layout.read(queue, offset));

/** As `decodeCommand`, from the word `at`; plain loads. */
export const readCommandWords = (
  words: Int32Array,
  at: number,
): Result<SmmuCommand, CommandError> => decode((layout) => layout.readWords(words, at));

function decode(read: Read): Result<SmmuCommand, CommandError> {
  const { opcode } = read(COMMAND_HEADER);
  const configuration = nameOf(CONFIGURATION_OPCODE, opcode);
  if (configuration !== undefined) {
    const raw = read(CONFIGURATION_INVALIDATION);
    return ok({
      kind: 'invalidate-configuration',
      of: configuration,
      stream: raw.sid,
      ssid: raw.ssid,
      leaf: raw.leaf === 1,
    });
  }
  const tlb = nameOf(TLB_OPCODE, opcode);
  if (tlb !== undefined) return ok(tlbIn(tlb, read(TLB_INVALIDATION)));
  const command = otherIn(opcode, read);
  if (command === 'unknown') return err({ code: 'unknown-opcode', opcode });
  return command === undefined ? err({ code: 'reserved-encoding', opcode }) : ok(command);
}

const tlbIn = (
  of: keyof typeof TLB_OPCODE,
  raw: BitValues<typeof TLB_INVALIDATION.table>,
): SmmuCommand => ({
  kind: 'invalidate-tlb',
  of,
  vmid: raw.vmid,
  asid: raw.asid,
  page: raw.addr,
  leaf: raw.leaf === 1,
  num: raw.num,
  scale: raw.scale,
  ttl: raw.ttl,
  tg: raw.tg,
});

/** Undefined when the opcode is known and what it says is reserved. */
function otherIn(opcode: number, read: Read): SmmuCommand | undefined | 'unknown' {
  switch (opcode) {
    case OPCODE.cfgiAll: {
      const raw = read(CONFIGURATION_RANGE_INVALIDATION);
      return { kind: 'invalidate-streams', stream: raw.sid, range: raw.range };
    }
    case OPCODE.atcInv: {
      const raw = read(ATC_INVALIDATION);
      return {
        kind: 'invalidate-atc',
        stream: raw.sid,
        pasid: substreamIn(raw),
        global: raw.global === 1,
        page: raw.addr,
        order: raw.size,
      };
    }
    case OPCODE.priResp: {
      const raw = read(PRI_RESPONSE);
      const response = PRI_RESPONSES[raw.response];
      return (
        response && {
          kind: 'respond-to-group',
          stream: raw.sid,
          pasid: substreamIn(raw),
          prgi: prgIndex(raw.prgIndex),
          response,
        }
      );
    }
    case OPCODE.resume: {
      const raw = read(RESUME);
      const response = RESUME_RESPONSES[raw.response];
      return response && { kind: 'resume', stream: raw.sid, stallTag: raw.stag, response };
    }
    case OPCODE.sync: {
      const signal = SYNC_SIGNALS[read(SYNC).completionSignal];
      return signal && { kind: 'sync', signal };
    }
    default:
      return 'unknown';
  }
}

const substreamIn = (raw: { readonly ssv: number; readonly ssid: number }): Pasid | undefined =>
  raw.ssv === 1 ? pasid(raw.ssid) : undefined;

const nameOf = <Name extends string>(
  opcodes: Readonly<Record<Name, number>>,
  opcode: number,
): Name | undefined =>
  (Object.keys(opcodes) as Name[]) // keys of that record
    .find((name) => opcodes[name] === opcode);
