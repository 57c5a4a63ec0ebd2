/**
 * Unit seams: where the threads of a storm meet the bytes of one kind of unit; everything else they do is common.
 *
 * A thread is given the parts of its unit when it starts and never another's, so each call has one target.
 * Units: pages come in halves: `low` and `high` of page-number.ts on the device's side, the low 32 and high 20 bits
 *        of the number, as a driver reads them, on the driver's side.
 */
/** A request that no function should send, or what a unit makes of one, in the unit's bytes. */
export type MalformedRequest = {
  readonly what: string;
  /** Whether software is to answer it. */
  readonly owesAnswer: boolean;
  readonly last: boolean;
  readonly access: number;
  /** In place of the sender's own; -1 is no PASID. */
  readonly pasid?: number;
  /** In place of the high half of its page. */
  readonly pfnHigh?: number;
  /** Of an SMMU: the number of its event. */
  readonly event?: number;
  /** What no well-formed entry says, written over the entry at the word `at`. */
  readonly amend?: (words: Int32Array, at: number) => void;
};

/** Where page requests enter the unit. The device thread's own. */
export type RequestPort = {
  /** Times the queue overflowed. */
  readonly episodes: number;
  /** False when the request was dropped. `highAndAccess` is the high half of the page | access << 18. */
  send(
    device: number,
    pasid: number,
    index: number,
    low: number,
    highAndAccess: number,
    last: boolean,
    id: number,
    owner: number,
  ): boolean;
  /** Everything of the sort that this unit can be sent. */
  readonly malformed: readonly MalformedRequest[];
  /** As `send`, of one of them; `high` is the high half of the page alone. */
  sendMalformed(
    how: MalformedRequest,
    device: number,
    pasid: number,
    index: number,
    low: number,
    high: number,
    id: number,
    owner: number,
  ): boolean;
  /** An access that the entry of its PASID refuses: whether the function asks for the page all the same. */
  refused(
    device: number,
    pasid: number,
    entry: number,
    low: number,
    highAndAccess: number,
  ): boolean;
  /** Accesses that wait until the queue has room; where hardware lets none wait, there are none. */
  readonly waiting: number;
  /** Row of the ledger of the one that has waited longest, which is to be made again; -1 while none can be. */
  takeWaiting(): number;
  /** Lets software see what was sent; wakes the PRQ thread when hardware would interrupt. */
  publish(): void;
};

/** What a driver's interrupt thread tells the fault handling that all drivers share. */
export type FaultReports = {
  /** iommu_report_device_fault(): `highAndAccess` is the high 20 bits of the page | access << 20; -1 is no PASID. */
  report(
    device: number,
    pasid: number,
    index: number,
    last: boolean,
    low: number,
    highAndAccess: number,
    id: number,
    owner: number,
  ): void;
  /** The driver refuses the last request of a group, and answers for it. */
  reject(device: number, pasid: number, index: number, id: number, code: number): void;
  /** The driver answers a request that it reports to nobody. */
  answer(device: number, pasid: number, index: number, id: number, code: number): void;
  /** What was assembled and answered so far becomes visible. */
  publish(): void;
  /** Hardware lost requests: partials go, unless the driver lets them stay. */
  overflowed(): void;
};

/** What the PRQ thread takes requests from, in the order of its driver's interrupt thread. */
export type RequestQueue = {
  /** Whether hardware has something for the thread. */
  isPending(): boolean;
  /** One pass over what was there when it began; returns how much it was, at least 1. */
  pass(reports: FaultReports): number;
};

/** The response to a group, as software writes and hardware reads it. */
export type ResponseBytes = {
  /** `code` is Linux's own; `pasidOrNone` is that of the request, -1 when it had none. Plain stores. */
  write(
    words: Int32Array,
    at: number,
    device: number,
    pasidOrNone: number,
    index: number,
    code: number,
  ): void;
  device(words: Int32Array, at: number): number;
  index(words: Int32Array, at: number): number;
  /** What the function is told: 0 success, 1 invalid, else failure. */
  code(words: Int32Array, at: number): number;
};

/** The entry of a (device, PASID) as translation reads it, from its first word in table memory. */
export type EntryBytes = {
  /** Whether the function keeps translations of its own (ATS). */
  hasDeviceTlb(device: number): boolean;
  /** Whether the PASID tags what the IOTLB keeps; else the domain alone does. */
  readonly tagsPasid: boolean;
  isPresent(tables: Int32Array, entry: number, device: number): boolean;
  /** Tag of the domain in the IOTLB. */
  domain(tables: Int32Array, entry: number, device: number): number;
  /** Frame of the root of the page tables. */
  root(tables: Int32Array, entry: number): number;
};

/** The hardware side of the command queue. */
export type CommandUnit = {
  ready(): boolean;
  /** Executes what is queued, in order; returns how many commands. */
  step(): number;
};
