/**
 * Op row: how one kind of recorded operation is carried out, and how its answer is written.
 */
import type { IommufdCalls } from '../../iommufd/iommufd-calls.ts';
import type { OpArguments } from './op-arguments.ts';
import type { JsonObject } from './recorded-sequence.ts';
import type { SequenceNames } from './sequence-names.ts';

/** What operations work on. */
export type Replay = { readonly calls: IommufdCalls; readonly names: SequenceNames };

export type OpAnswer = {
  readonly result: JsonObject;
  /** Written once new objects have their names. */
  readonly out?: ((names: SequenceNames) => JsonObject) | undefined;
};

export type OpRow = {
  /** Arguments that are ids. */
  readonly ids: readonly string[];
  /** @throws IommufdError when our iommufd refuses, BadOp when the operation makes no sense. */
  readonly run: (replay: Replay, given: OpArguments) => OpAnswer;
  /** What is written although the operation failed. */
  readonly onError?: (given: OpArguments) => OpAnswer['out'];
};

export type OpTable = { readonly [op: string]: OpRow };

/** Where the recorder's buffer of 1 MiB lies. */
export const USER_BUFFER = 0x2_0000_0000n;

export const done: OpAnswer = { result: { ret: 0 } };
export const answered = (out: NonNullable<OpAnswer['out']>, ret = 0): OpAnswer => ({
  result: { ret },
  out,
});

/** The id an argument stands for. */
export const idOf = ({ names }: Replay, given: OpArguments, argument: string): number =>
  names.idOf(given.reference(argument));

export const hex = (value: bigint): string => `0x${value.toString(16)}`;
