/**
 * Report rules: the points where Linux 7.3 and its repair, or Linux 7.3 and an older kernel, differ between the
 * hardware's ring and the response.
 *
 * Kernel: drivers/iommu/io-pgfault.c; drivers/iommu/intel/prq.c.
 *
 * Machines take them through input and test them in guards, so that both branches stand in the chart. The name
 * after each field is its entry in the race catalogue.
 */

export type ReportRules = {
  /** partial-merge-ignores-pasid: which stored partials a last request takes along. */
  readonly matchPartialsBy: 'index' | 'index-and-pasid';
  /** No entry of its own (S2): a request without a handler is answered even if it is not the last of its group. */
  readonly answerPartialsWithoutHandler: boolean;
  /** fault-without-param-unanswered: a request that nobody handles is answered, not dropped. */
  readonly answerUnhandled: boolean;
  /** bad-request-strands-partials: refusing a last request also drops the partials of its group. */
  readonly cancelPartialsOnReject: boolean;
  /** partial-treated-as-last: the report ends once a partial is stored. */
  readonly returnAfterPartial: boolean;
  /** prq-irq-ack-after-read: the pending bit is cleared before the tail is read. */
  readonly acknowledgeBeforeRead: boolean;
  /** No entry of its own (S6): the head moves once, after the pass, so that a drain still sees what is in process. */
  readonly headMovesPerPass: boolean;
  /** overflow-stale-partials: after an overflow the partials, whose last requests may be lost, are dropped. */
  readonly discardOnOverflow: boolean;
  /** overflow-stale-partials, second variant: reception is reopened before the partials are dropped. */
  readonly clearOverflowBeforeDiscard: boolean;
  /** iopf-remove-leaks-groups: leaving the queue frees the groups it answered. */
  readonly freeRemovedGroups: boolean;
  /** iopf-remove-before-drain, its mitigation in older kernels: only a group still pending is answered. */
  readonly respondOnlyWhilePending: boolean;
  /** fault-on-dying-mm: a worker raises the users of the address space, unless they are zero, before it handles. */
  readonly raiseUsersFirst: boolean;
  /** fault-param-unreferenced: a report holds a reference on the fault parameter it uses. */
  readonly referenceFaultParam: boolean;
  /** No entry of its own (S8): leaving the queue leaves an empty partial list, not one whose nodes are freed. */
  readonly resetPartialsOnRemove: boolean;
};

/** Linux 7.3.4 as it is. */
export const LINUX_7_3: ReportRules = {
  matchPartialsBy: 'index',
  answerPartialsWithoutHandler: true,
  answerUnhandled: true,
  cancelPartialsOnReject: false,
  returnAfterPartial: true,
  acknowledgeBeforeRead: true,
  headMovesPerPass: true,
  discardOnOverflow: true,
  clearOverflowBeforeDiscard: false,
  freeRemovedGroups: true,
  respondOnlyWhilePending: false,
  raiseUsersFirst: true,
  referenceFaultParam: true,
  resetPartialsOnRemove: false,
};

/** Linux 7.3.4 with the known defects of this path repaired. */
export const REPAIRED: ReportRules = {
  ...LINUX_7_3,
  matchPartialsBy: 'index-and-pasid',
  answerPartialsWithoutHandler: false,
  cancelPartialsOnReject: true,
  resetPartialsOnRemove: true,
};
