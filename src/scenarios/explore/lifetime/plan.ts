/**
 * Lifetime plan: who binds what, who unbinds, who exits, in a world without page requests.
 *
 * There is one PASID number: a second process gets it once the first has given it back, or none.
 */

export type BindPlan = {
  readonly process: number;
  readonly device: number;
  /** Begins once that bind has taken the lock. */
  readonly after?: number;
};

export type UnbindPlan = {
  readonly process: number;
  readonly device: number;
  /** Once that bind has returned; undefined: once the process's file is released. */
  readonly after?: number;
};

export type LifetimePlan = {
  readonly name: string;
  readonly devices: number;
  /** Of each process: the device it is bound to before the first step, if any, and whether it exits. */
  readonly processes: readonly {
    readonly boundTo?: number;
    readonly exits: boolean;
    /** The device's file is mapped into the address space, which then holds a reference on it. */
    readonly mapsFile?: boolean;
  }[];
  readonly binds: readonly BindPlan[];
  readonly unbinds: readonly UnbindPlan[];
  /** Device 0 reads a page of process 0. */
  readonly walks?: boolean;
  /** A thread unmaps that page. */
  readonly unmaps?: boolean;
  /** Process 0 is unbound from device 0 by the driver's whole list, beside everything else. */
  readonly unbindsByList?: boolean;
  /** A page of kernel tables is freed while device 0 tries a kernel address. */
  readonly freesKernelTable?: boolean;
  /** A page-request group of process 0 is queued. */
  readonly faults?: boolean;
};
