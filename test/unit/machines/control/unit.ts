/** What attachments, operations and processes of the test world need of the unit they share. */
import type { Actor } from 'xstate';

import type { Driver } from '../../../../src/actors/driver.ts';
import type { Pasid, RequesterId } from '../../../../src/core/ids.ts';
import type { drainCompletionMachine } from '../../../../src/machines/drain-completion.ts';
import type { faultReportingMachine } from '../../../../src/machines/fault-reporting.ts';
import type { ReportWorld } from '../report/harness.ts';

export type Unit = {
  readonly driver: Driver;
  readonly report: ReportWorld;
  /** Effects of operations, as `<operation>.<effect>`. */
  readonly log: string[];
  readonly completion: Actor<typeof drainCompletionMachine>;
  /** Passes of the page request thread that have ended. */
  readonly passes: number;
  reporting(rid: RequesterId): Actor<typeof faultReportingMachine>;
  /** Whether the ring holds a request of that PASID of that device. */
  ringHas(rid: RequesterId, pasid: Pasid | undefined): boolean;
  /** Submits descriptors; `isExecuted` says when hardware has come to the end of them. */
  submit(descriptors: number, drain: boolean): number;
  isExecuted(ticket: number): boolean;
  stepHardware(): boolean;
};
