/**
 * Plan terms: what a plan settles that a scenario only implies: places, handles, groups, tasks.
 *
 * An operation of the scenario is one or more *tasks*, each one actor, in the order of its thread.
 */
import type { Driver, OperationName } from '../../../actors/driver.ts';
import type { Pasid, RequesterId } from '../../../core/ids.ts';
import type { OperationStep } from '../../../machines/operation-steps.ts';
import type { RequestRecord } from '../../../machines/page-request-queue.ts';
import type { GroupSpec, UnitScenario } from './scenario.ts';

export type Place = {
  readonly device: number;
  readonly rid: RequesterId;
  readonly pasid: Pasid | undefined;
};

/** What a fault finds its handler by: memory of its own for every attach. */
export type Handle = { readonly attachment: number; readonly domain: number };

/** A page-request group of a device; `spec` with all that was left out. */
export type Group = Required<GroupSpec> & {
  readonly device: number;
  /** Among the groups of its device. */
  readonly index: number;
};

type OfList = {
  readonly steps: readonly OperationStep[];
  readonly attachment: number;
  /** What it attaches and takes away. */
  readonly coming: Handle | undefined;
  readonly going: Handle | undefined;
};

export type TaskWork =
  /** One of the driver's lists. */
  | ({ readonly kind: 'list'; readonly operation: OperationName } & OfList)
  | { readonly kind: 'sva-bind'; readonly attachment: number; readonly process: number }
  | { readonly kind: 'sva-unbind'; readonly attachment: number; readonly process: number }
  /** A list that a bind or an unbind runs while it waits: it begins when that one says so. */
  | ({ readonly kind: 'called-list'; readonly caller: string } & OfList)
  /** A list that an address space runs when it ends, or when pages go. */
  | ({ readonly kind: 'release-list'; readonly process: number } & OfList)
  /** One step, once its question is answered yes. */
  | { readonly kind: 'act'; readonly does: Act };

export type Act =
  | { readonly kind: 'stop-use' | 'await-quiet' | 'start-use'; readonly attachment: number }
  | { readonly kind: 'put-users' | 'await-exit'; readonly process: number }
  | { readonly kind: 'unmap' | 'free-page'; readonly process: number; readonly page: number }
  | {
      readonly kind: 'free-domain' | 'unmap-domain' | 'flush-domain' | 'free-domain-page';
      readonly domain: number;
    };

export type Task = {
  /** Place in the list of tasks; it numbers the operation. */
  readonly number: number;
  /** Its actor's name. */
  readonly name: string;
  readonly thread: string;
  readonly work: TaskWork;
  /** Must have ended before it begins. */
  readonly after: Task | undefined;
  /** The process whose PASID must have been freed before it begins. */
  readonly awaitsPasidOf: number | undefined;
};

export type Plan = {
  readonly scenario: UnitScenario;
  readonly driver: Driver;
  readonly places: readonly Place[];
  readonly handles: readonly Handle[];
  readonly groups: readonly Group[];
  readonly tasks: readonly Task[];
  /** By thread and operation of the scenario: the task with whose end the operation returns. */
  readonly lasts: readonly (readonly Task[])[];
  handleNumber(handle: Handle): number;
  /** The place of an attachment on the list of a domain, among all such places. */
  listPlace(handle: Handle): number;
  /** The address space that a domain translates through: a process's, or one of its own behind them. */
  spaceOf(domain: number): number;
  /** Processes that exit. */
  readonly exits: readonly number[];
  /** Some SVA domain may lose its last user, or its process. */
  readonly retires: boolean;
  /** Requests that can be sent in all. */
  readonly requestsMax: number;
  /** Pages that the world speaks of: those that some group asks for, of every address space. */
  readonly pageCount: number;
  readonly pagesMax: number;
  pageNumber(space: number, page: number): number;
  isMapped(space: number, page: number): boolean;
  /** The group that a request belongs to. */
  groupOf(request: RequestRecord): number;
  handlesFaults(domain: number): boolean;
  /** The SVA domain of a process. */
  domainOf(process: number): number;
};
