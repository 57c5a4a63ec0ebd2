/**
 * The payloads of probes and marks: what a tracer adds to the kernel's own events by its own choice.
 *
 * Kernel: kernel/trace/trace_kprobe.c, print_kprobe_event() and print_kretprobe_event().
 * Policy: an event is known by its function, since its name is whatever the tracer chose.
 */
import type { FunctionSeen, HandlerRan, HoldPoint } from './capture-event.ts';

const ENTERED = /^\(([\w.]+)\+0x[\da-f]+\/0x[\da-f]+\)((?: \w+=\S+)*)$/;
const RETURNED = /^\(([\w.]+)\+0x[\da-f]+\/0x[\da-f]+ <- ([\w.]+)\)((?: \w+=\S+)*)$/;
const HANDLER = /^pritest iopf handler pasid (\d{1,7}) grpid (\d{1,4}) count (\d{1,6}) dom \S+$/;
const HOLD = /^pritest point (\d{1,4}): (?:(hold) \(-?\d+\)|go)$/;
/** More values than any probe has. */
const VALUES_MAX = 32;

/** Functions whose calls are steps of the model. */
const KNOWN_FUNCTIONS: ReadonlySet<string> = new Set([
  'intel_iommu_drain_pasid_prq',
  'intel_iommu_page_response',
  'intel_mm_release',
  'intel_pasid_tear_down_entry',
  'iommu_free_global_pasid',
  'iommu_report_device_fault',
  'iommu_sva_bind_device',
  'iommu_sva_handle_iopf',
  'iommu_sva_unbind_device',
  'iopf_free_group',
  'iopf_group_response',
  'iopf_queue_add_device',
  'iopf_queue_flush_dev',
  'iopf_queue_remove_device',
  'qi_submit_sync',
]);

/** `foreign` for a function the model has no word for, undefined when it is no probe's payload. */
export function readProbe(event: string, payload: string): FunctionSeen | 'foreign' | undefined {
  const entered = ENTERED.exec(payload);
  const returned = entered === null ? RETURNED.exec(payload) : null;
  const name = entered?.[1] ?? returned?.[2];
  const values = valuesOf(entered?.[2] ?? returned?.[3] ?? '');
  if (name === undefined || values === undefined) return undefined;
  if (!KNOWN_FUNCTIONS.has(name)) return 'foreign';
  return {
    kind: entered === null ? 'function.returned' : 'function.entered',
    event,
    function: name,
    caller: returned?.[1],
    values,
  };
}

/** Undefined when there are too many, or one of them twice. */
function valuesOf(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(' ').slice(1);
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    values.set(pair.slice(0, at), pair.slice(at + 1));
  }
  if (values.size < pairs.length || pairs.length > VALUES_MAX) return undefined;
  return Object.fromEntries(values);
}

export function readHandler(payload: string): HandlerRan | undefined {
  const [, pasid, index, requests] = HANDLER.exec(payload) ?? [];
  return pasid === undefined
    ? undefined
    : {
        kind: 'handler.ran',
        pasid: Number(pasid),
        index: Number(index),
        requests: Number(requests),
      };
}

export function readHold(payload: string): HoldPoint | undefined {
  const found = HOLD.exec(payload);
  if (found === null) return undefined;
  return {
    kind: found[2] === undefined ? 'thread.released' : 'thread.held',
    point: Number(found[1]),
  };
}
