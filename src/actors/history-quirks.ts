/**
 * History quirks: what an earlier kernel did, as its fix, its source or its review says, and 7.3 does no more.
 *
 * The race catalogue has commits, CVE numbers, and how good the evidence is (src/scenarios/races).
 */
import { before, DRAINS, inLifetime, inLists, inRules, type Quirk, toFront } from './quirk.ts';

const EXPLORED = 'its race is one for exploration';
const NO_KERNEL_TABLES = 'a storm has no kernel page tables';
const NO_SUCH_CODE = 'it is no part of the VT-d driver';
const REPLACES_NOTHING = 'storms replace no domain';
const ONE_BIND = 'a storm binds and unbinds one after the other';

export const HISTORY_QUIRKS: readonly Quirk[] = [
  {
    id: 'unbind-drops-reporting-first',
    kind: 'history',
    sentence: 'an unbind or PASID detach takes the device off the fault queue before it drains',
    edit: inLists(toFront('drop-reporting'), ['unbind-sva', 'detach-pasid']),
  },
  {
    id: 'removal-leaks-groups',
    kind: 'history',
    sentence: 'leaving the fault queue answers its groups and frees none of them',
    notInStorms: EXPLORED,
    edit: inRules({ freeRemovedGroups: false }),
  },
  {
    id: 'answers-only-pending',
    kind: 'history',
    sentence: 'a worker answers a group only while it is still on the pending list',
    notInStorms: EXPLORED,
    edit: inRules({ respondOnlyWhilePending: true }),
  },
  {
    id: 'param-not-referenced',
    kind: 'history',
    sentence: 'a report uses the fault parameter without a reference on it',
    notInStorms: EXPLORED,
    edit: inRules({ referenceFaultParam: false }),
  },
  {
    id: 'unhandled-faults-dropped',
    kind: 'history',
    sentence: 'a fault that nobody handles is dropped, not answered',
    notInStorms: EXPLORED,
    edit: inRules({ answerUnhandled: false }),
  },
  {
    id: 'partials-handled-at-once',
    kind: 'history',
    sentence: 'a request that is not the last is stored, and then handled as if it were',
    notInStorms: EXPLORED,
    edit: inRules({ returnAfterPartial: false }),
  },
  {
    id: 'overflow-cleared-first',
    kind: 'history',
    sentence: 'reception is reopened after an overflow before the partial requests are dropped',
    notInStorms: EXPLORED,
    edit: inRules({ clearOverflowBeforeDiscard: true }),
  },
  {
    id: 'acknowledge-after-read',
    kind: 'history',
    sentence: 'the pending bit is cleared after the tail has been read',
    notInStorms: EXPLORED,
    edit: inRules({ acknowledgeBeforeRead: false }),
  },
  {
    id: 'rid-detach-undrained',
    kind: 'history',
    sentence: 'a domain leaves the function itself without a drain',
    notInStorms: 'storms bind processes, they attach nothing to a function',
    edit: inLists((steps) => steps.filter((step) => !DRAINS.includes(step)), ['detach-rid']),
  },
  {
    id: 'replace-publishes-first',
    kind: 'history',
    sentence: 'a replace publishes the new handle before the hardware has left the old domain',
    notInStorms: REPLACES_NOTHING,
    edit: inLists(before('replace-handle', 'block-entry-owing-drain', 'block-entry'), [
      'replace-pasid',
      'replace-rid',
    ]),
  },
  {
    id: 'replace-leaks-count',
    kind: 'history',
    sentence:
      'a replace enables fault reporting for the new domain and never drops that of the old',
    notInStorms: REPLACES_NOTHING,
    edit: inLists(
      (steps) => steps.filter((step) => step !== 'drop-old-reporting'),
      ['replace-pasid', 'replace-rid'],
    ),
  },
  {
    id: 'first-detach-stops-reporting',
    kind: 'history',
    sentence: 'the first detach of a device takes it off the fault queue, whoever else needs that',
    notInStorms: EXPLORED,
    edit: inLifetime({ countsReportingUsers: false }),
  },
  {
    id: 'release-without-report-lock',
    kind: 'history',
    sentence: 'a device is released while the interrupt thread reports a request of it',
    notInStorms: 'a storm releases no device',
    edit: inLifetime({ releaseWaitsForReport: false }),
  },
  {
    id: 'faults-on-dying-mm',
    kind: 'history',
    sentence: 'a worker handles a fault without asking whether the address space has users left',
    notInStorms: EXPLORED,
    edit: inRules({ raiseUsersFirst: false }),
  },
  {
    id: 'release-leaves-entry-live',
    kind: 'history',
    sentence: 'mm release leaves the entry and the caches as they are',
    edit: inLists(() => [], ['mm-release']),
  },
  {
    id: 'unbind-frees-domain-first',
    kind: 'history',
    sentence: "the last unbind frees its domain, and then reads the address space's SVA data",
    notInStorms: ONE_BIND,
    edit: inLifetime({ readsMmDataFirst: false }),
  },
  {
    id: 'bond-device-set-late',
    kind: 'history',
    sentence: 'a bind writes the device into its bond after it has dropped the lock',
    notInStorms: ONE_BIND,
    edit: inLifetime({ setsBondDeviceUnderLock: false }),
  },
  {
    id: 'pasid-freed-with-users',
    kind: 'history',
    sentence: 'a PASID is freed when its address space ends, bonds or not',
    notInStorms: EXPLORED,
    edit: inLifetime({ pasidEndsWith: 'users' }),
  },
  {
    id: 'bond-holds-users',
    kind: 'history',
    sentence: 'a bond holds the users of its address space, not its structure',
    notInStorms: EXPLORED,
    edit: inLifetime({ bondHolds: 'users' }),
  },
  {
    id: 'kernel-tables-not-flushed',
    kind: 'history',
    sentence: 'a page of kernel tables is freed without telling any IOMMU',
    notInStorms: NO_KERNEL_TABLES,
    edit: inLifetime({ flushesKernelTables: false }),
  },
  {
    id: 'removal-looks-unlocked',
    kind: 'history',
    sentence:
      'the removal of an interval notifier looks for the end of an invalidation without the lock',
    notInStorms: NO_SUCH_CODE,
    edit: inLifetime({ removalLooksUnderLock: false }),
  },
  {
    id: 'queues-after-check',
    kind: 'history',
    sentence: 'the legacy AMD notifier checks that its state is valid, and queues the fault later',
    notInStorms: NO_SUCH_CODE,
    edit: inLifetime({ queuesUnderLock: false }),
  },
  {
    id: 'wakes-after-put',
    kind: 'history',
    sentence: 'the legacy AMD driver drops the last count, and then wakes whoever waits for that',
    notInStorms: NO_SUCH_CODE,
    edit: inLifetime({ wakesUnderLock: false }),
  },
];
