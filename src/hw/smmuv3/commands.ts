/**
 * SMMU commands: what software asks through the command queue, as values and as bytes.
 *
 * Spec:   Arm SMMU Architecture Specification, version 3, "Commands".
 * Kernel: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, arm_smmu_cmdq_build_cmd(), arm_smmu_page_response().
 * Units:  blocks of an ATC invalidation are 2^order pages, order 52 being every page; offsets are bytes.
 * Policy: nothing follows a RESUME: a SYNC behind it would not prove that the transaction went on.
 */
import type { Pasid, PrgIndex } from '../../core/ids.ts';
import type { PageResponseCode } from '../../core/page-request.ts';
import { type DescriptorImage, descriptorImage } from '../descriptor-image.ts';
import {
  ATC_INVALIDATION,
  CONFIGURATION_INVALIDATION,
  CONFIGURATION_RANGE_INVALIDATION,
  OPCODE,
  PRI_RESPONSE,
  RESUME,
  SYNC,
  TLB_INVALIDATION,
} from './command-layouts.ts';

/** How a page request group is answered, by wire code. */
export const PRI_RESPONSES = ['deny', 'fail', 'success'] as const;
/** What a stalled transaction does, by wire code. */
export const RESUME_RESPONSES = ['terminate', 'retry', 'abort'] as const;
/** How the end of a SYNC is told, by wire code. */
export const SYNC_SIGNALS = ['none', 'interrupt', 'event'] as const;
export type PriResponse = (typeof PRI_RESPONSES)[number];
export type ResumeResponse = (typeof RESUME_RESPONSES)[number];
export type SyncSignal = (typeof SYNC_SIGNALS)[number];

/** Errors of the command queue, as its consumer register tells them: none, and a command that is none. */
export const CERROR_NONE = 0;
export const CERROR_ILL = 1;
/** A function didn't complete its ATC_INVs in time; CONS stays at the SYNC behind them. */
export const CERROR_ATC_INV_SYNC = 3;

export const CONFIGURATION_OPCODE = {
  'stream-entry': OPCODE.cfgiSte,
  'context-descriptor': OPCODE.cfgiCd,
  'context-descriptors': OPCODE.cfgiCdAll,
} as const;
export const TLB_OPCODE = {
  'nh-all': OPCODE.tlbiNhAll,
  'nh-asid': OPCODE.tlbiNhAsid,
  'nh-va': OPCODE.tlbiNhVa,
  'nh-vaa': OPCODE.tlbiNhVaa,
  'el2-all': OPCODE.tlbiEl2All,
  'el2-asid': OPCODE.tlbiEl2Asid,
  'el2-va': OPCODE.tlbiEl2Va,
  's12-vmall': OPCODE.tlbiS12Vmall,
  's2-ipa': OPCODE.tlbiS2Ipa,
  'nsnh-all': OPCODE.tlbiNsnhAll,
} as const;

export type SmmuCommand =
  | {
      readonly kind: 'invalidate-configuration';
      readonly of: keyof typeof CONFIGURATION_OPCODE;
      readonly stream: number;
      readonly ssid: number;
      readonly leaf: boolean;
    }
  /** 2^(range + 1) streams from `stream` on; 31 is every stream. */
  | { readonly kind: 'invalidate-streams'; readonly stream: number; readonly range: number }
  | {
      readonly kind: 'invalidate-tlb';
      readonly of: keyof typeof TLB_OPCODE;
      readonly vmid: number;
      readonly asid: number;
      readonly page: number;
      readonly leaf: boolean;
      /** Range of (num + 1) * 2^scale granules of size tg; zero: one page. */
      readonly num: number;
      readonly scale: number;
      readonly ttl: number;
      readonly tg: number;
    }
  | {
      readonly kind: 'invalidate-atc';
      readonly stream: number;
      readonly pasid: Pasid | undefined;
      readonly global: boolean;
      readonly page: number;
      readonly order: number;
    }
  | {
      readonly kind: 'respond-to-group';
      readonly stream: number;
      readonly pasid: Pasid | undefined;
      readonly prgi: PrgIndex;
      readonly response: PriResponse;
    }
  | {
      readonly kind: 'resume';
      readonly stream: number;
      readonly stallTag: number;
      readonly response: ResumeResponse;
    }
  | { readonly kind: 'sync'; readonly signal: SyncSignal };

/** What Linux resumes a stalled transaction with. */
export const resumeFor = (code: PageResponseCode): ResumeResponse =>
  code === 'success' ? 'retry' : 'abort';

/** @throws InvariantViolation when a value does not fit. */
export function encodeCommand(queue: DataView, offset: number, command: SmmuCommand): void {
  imageOf(command).toBytes(queue, offset);
}

/** As `encodeCommand`, to the word `at`; plain stores. */
export function writeCommandWords(words: Int32Array, at: number, command: SmmuCommand): void {
  imageOf(command).toWords(words, at);
}

function imageOf(command: SmmuCommand): DescriptorImage {
  switch (command.kind) {
    case 'invalidate-configuration':
      return descriptorImage(CONFIGURATION_INVALIDATION, {
        opcode: CONFIGURATION_OPCODE[command.of],
        ssid: command.ssid,
        sid: command.stream,
        leaf: Number(command.leaf),
      });
    case 'invalidate-streams':
      return descriptorImage(CONFIGURATION_RANGE_INVALIDATION, {
        opcode: OPCODE.cfgiAll,
        sid: command.stream,
        range: command.range,
      });
    case 'invalidate-tlb':
      return descriptorImage(TLB_INVALIDATION, {
        opcode: TLB_OPCODE[command.of],
        num: command.num,
        scale: command.scale,
        vmid: command.vmid,
        asid: command.asid,
        leaf: Number(command.leaf),
        ttl: command.ttl,
        tg: command.tg,
        addr: command.page,
      });
    case 'invalidate-atc':
      return descriptorImage(ATC_INVALIDATION, {
        opcode: OPCODE.atcInv,
        global: Number(command.global),
        ...substream(command.pasid),
        sid: command.stream,
        size: command.order,
        addr: command.page,
      });
    case 'respond-to-group':
      return descriptorImage(PRI_RESPONSE, {
        opcode: OPCODE.priResp,
        ...substream(command.pasid),
        sid: command.stream,
        prgIndex: command.prgi,
        response: PRI_RESPONSES.indexOf(command.response),
      });
    case 'resume':
      return descriptorImage(RESUME, {
        opcode: OPCODE.resume,
        response: RESUME_RESPONSES.indexOf(command.response),
        sid: command.stream,
        stag: command.stallTag,
      });
    case 'sync':
      return descriptorImage(SYNC, {
        opcode: OPCODE.sync,
        completionSignal: SYNC_SIGNALS.indexOf(command.signal),
      });
  }
}

const substream = (of: Pasid | undefined): { readonly ssv: number; readonly ssid: number } => ({
  ssv: Number(of !== undefined),
  ssid: of ?? 0,
});
