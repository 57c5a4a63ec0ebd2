/**
 * Goal:   an event is the same whatever printed it: trace options, trace-cmd, perf, raw fields.
 * Method: the sample lines of the trace format's description, and a real capture printed anew in each format.
 */
import { describe, expect, test } from 'vitest';
import type { CaptureEvent } from '../../../../src/scenarios/capture/capture-event.ts';
import { captureText, eventOf, linesOf, readLines } from './fixtures.ts';

const USUAL =
  /^ *(?<comm>.{1,15})-(?<pid>\d+) +\[(?<cpu>\d+)\] (?<flags>\S{5}) +(?<time>\d+\.\d{6}): (?<event>\w+): (?<rest>.*)$/;

type Parts = { comm: string; pid: string; cpu: string; flags: string; time: string } & {
  event: string;
  rest: string;
};

const SYSTEMS: Readonly<Record<string, string>> = {
  prq_report: 'intel_iommu',
  qi_submit: 'intel_iommu',
  cache_tag_assign: 'intel_iommu',
  cache_tag_unassign: 'intel_iommu',
  cache_tag_flush_range: 'intel_iommu',
};

const LINES = ['single_page.txt', 'group_of_four.txt', 'two_devices.txt'].flatMap((file) =>
  linesOf(captureText(file)).filter((line) => !line.startsWith('#')),
);

const PARTS = LINES.map((line): Parts => {
  const {
    comm = '',
    pid = '',
    cpu = '',
    flags = '',
    time = '',
    event = '',
    rest = '',
  } = USUAL.exec(line)?.groups ?? {};
  return { comm, pid, cpu, flags, time, event, rest };
});

const ORIGINAL = readLines(LINES).events;
const withoutLocks = (event: CaptureEvent): CaptureEvent => ({ ...event, locks: undefined });

describe('a capture printed by', () => {
  test.each<[string, (parts: Parts) => string]>([
    [
      'trace-cmd report',
      ({ comm, pid, cpu, time, event, rest }) =>
        `${comm.padStart(16)}-${pid.padEnd(5)} [${cpu}]  ${time}: ${`${event}:`.padEnd(21)} ${rest}`,
    ],
    [
      'trace-cmd report with flags and nanoseconds',
      ({ comm, pid, cpu, flags, time, event, rest }) =>
        `${comm.padStart(16)}-${pid.padEnd(5)} [${cpu}] ${flags} ${time}000: ${`${event}:`.padEnd(21)} ${rest}`,
    ],
    [
      'trace-cmd report of an instance',
      ({ comm, pid, cpu, time, event, rest }) =>
        ` guest: ${comm.padStart(16)}-${pid.padEnd(5)} [${cpu}]  ${time}: ${event}: ${rest}`,
    ],
    [
      'perf script',
      ({ comm, pid, cpu, time, event, rest }) =>
        `${comm.padStart(16)} ${pid.padStart(7)} [${cpu}] ${time.padStart(12)}: ${SYSTEMS[event]}:${event}: ${rest}`,
    ],
    [
      'perf script with pid, tid and period',
      ({ comm, pid, cpu, time, event, rest }) =>
        `${comm.padEnd(16)} ${pid}/${pid} [${cpu}] ${time.padStart(12)}:          1 ${SYSTEMS[event]}:${event}: ${rest}`,
    ],
    [
      'a kernel with four flags',
      ({ comm, pid, cpu, flags, time, event, rest }) =>
        `${comm.padStart(16)}-${pid} [${cpu}] ${flags.slice(0, 4)} ${time}: ${event}: ${rest}`,
    ],
    [
      'a terminal that left a blank behind',
      ({ comm, pid, cpu, flags, time, event, rest }) =>
        `${comm.padStart(16)}-${pid} [${cpu}] ${flags} ${time}: ${event}: ${rest} `,
    ],
  ])('%s says the same', (_, print) => {
    const { events, tally } = readLines(PARTS.map(print));
    expect(tally).toMatchObject({ malformed: 0, skipped: 0 });
    // Locks are what flags say, and some print none.
    const hasFlags = events.some(({ locks }) => locks !== undefined);
    expect(events).toEqual(hasFlags ? ORIGINAL : ORIGINAL.map(withoutLocks));
  });

  test('a kernel without context info says what happened, but not who and when', () => {
    const { events, tally } = readLines(PARTS.map(({ event, rest }) => `${event}: ${rest}`));
    expect(tally).toMatchObject({ malformed: 0, skipped: 0 });
    expect(events.map(({ fact }) => fact)).toEqual(ORIGINAL.map(({ fact }) => fact));
    expect(events[0]).toMatchObject({ seconds: undefined, thread: undefined, cpu: undefined });
  });
});

test('one run under every trace option says the same', () => {
  const factsOf = (file: string) =>
    readLines(linesOf(captureText(file))).events.map(({ fact }) =>
      fact.kind === 'page-request.reported' ? [fact.kind, fact.index, fact.last] : fact.kind,
    );
  const usual = factsOf('fmt_odd_comm.txt').map(String).sort();
  for (const option of ['clock_counter', 'latency_format', 'no_irq_info', 'record_tgid']) {
    expect(factsOf(`fmt_${option}.txt`).map(String).sort()).toEqual(usual);
  }
  expect(factsOf('fmt_verbose.txt').map(String).sort()).toEqual(usual);
});

test('who and when is read from every form', () => {
  const whereOf = (file: string, line: number) => {
    const { thread, cpu, seconds, ticks } =
      readLines(linesOf(captureText(file))).events[line] ?? {};
    return [thread, cpu, seconds, ticks];
  };
  expect(whereOf('fmt_odd_comm.txt', 0)).toEqual(['opt test:a-b/c-71', 1, 13.588459, undefined]);
  expect(whereOf('fmt_no_irq_info.txt', 2)).toEqual([
    'irq/24-dmar0-pr-36',
    0,
    13.805107,
    undefined,
  ]);
  expect(whereOf('fmt_record_tgid.txt', 0)).toEqual(['fmt-71', 1, 13.689117, undefined]);
  expect(whereOf('fmt_clock_counter.txt', 7)).toEqual(['fmt-71', 0, undefined, 10]);
  expect(whereOf('fmt_latency_format.txt', 2)).toEqual(['irq/24-d-36', 0, 0.067651, undefined]);
  // 0xd9b482 microseconds
  expect(whereOf('fmt_verbose.txt', 0)).toEqual(['fmt-71', 1, 14.267522, undefined]);
});

test('latency and verbose forms count ticks when the clock does', () => {
  const event = 'attach_device_to_domain: IOMMU: device=a';
  expect(eventOf(`irq/24-d-36        0d..1.   113: ${event}`)).toMatchObject({
    thread: 'irq/24-d-36',
    ticks: 113,
    seconds: undefined,
  });
  const context = ' irq/24-dmar0-pr      36   1 0 00000000 00000002 [00000000000000ff] 86 (+61)';
  expect(eventOf(`${context}: ${event}`)).toMatchObject({
    thread: 'irq/24-dmar0-pr-36',
    cpu: 1,
    ticks: 255,
    seconds: undefined,
  });
});

describe('a task', () => {
  const named = (comm: string): string | undefined =>
    eventOf(`${comm}-71      [001] .....    13.588459: attach_device_to_domain: IOMMU: device=a`)
      ?.thread;

  test.each([
    '<idle>',
    '<...>',
    'kworker/u64:2',
    'a-1 [000] b',
    '-1-2-3-',
    'x-1 [000] 1.0:',
    '[000]',
    '(12)',
    '12',
    '#',
  ])('may be called %s', (comm) => {
    expect(named(comm)).toBe(`${comm}-71`);
  });

  test('may have a name in UTF-8', () => {
    expect(named(Buffer.from('größe').toString('latin1'))).toBe('größe-71');
  });

  test('cannot have a name longer than the kernel keeps', () => {
    expect(named('sixteen letters!')).toBeUndefined();
  });
});

describe('raw fields', () => {
  const prefix = '          fmt-71      [001] d..1.    13.589117: ';

  test('hold the page request descriptors that were printed', () => {
    const raw =
      'prq_report: dw0=0x100280101 (4297589) dw1=0x7f20473ea01b (139776) dw2=0x0 (0) dw3=0x0 (0) seq=0x116b (4459) iommu=dmar0 dev=0000:00:05.0 buff=';
    expect(eventOf(prefix + raw)?.fact).toEqual({
      kind: 'page-request.reported',
      unit: 'dmar0',
      device: '0000:00:05.0',
      sequence: 0x116b,
      rid: 0x28,
      pasid: 1,
      index: 3,
      pfn: 0x7f20473ea,
      read: true,
      write: true,
      exec: false,
      privileged: false,
      last: false,
    });
  });

  test.each([
    [
      'qi_submit: qw0=0x100280019 (4297588761) qw1=0x18 (24) qw2=0x0 (0) qw3=0x0 (0) iommu=dmar0',
      'qi_submit: page_grp_resp dmar0: 0x100280019 0x18 0x0 0x0',
    ],
    [
      'qi_submit: qw0=4297588761 qw1=24 qw2=0 qw3=0 iommu=dmar0',
      'qi_submit: page_grp_resp dmar0: 0x100280019 0x18 0x0 0x0',
    ],
    [
      'cache_tag_assign: iommu=dmar0 dev=0000:00:05.0 type=0x1 (1) domain_id=0x1 (1) pasid=0x2 (2) users=0x1 (1)',
      'cache_tag_assign: dmar0/0000:00:05.0 type devtlb did 1 pasid 2 ref 1',
    ],
    [
      'cache_tag_flush_range: iommu=dmar0 dev=dmar0 type=0x0 (0) domain_id=0x1 (1) pasid=0x1 (1) start=0x7f000 (520192) end=0x7ffff (524287) addr=0x7f000 (520192) mask=0x0 (0)',
      'cache_tag_flush_range: dmar0 dmar0[1] type iotlb did 1 [0x7f000-0x7ffff] addr 0x7f000 mask 0x0',
    ],
    [
      'map: iova=0xfffe0000 (4294836224) paddr=0x104a3c000 (4372807680) size=0x1000 (4096)',
      'map: IOMMU: iova=0x00000000fffe0000 - 0x00000000fffe1000 paddr=0x0000000104a3c000 size=4096',
    ],
    [
      'add_device_to_group: gid=0xe (14) device=0000:00:0a.0',
      'add_device_to_group: IOMMU: groupID=14 device=0000:00:0a.0',
    ],
  ])('say what the text says: %s', (raw, text) => {
    expect(eventOf(prefix + text)).toBeDefined();
    expect(eventOf(prefix + raw)).toEqual(eventOf(prefix + text));
  });
});

test('the invalid PASID is -1 in every form', () => {
  const prefix = '          fmt-71      [001] d..1.    13.589117: cache_tag_unassign: ';
  const text = eventOf(`${prefix}dmar0/dmar0 type iotlb did 1 pasid -1 ref 1`);
  expect(text?.fact).toMatchObject({ pasid: -1 });
  const raw =
    'iommu=dmar0 dev=dmar0 type=0x0 (0) domain_id=0x1 (1) pasid=0xffffffff (-1) users=0x1 (1)';
  expect(eventOf(prefix + raw)).toEqual(text);
});

test('private data and the blank line behind it belong to one request', () => {
  const { events, tally } = readLines([
    ' irq/27-dmar0-pr-141     [003] .....  1042.318402: prq_report: dmar0/0000:00:0a.0 seq# 17: rid=0x50 addr=0x7f1234567 rw--l pasid=0x1 index=0x3 private=0x12/0x34',
    '',
  ]);
  expect(events).toHaveLength(1);
  expect(tally).toMatchObject({ events: 1, malformed: 0, skipped: 0 });
});

test('addresses of 64 bits keep every bit that matters', () => {
  const prefix = '          fmt-71      [001] d..1.    13.589117: ';
  const flush =
    'cache_tag_flush_range: dmar0 dmar0[0] type iotlb did 4 [0x0-0xffffffffffffffff] addr 0x0 mask 0x34';
  expect(eventOf(prefix + flush)?.fact).toMatchObject({ first: 0, last: 2 ** 52 - 1, order: 52 });
  const map =
    'map: IOMMU: iova=0xffffffffffff0000 - 0x0000000000000000 paddr=0x000ffffffffff000 size=65536';
  expect(eventOf(prefix + map)?.fact).toMatchObject({ pfn: 2 ** 52 - 16, pages: 16 });
});

describe('what is not ours', () => {
  test('is skipped and counted by name', () => {
    const { events, tally } = readLines([
      '  bash-9  [000] d..2.  1.000001: sched_switch: prev_comm=bash prev_pid=9 ==> next_comm=map',
      '  bash-9  [000] d..2.  1.000002: sched_switch: prev_comm=bash prev_pid=9 ==> next_comm=map',
      '  bash-9  [000] .....  1.000003: map: dev=sda range=4096', // another system's
      '  bash-9  [000] .....  1.000004: xen:unmap: IOMMU: nothing of the kind',
      '  bash-9  [000] .....  1.000005: drain: (do_sys_open+0x4/0x80) pasid=1', // another function
      '  bash-9  [000] .....  1.000006: my_print: (see above)',
      '  bash-9  [000] .....  1.000007: schedule <-do_idle',
      '  bash-9  [000] .....  1.000008: <stack trace>',
      ' => do_syscall_64',
      '71 0 14488767865 type: 356',
      '00000047 00000000 000000035f9f8bb9 type: 356',
    ]);
    expect(events).toEqual([]);
    expect(tally.malformed).toBe(0);
    expect(tally.skippedByName).toEqual({
      sched_switch: 2,
      '(no event name)': 1,
      '(stack frame)': 1,
      '<stack trace>': 1,
      drain: 1,
      map: 1,
      my_print: 1,
      'raw type: 356': 2,
      'xen:unmap': 1,
    });
  });

  test('and says nothing is passed over', () => {
    const { tally } = readLines([
      '# tracer: nop',
      '##### CPU 1 buffer started ####',
      'cpus=2',
      'CPU 1 is empty',
      '',
    ]);
    expect(tally).toMatchObject({ events: 0, skipped: 0, malformed: 0, lost: 0 });
  });

  test('is bounded, whatever a file names', () => {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `  bash-9  [000] d..2.  1.000001: event_${index}: text`,
    );
    const { skipped, skippedByName } = readLines(lines).tally;
    expect(skipped).toBe(1000);
    expect(Object.keys(skippedByName)).toHaveLength(257);
    expect(skippedByName['(others)']).toBe(744);
  });

  test('trace-cmd drops events with or without a count', () => {
    const { events, tally } = readLines([
      'CPU:1 [12 EVENTS DROPPED]',
      'CPU:0 [EVENTS DROPPED]',
      'CPU:0 [LOST 3 EVENTS]',
    ]);
    expect(tally).toMatchObject({ lost: 15, lossPlaces: 3 });
    expect(events.map(({ cpu, fact }) => [cpu, fact])).toEqual([
      [1, { kind: 'events.lost', count: 12 }],
      [0, { kind: 'events.lost', count: undefined }],
      [0, { kind: 'events.lost', count: 3 }],
    ]);
  });
});
