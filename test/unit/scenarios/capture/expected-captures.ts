/**
 * What each real capture holds, counted without the reader.
 *
 * Source: `grep -c` of the event names over the files, and of the bits of qw0 by eye; PASIDs and requester ids are
 *         what prq_report, page_grp_resp and cache_tag lines name. Never taken from the program's output.
 */

export type ExpectedCapture = {
  readonly file: string;
  readonly lines: number;
  readonly requests: number;
  readonly writes: number;
  readonly success: number;
  readonly invalid: number;
  readonly failure: number;
  /** qi_submit lines that are no page group response. */
  readonly invalidations: number;
  readonly assigned: number;
  readonly unassigned: number;
  readonly flushed: number;
  /** Group, attach, map and unmap events. */
  readonly generic: number;
  /** Kprobes and kretprobes. */
  readonly probes: number;
  /** tracing_mark_write, pritest_hook, pt_iopf. */
  readonly marks: number;
  readonly skipped: number;
  readonly lost: number;
  readonly devices: number;
  readonly pasids: readonly number[];
};

type Row = readonly [string, ...(readonly number[]), readonly number[]];

const NAMES = [
  ...['lines', 'requests', 'writes', 'success', 'invalid', 'failure', 'invalidations'],
  ...['assigned', 'unassigned', 'flushed', 'generic', 'probes', 'marks', 'skipped', 'lost'],
  'devices',
] as const;

// biome-ignore format: a table
const ROWS: readonly Row[] = [
  ['bad_requests.txt', 40, 8, 1, 1, 9, 0, 6, 2, 2, 0, 0, 0, 0, 0, 0, 1, [1, 99]],
  ['dma_boot.txt', 38, 0, 0, 0, 0, 0, 3, 9, 0, 0, 14, 0, 0, 0, 0, 0, []],
  ['fmt_clock_counter.txt', 31, 3, 2, 2, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['fmt_latency_format.txt', 37, 3, 2, 2, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['fmt_no_irq_info.txt', 25, 3, 2, 2, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['fmt_odd_comm.txt', 31, 3, 2, 2, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['fmt_raw.txt', 31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 19, 0, 0, []],
  ['fmt_record_tgid.txt', 31, 3, 2, 2, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['fmt_verbose.txt', 28, 3, 2, 2, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['group_of_four.txt', 49, 19, 15, 4, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
  ['hotplug.txt', 35, 1, 1, 1, 0, 0, 10, 4, 4, 0, 3, 0, 0, 0, 0, 1, [1]],
  ['lost_events_trace.txt', 241, 0, 0, 220, 0, 0, 6, 0, 2, 0, 0, 0, 0, 0, 582, 1, [1]],
  ['lost_events_trace_pipe.txt', 359, 3, 3, 245, 0, 0, 55, 0, 2, 50, 0, 0, 0, 0, 1561, 1, [1]],
  ['patched_process_exit.txt', 36, 11, 11, 2, 1, 0, 6, 2, 2, 0, 0, 0, 0, 0, 0, 1, [1]],
  ['process_exit.txt', 33, 11, 11, 1, 2, 0, 3, 2, 2, 0, 0, 0, 0, 0, 0, 1, [1]],
  ['pt_boot.txt', 29, 0, 0, 0, 0, 0, 3, 0, 0, 0, 14, 0, 0, 0, 0, 0, []],
  ['pt_process_exit.txt', 33, 11, 11, 2, 1, 0, 3, 2, 2, 0, 0, 0, 0, 0, 0, 1, [1]],
  ['pt_single_page.txt', 36, 3, 2, 3, 0, 0, 10, 2, 2, 4, 0, 0, 0, 0, 0, 1, [1]],
  ['single_page.txt', 36, 3, 2, 3, 0, 0, 10, 2, 2, 4, 0, 0, 0, 0, 0, 1, [1]],
  ['strict_boot.txt', 38, 0, 0, 0, 0, 0, 3, 9, 0, 0, 14, 0, 0, 0, 0, 0, []],
  ['two_devices.txt', 72, 12, 12, 6, 0, 0, 24, 6, 6, 6, 0, 0, 0, 0, 0, 2, [1, 2]],
  ['unbind_outstanding.txt', 87, 32, 32, 32, 0, 0, 6, 2, 2, 0, 0, 0, 1, 0, 0, 1, [1]],
  ['x_a_exit_unbind_ring.txt', 53, 2, 2, 1, 1, 0, 3, 2, 2, 0, 0, 25, 5, 0, 0, 1, [1]],
  ['x_a_ref_live_unbind.txt', 59, 2, 2, 2, 0, 0, 6, 2, 2, 0, 0, 28, 5, 0, 0, 1, [1]],
  ['x_a_shared_file_fpd.txt', 62, 3, 3, 1, 2, 0, 3, 2, 2, 0, 0, 32, 5, 0, 0, 1, [1]],
  ['x_b_pasid_detach_ring.txt', 56, 2, 2, 2, 0, 0, 6, 2, 2, 0, 0, 24, 6, 0, 0, 1, [1]],
  ['x_b_pasid_replace_ring.txt', 62, 2, 2, 1, 1, 0, 6, 4, 4, 0, 0, 27, 5, 0, 0, 1, [1]],
  ['x_b_rid_detach_ring.txt', 66, 2, 2, 1, 1, 0, 6, 4, 4, 0, 4, 26, 6, 0, 0, 1, []],
  ['x_d_two_pasids_one_index_unmapped.txt', 115, 4, 4, 1, 1, 0, 24, 4, 4, 12, 0, 51, 2, 0, 0, 1, [1, 2]],
  ['x_e_failure_code.txt', 66, 5, 5, 2, 0, 1, 6, 2, 2, 0, 0, 33, 3, 0, 0, 1, [1]],
  ['x_f_two_devices_drain.txt', 96, 4, 3, 3, 1, 0, 12, 4, 4, 0, 0, 46, 10, 0, 0, 2, [1, 2, 99]],
  ['x_iommufd_pasid_detach_ring.txt', 81, 4, 4, 2, 1, 0, 9, 4, 4, 0, 2, 38, 5, 0, 0, 1, [7]],
  ['x_iommufd_rid_detach_unanswered.txt', 87, 6, 5, 2, 3, 0, 6, 2, 4, 0, 3, 48, 1, 0, 0, 1, []],
  ['overflow.txt.gz', 4124, 2049, 2049, 2049, 0, 0, 8, 2, 2, 2, 0, 0, 0, 0, 0, 1, [1]],
];

export const EXPECTED_CAPTURES: readonly ExpectedCapture[] = ROWS.map((row) => {
  const counts = NAMES.map((name, index) => [name, row[index + 1]]);
  return {
    file: row[0],
    ...Object.fromEntries(counts),
    pasids: row.at(-1),
  } as ExpectedCapture; // a row has a number for every name, and the list last
});
