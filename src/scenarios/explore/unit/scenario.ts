/**
 * Unit scenario: which devices, processes, domains, attachments and threads one small world of a unit has.
 *
 * Everything refers to everything else by its place in its list. Operations on one attachment are told in the order
 * in which they happen: what an operation finds attached follows from those listed before it.
 *
 * Policy:  what a scenario does not cross is left out of its world, so that small races stay small.
 */

/** One page-request group that a device may send, on an index of its own. */
export type GroupSpec = {
  readonly attachment: number;
  /** 0 unless told; two groups of one index on one device must have different attachments. */
  readonly prgIndex?: number;
  /** Pages asked for, in order, by their place in the address space; the last one closes the group. [0] unless told. */
  readonly pages?: readonly number[];
  /** What the pages are asked for; a privileged write is one that VT-d refuses. 'read' unless told. */
  readonly access?: 'read' | 'write' | 'privileged-write';
  /** Only the last request of the first use asks for `access`, all others read. */
  readonly onlyFirstLast?: boolean;
  /** Times the index may be used; 1 unless told. */
  readonly uses?: number;
  /** Begins the next group on its index without waiting for the response. */
  readonly isRude?: boolean;
  /** May leave a group unfinished when it is told to stop. */
  readonly mayCut?: boolean;
  /** Says with a stop marker that it has stopped. */
  readonly sendsStopMarker?: boolean;
};

export type DeviceSpec = {
  readonly groups: readonly GroupSpec[];
  /** It takes a response with the PASID of its request only ("PRG Response PASID Required"). */
  readonly needsPasidInResponse?: boolean;
  /** PRI credits, counted by the function; undefined: it never runs out of them. */
  readonly credits?: number;
};

export type ProcessSpec = {
  /** Pages mapped from the start; one unless told. */
  readonly pages?: number;
  /** The process whose PASID it is given, once that one has been freed; undefined: it has one of its own. */
  readonly succeeds?: number;
  /** Its pages have frames from the start; else they get them with their first faults. */
  readonly isResident?: boolean;
};

export type DomainSpec =
  | { readonly kind: 'sva'; readonly process: number }
  /** Page tables of its own, with a handler that takes faults (or none); `pages` are mapped, one unless told. */
  | { readonly kind: 'paging'; readonly handlesFaults: boolean; readonly pages?: number }
  /** A guest's tables over those of a parent, a paging domain: whatever they lead to is the parent's. */
  | { readonly kind: 'nested'; readonly parent: number };

/** Where a domain may hang: a PASID of a device, or the function itself. */
export type AttachmentSpec = {
  readonly device: number;
  /** Undefined: the function itself, whose requests carry no PASID. */
  readonly pasid: number | undefined;
  /** Attached before the first step; undefined: blocked. */
  readonly domain?: number;
};

/** One thing a software thread does; what a driver has a list for is run by that list. */
export type OperationSpec =
  /** The driver of the device stops its use of an attachment, and waits until the device is quiet. */
  | { readonly kind: 'stop-use'; readonly attachment: number }
  /** The device may use an attachment from now on; what is attached at the start is in use. */
  | { readonly kind: 'start-use'; readonly attachment: number }
  | {
      readonly kind: 'bind-sva' | 'attach-pasid' | 'attach-rid' | 'replace-pasid' | 'replace-rid';
      readonly attachment: number;
      readonly domain: number;
    }
  | {
      readonly kind: 'unbind-sva' | 'detach-pasid' | 'detach-rid';
      readonly attachment: number;
    }
  /** A bind and an unbind from their locks to their return, bond and domain counts included. */
  | {
      readonly kind: 'sva-bind' | 'sva-unbind';
      readonly attachment: number;
      readonly process: number;
    }
  /** The process drops its users; if they were the last, its address space ends before this is over. */
  | { readonly kind: 'exit'; readonly process: number }
  | { readonly kind: 'unmap'; readonly process: number; readonly page: number }
  /** The owner of a domain's tables unmaps its page, has all caches forget it, and frees it. */
  | { readonly kind: 'unmap-domain'; readonly domain: number }
  /** The owner of a paging domain, which hangs nowhere any more, frees it with its tables and pages. */
  | { readonly kind: 'free-domain'; readonly domain: number };

/** What one thread of software does, in order. */
export type ThreadSpec = {
  readonly name: string;
  readonly operations: readonly OperationSpec[];
};

/** Whose unit it is; each has a repaired driver and one of Linux 7.3. */
export type UnitName = 'vtd' | 'amd' | 'smmuv3';

export type UnitScenario = {
  readonly name: string;
  readonly sentence: string;
  /** Units whose drivers' lists it can run; VT-d alone unless told. */
  readonly units?: readonly UnitName[];
  readonly devices: readonly DeviceSpec[];
  readonly processes: readonly ProcessSpec[];
  readonly domains: readonly DomainSpec[];
  readonly attachments: readonly AttachmentSpec[];
  readonly threads: readonly ThreadSpec[];
  /** Requests the ring holds when it is full; as many as can be sent unless told. */
  readonly ringCapacity?: number;
  /** Fault workers; 1 unless told. */
  readonly workers?: number;
  /** Groups alive at once; as many as the devices have, and one more, unless told. */
  readonly groupSlots?: number;
  /** Requests travel from device to unit for a while; without it they arrive as they are sent. */
  readonly hasLink?: boolean;
  /** Invalidations go through the unit's queue; without it they are done when nothing is on its way. */
  readonly hasInvalidationQueue?: boolean;
  /** Devices keep translations, which only an invalidation takes from them. */
  readonly hasTranslations?: boolean;
  /** Devices read a page of what is attached, again and again, through the caches of unit and device. */
  readonly hasDma?: boolean;
  /** Under DMA: domains have lists of the caches that may hold what is theirs, and what is unmapped follows them. */
  readonly hasCacheTags?: boolean;
  /** Domains have lists of their attachments, and who invalidates or releases finds there whom it concerns. */
  readonly hasAttachmentLists?: boolean;
  /** Hardware fetches entries word by word, again and again. */
  readonly fetchesEntries?: boolean;
  /** Hardware answers a last request that it dropped. */
  readonly answersDroppedLast?: boolean;
};
