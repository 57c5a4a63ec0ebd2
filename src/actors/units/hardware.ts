/**
 * Hardware of a live unit, as its driver's steps meet it: tables, command queue, request queue. One kind, one object.
 *
 * Policy: what a driver does and in which order is its lists'; here is only what each step is in the unit's bytes.
 */
import type { InvalidationRange } from '../../hw/vtd/invalidation-range.ts';

/** What software asks a unit to forget, in no unit's words. */
export type Invalidation =
  /** What the unit keeps of the entry of a function, or of one of its PASIDs. */
  | { readonly kind: 'function-entry'; readonly device: number }
  | { readonly kind: 'pasid-entry'; readonly device: number; readonly pasid: number }
  /** Translations of the unit; `tag` is that of the domain. */
  | {
      readonly kind: 'iotlb';
      readonly device: number;
      readonly pasid: number;
      readonly tag: number;
      readonly range: InvalidationRange;
    }
  /** Translations of the function. */
  | {
      readonly kind: 'device-tlb';
      readonly device: number;
      readonly pasid: number;
      readonly range: InvalidationRange;
    }
  /** Nothing that comes after begins before what came earlier is done. */
  | { readonly kind: 'fence' };

/** A command that has no place in the queue yet: writes itself from the word `at`. */
export type Command = (words: Int32Array, at: number) => void;

/** Why the unit stopped its command queue, or what it complains of. `head` is the command it stands at. */
export type CommandFault = {
  readonly kind: /** That is no command. */
    | 'rejected'
    /** A function didn't complete an invalidation: ends that were fetched are not told any more. */
    | 'timed-out'
    /** The same, and the end behind it is executed once more: nobody's submission is ended by it. */
    | 'end-timed-out'
    /** A function completed what nobody asked for; the queue goes on. */
    | 'completed-unasked';
  readonly head: number;
  /** The device that didn't complete, of a time-out. */
  readonly source?: number;
};

/** Software's side of the command queue. Commands are numbered from 0, over 32 bits. */
export type CommandQueue = {
  readonly entries: number;
  /** What an invalidation comes to; none where the unit keeps nothing of the sort. */
  commandsFor(invalidation: Invalidation): readonly Command[];
  /** Writes command number `count`; hardware sees it when the tail moves. Caller's duty: the entry is free. */
  write(count: number, command: Command): void;
  /** As command number `count`, what tells the end of those before it; `drain` where hardware has one. */
  writeEnd(count: number, drain: boolean): void;
  /** Whether the end that is command number `count` was told. */
  isDone(count: number): boolean;
  fault(): CommandFault | undefined;
  /** Writes over the command `count`, which is none, what the driver has for that; `end` ends its submission. */
  replace(count: number, end: number): void;
  /** Lets the unit go on. */
  clearFault(kind: CommandFault['kind']): void;
  /** Whether whoever waits for an end gives up after a while, and goes on as if it had been told. */
  readonly givesUp: boolean;
  /** Whether a submission with such a command fails. */
  readonly tellsSubmitter: boolean;
  /** What is no command of this unit. */
  readonly malformed: Command;
};

export type Written = 'present' | 'cleared' | 'zero' | 'fault-disabled';

/** What an entry points to: the root of the page tables, and the domain's tag in the IOTLB. */
export type Translated = { readonly root: number; readonly tag: number };

/** Entries of functions and PASIDs; PASID 0 is the function itself. */
export type EntryTables = {
  /** First word of an entry in table memory. */
  entryWord(device: number, pasid: number): number;
  write(device: number, pasid: number, as: Written, to: Translated): void;
};

export type LiveHardware = {
  readonly commands: CommandQueue;
  readonly tables: EntryTables;
  /** What Linux asks PRI of a function for; undefined where requests are no messages and need no PRI. */
  readonly priAllocation: number | undefined;
  /** Translations of a function that is gone are not asked for when an attachment of it is torn down. */
  readonly asksPresence: boolean;
  /** A drain of its hardware also covers the answers that are on their way to devices. */
  readonly drainsAnswers: boolean;
  /** Translations are tagged by the function, so that each has to be named. */
  readonly tagsByFunction: boolean;
  /** The tag of a new domain of a process, and its return. */
  takeTag(): number;
  giveTag(tag: number): void;
  /** Whether the request queue holds one of the device for the PASID. */
  holdsRequest(device: number, pasid: number): boolean;
  isOverflowed(): boolean;
};
