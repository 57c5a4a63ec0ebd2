/**
 * Part quirks: defects of parts that a driver's lists do not describe, each told to the driver by its id.
 *
 * Tags, device TLBs, completions, default domains and emulated units are in src/scenarios/explore/tags, iommufd in
 * src/scenarios/explore/iommufd: their worlds ask for the id. The race catalogue has the evidence.
 */
import { inParts, type Quirk } from './quirk.ts';

const NO_IOMMUFD = 'a storm has no iommufd';
const NO_DOMAIN_IDS = 'a storm hands out no domain ids';
const NO_ATS_SWITCH = 'a storm leaves ATS on and resets no device';
const NO_COMPLETIONS = 'the invalidations of a storm are complete when they are made';
const NO_ENTRY_WORDS = 'a storm has no context entries';
const NO_VMIDS = 'a storm has no virtual machines';
const NO_DEFAULT_DOMAINS = 'a storm maps no DMA buffers';
const NO_GROUPS = 'each function of a storm is a group of its own';
const NO_HOST_TABLES = 'a function of a storm has no table of its own';
const NO_FABRIC = 'the requests of a storm are on no fabric';
const NO_EMULATOR = 'a storm emulates no unit for a guest';

const part = (
  kind: Quirk['kind'],
  id: string,
  sentence: string,
  notInStorms = NO_IOMMUFD,
): Quirk => ({ id, kind, sentence, notInStorms, edit: inParts(id) });

const history = (id: string, sentence: string, notInStorms?: string): Quirk =>
  part('history', id, sentence, notInStorms);

/** The one defect of iommufd that 7.3.4 has (docs/decisions/0011-iommufd.md). */
export const COOKIES_WITHOUT_USE: Quirk = part(
  'linux-7.3',
  'cookies-without-use',
  'a cookie of iommufd is a number that the next group gets as soon as it is free',
);

/** Of SMMUv3 only: no scenario asks another driver for it. */
export const CONVERTED_TOLD_AS_DONE: Quirk = part(
  'linux-7.3',
  'converted-told-as-done',
  "a vIOMMU's invalidations that were converted and never issued are told to be done when a later one is refused",
  NO_VMIDS,
);

const TAG_QUIRKS: readonly Quirk[] = [
  history(
    'late-ats-untagged',
    'the device TLB gets no tag when ATS is enabled after the attach',
    NO_ATS_SWITCH,
  ),
  history(
    'reset-leaves-ats-on',
    'a device is reset with ATS on, so that invalidations go on being sent to it',
    NO_ATS_SWITCH,
  ),
  history(
    'tests-sync-unlocked',
    'an invalidation that finds the need-sync flag clear, without the lock, waits for nothing',
    NO_COMPLETIONS,
  ),
  history(
    'numbers-unlocked',
    'a completion is numbered outside the lock under which it is queued',
    NO_COMPLETIONS,
  ),
  history(
    'waits-under-lock',
    'a completion is waited for with the lock of the command queue held',
    NO_COMPLETIONS,
  ),
  history(
    'ats-off-unawaited',
    'a detach disables ATS while an unmap that saw it enabled is about to invalidate the device',
    NO_ATS_SWITCH,
  ),
  history(
    'untracks-before-flush',
    'a detach gives its domain id back before the IOTLB is flushed',
    NO_DOMAIN_IDS,
  ),
  history(
    'reserved-id-counted',
    'a reserved domain id is counted, and freed with its last use',
    NO_DOMAIN_IDS,
  ),
  history(
    'absent-pair-gives-id',
    'a detach that finds no such pair of device and domain gives its domain id back all the same',
    NO_DOMAIN_IDS,
  ),
  history(
    'zeroes-entry-first',
    'the word of a context entry without the present bit is zeroed first',
    NO_ENTRY_WORDS,
  ),
  history(
    'replay-unmaps-range',
    'an emulator unmaps the whole range from its shadow to replay one page of it',
    NO_EMULATOR,
  ),
  history(
    'probe-without-domain',
    'a driver probes and maps a buffer before its device has a default domain',
    NO_DEFAULT_DOMAINS,
  ),
  history(
    'switch-to-translating',
    'a default domain is changed from direct to translating while buffers are mapped',
    NO_DEFAULT_DOMAINS,
  ),
  history(
    'viommu-reset-first',
    'a system reset resets the emulated unit before the devices behind it',
    NO_EMULATOR,
  ),
];

const IOMMUFD_QUIRKS: readonly Quirk[] = [
  history(
    'failed-file-released-later',
    'the file of a failed allocation is released after its object was freed',
  ),
  history(
    'failed-file-released-twice',
    'a failed allocation drops its file and repeats what the release does',
  ),
  history(
    'put-touches-object',
    'a system call that has let an object go still unlocks something inside it',
  ),
  history(
    'destroy-counts-itself',
    "a user's destroy is a user of the object while it looks at the count",
  ),
  history(
    'deliver-under-mutex',
    'faults are delivered under the mutex that a reader holds while its buffer is faulted in',
  ),
  history('failed-copy-loses-group', 'a read of a fault file whose copy fails forgets the group'),
  history(
    'failed-copy-retried',
    'a read of a fault file whose copy fails puts the group back and fetches it again',
  ),
  history(
    'vdevice-found-by-id',
    'a device that leaves looks its vDEVICE up by id and finds none that is being destroyed',
  ),
  history(
    'viommu-forgets-parent',
    'a vIOMMU uses the VMID of a nesting parent that it does not keep',
    NO_VMIDS,
  ),
  history(
    'vmid-follows-parent',
    'a nesting parent brings its VMID to another unit, where it may be taken',
    NO_VMIDS,
  ),
];

/** Mistakes that nobody made: they prove that the worlds of these parts would see them. */
const PART_MUTATIONS: readonly Quirk[] = [
  part(
    'mutation',
    'first-stage-shares-id',
    'every first-stage domain has the id of processes, uncounted, as the specification suggests',
    NO_DOMAIN_IDS,
  ),
  part(
    'mutation',
    'binds-over-host-table',
    'a process is bound to a function whatever host table that translates through',
    NO_HOST_TABLES,
  ),
  part(
    'mutation',
    'bind-switches-domain',
    'a bind switches its function to a domain that maps one to one, and an unbind switches back',
    NO_DEFAULT_DOMAINS,
  ),
  part(
    'mutation',
    'pasid-without-acs',
    'a function whose requests a bridge may route to a peer is given PASIDs',
    NO_FABRIC,
  ),
  part(
    'mutation',
    'failed-attach-kept',
    'an attach that fails for one member of a group leaves the members before it on the domain',
    NO_GROUPS,
  ),
  part(
    'mutation',
    'parent-untagged',
    'a nested domain puts its caches on its own list only, not on that of its parent',
    NO_VMIDS,
  ),
];

export const PART_QUIRKS: readonly Quirk[] = [...TAG_QUIRKS, ...IOMMUFD_QUIRKS, ...PART_MUTATIONS];
