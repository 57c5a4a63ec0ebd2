/**
 * What a kernel capture says happened: one fact an event line, in the words of the model.
 *
 * Kernel: drivers/iommu/intel/trace.h and include/trace/events/iommu.h; probes by their function.
 * Units:  page frame numbers (address >> 12), pages of 4 KiB; a range's last page is inside it.
 */
import type { PageResponseCode } from '../../core/page-request.ts';
import type { AmdCommand } from '../../hw/amd/commands.ts';
import type { SmmuCommand } from '../../hw/smmuv3/commands.ts';
import type { InvalidationDescriptor } from '../../hw/vtd/invalidation-descriptors.ts';

/** `intel_iommu:prq_report`, or a storm's mark of another unit: a request of a known device, after it was reported. */
export type PageRequestReported = {
  readonly kind: 'page-request.reported';
  readonly unit: string;
  readonly device: string;
  /** Counts the unit's reports; none is left out unless events were lost. */
  readonly sequence: number;
  readonly rid: number;
  /** The text form prints 0 for a request without PASID; only raw fields tell the two apart. */
  readonly pasid: number;
  readonly index: number;
  readonly pfn: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly exec: boolean;
  readonly privileged: boolean;
  readonly last: boolean;
};

/** `intel_iommu:qi_submit` of a page group response, or a storm's mark of another unit's command that answers. */
export type PageGroupResponded = {
  readonly kind: 'page-group.responded';
  readonly unit: string;
  readonly rid: number;
  /** Undefined when the response carries none. */
  readonly pasid: number | undefined;
  readonly index: number;
  /** Four bits, as sent. */
  readonly wireCode: number;
  readonly code: PageResponseCode;
};

/** `intel_iommu:qi_submit` of anything else. The wait behind each submission is never traced. */
export type InvalidationSubmitted = {
  readonly kind: 'invalidation.submitted';
  readonly unit: string;
  readonly descriptor: InvalidationDescriptor | OpaqueDescriptor;
};

/** A type our codecs do not model, or an encoding the specification reserves. */
export type OpaqueDescriptor = {
  readonly kind: 'opaque';
  readonly type: string;
  readonly words: readonly string[];
};

export const CACHE_TAG_TYPES = ['iotlb', 'devtlb', 'nesting_iotlb', 'nesting_devtlb'] as const;
export type CacheTagType = (typeof CACHE_TAG_TYPES)[number];

/** `intel_iommu:cache_tag_assign` and `cache_tag_unassign`. */
export type CacheTagChanged = {
  readonly kind: 'cache-tag.assigned' | 'cache-tag.unassigned';
  readonly unit: string;
  /** The unit's own name for the iotlb types. */
  readonly device: string;
  readonly type: CacheTagType;
  readonly did: number;
  /** 0 for requests without one, -1 for none at all (Linux: IOMMU_PASID_INVALID). */
  readonly pasid: number;
  /** After assigning; before unassigning. */
  readonly references: number;
};

/** `intel_iommu:cache_tag_flush_range` and `cache_tag_flush_range_np`. */
export type CacheTagFlushed = {
  readonly kind: 'cache-tag.flushed';
  /** Of mappings that were not present, for caching mode. */
  readonly notPresent: boolean;
  readonly unit: string;
  readonly device: string;
  readonly pasid: number;
  readonly type: CacheTagType;
  readonly did: number;
  readonly first: number;
  readonly last: number;
  /** The aligned block that is flushed: 2^order pages from `pfn`. */
  readonly pfn: number;
  readonly order: number;
};

/** `iommu:add_device_to_group`, `remove_device_from_group`. */
export type DeviceGrouped = {
  readonly kind: 'device.grouped' | 'device.ungrouped';
  readonly group: number;
  readonly device: string;
};

/** `iommu:attach_device_to_domain`: any domain, of the RID only; there is no event of a detach. */
export type DeviceAttached = { readonly kind: 'device.attached'; readonly device: string };

/** `iommu:map`. */
export type RangeMapped = {
  readonly kind: 'range.mapped';
  readonly pfn: number;
  readonly frame: number;
  readonly pages: number;
};

/** `iommu:unmap`. */
export type RangeUnmapped = {
  readonly kind: 'range.unmapped';
  readonly pfn: number;
  readonly pages: number;
  readonly unmappedPages: number;
};

/** `iommu:io_page_fault`, the legacy report of some drivers; page requests never make it. */
export type LegacyFaultReported = {
  readonly kind: 'io-page-fault.reported';
  readonly driver: string;
  readonly device: string;
  readonly pfn: number;
  readonly flags: number;
};

/** A probe on a function that the model knows: its entry, or its return to `caller`. */
export type FunctionSeen = {
  readonly kind: 'function.entered' | 'function.returned';
  readonly event: string;
  readonly function: string;
  readonly caller: string | undefined;
  /** As printed, by name. */
  readonly values: Readonly<Record<string, string>>;
};

/** A test driver's fault handler ran. */
export type HandlerRan = {
  readonly kind: 'handler.ran';
  readonly pasid: number;
  readonly index: number;
  readonly requests: number;
};

/** A thread was put to sleep at a chosen point, or went on. */
export type HoldPoint = {
  readonly kind: 'thread.held' | 'thread.released';
  readonly point: number;
};

/** A storm's mark: a command of an AMD unit or an SMMU, but for those that answer. */
export type CommandSubmitted = {
  readonly kind: 'command.submitted';
  readonly unit: string;
  readonly of: 'amd' | 'smmuv3';
  readonly command: AmdCommand | SmmuCommand;
};

/** A storm's mark: a domain lists a (device, PASID) among those that its flushes go to, or does so no more. */
export type AttachmentListed = {
  readonly kind: 'attachment.listed' | 'attachment.unlisted';
  readonly unit: string;
  readonly device: string;
  readonly pasid: number;
  /** Tag of the domain's translations, where it has one of its own. */
  readonly asid: number | undefined;
};

/** A storm's mark: an attach or a detach has returned to its caller. */
export type OperationReturned = {
  readonly kind: 'operation.returned';
  readonly operation: 'attach' | 'detach';
  readonly unit: string;
  readonly device: string;
  /** 0 for the function itself. */
  readonly pasid: number;
};

/** What somebody wrote into the trace. */
export type MarkWritten = { readonly kind: 'mark.written'; readonly text: string };

/** The recorder lost events here: anything may have happened meanwhile. */
export type EventsLost = {
  readonly kind: 'events.lost';
  /** Undefined when the recorder does not say. */
  readonly count: number | undefined;
};

export type CaptureFact =
  | PageRequestReported
  | PageGroupResponded
  | InvalidationSubmitted
  | CacheTagChanged
  | CacheTagFlushed
  | DeviceGrouped
  | DeviceAttached
  | RangeMapped
  | RangeUnmapped
  | LegacyFaultReported
  | FunctionSeen
  | HandlerRan
  | HoldPoint
  | CommandSubmitted
  | AttachmentListed
  | OperationReturned
  | MarkWritten
  | EventsLost;

/** Where and when: whatever the trace options left of it. */
export type Moment = {
  /** Of the trace's clock, whatever it counts from. */
  readonly seconds: number | undefined;
  /** In place of seconds, when the clock counts something else. */
  readonly ticks: number | undefined;
  /** `comm-pid`. */
  readonly thread: string | undefined;
  readonly cpu: number | undefined;
  /**
   * How often preemption was disabled, as the context's flags say: spinlocks held, in a kernel that counts them.
   * Undefined where nothing is said, or 0.
   */
  readonly locks: number | undefined;
};

export type CaptureEvent = Moment & {
  /** Counts from 1. */
  readonly line: number;
  readonly fact: CaptureFact;
};
