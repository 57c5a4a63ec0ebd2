/**
 * Sequence replay: runs a recorded sequence against our iommufd and writes down its answers as the recorder did.
 *
 * Policy: what the recorder refused to do to a real kernel (unbinding a device with PASIDs attached) is skipped here
 *         too. What the operations are is in the three op tables.
 */
import type { Driver } from '../../actors/driver.ts';
import { RESPONSE_CODE } from '../../core/page-request.ts';
import type { FaultSource } from '../../iommufd/fault-source.ts';
import { IommufdCalls } from '../../iommufd/iommufd-calls.ts';
import { IommufdError } from '../../iommufd/iommufd-error.ts';
import type { Selftest } from '../../iommufd/objects.ts';
import { FILE_OPS } from './file-ops.ts';
import { MOCK_OPS } from './mock-ops.ts';
import { OBJECT_OPS } from './object-ops.ts';
import { BadOp, OpArguments } from './op-arguments.ts';
import type { OpAnswer, OpRow, OpTable, Replay } from './op-row.ts';
import type { JsonObject, RecordedOp } from './recorded-sequence.ts';
import { SequenceNames } from './sequence-names.ts';

const OPS: OpTable = { ...OBJECT_OPS, ...MOCK_OPS, ...FILE_OPS };

export class SequenceReplay {
  readonly #replay: Replay;
  /** A source of faults is a device; it outlives the device's ids and names. */
  readonly #devices = new Map<FaultSource, string>();
  /** In the order they were bound, also those that have left. */
  readonly #bound: Selftest[] = [];
  #responses: JsonObject[] = [];

  constructor(driver: Driver) {
    const calls = new IommufdCalls(driver, ({ source, pasid, groupId, code }) => {
      const dev = this.#devices.get(source) ?? null;
      this.#responses.push({ dev, pasid, grpid: groupId, code: RESPONSE_CODE[code] });
    });
    this.#replay = { calls, names: new SequenceNames() };
  }

  /** @throws BadOp when the operation does not exist or its arguments make no sense. */
  run(op: RecordedOp): JsonObject {
    const { names } = this.#replay;
    const given = new OpArguments(op);
    const row = Object.hasOwn(OPS, op.op) ? OPS[op.op] : undefined;
    if (row === undefined) throw new BadOp(`there is no operation "${op.op}"`);
    const refs = row.ids
      .filter((argument) => given.has(argument))
      .map((argument) => {
        const id = names.idOf(given.reference(argument));
        return [argument, [names.nameOf(id), id]] as const;
      });
    const answer = this.#isGuarded(given) ? undefined : this.#perform(row, given);
    const changed = this.#update(given);
    return {
      ...(answer === undefined ? { skipped: true } : answer.result),
      ...(refs.length === 0 ? {} : { refs: Object.fromEntries(refs) }),
      ...(answer?.out === undefined ? {} : { out: answer.out(names) }),
      ...changed,
      ...this.#takeResponses('resp'),
      ...listed('readable', this.#readable()),
    };
  }

  /** As the recorder ends a sequence: PASIDs are detached, then the event files closed, then the iommufd. */
  end(): JsonObject {
    const { calls, names } = this.#replay;
    if (calls.isOpen) {
      const selftests = this.#selftests();
      for (const { id, device } of this.#bound.filter((each) => selftests.includes(each))) {
        for (const pasid of device.group.pasids) calls.detach(id, pasid);
      }
    }
    const detached = this.#takeResponses('resp_pasid_detach');
    for (const [, file] of names.files) file.close();
    const closed = this.#takeResponses('resp_close_fds');
    if (calls.isOpen) calls.close();
    return { ...detached, ...closed, ...this.#takeResponses('resp_close_ctx') };
  }

  /** What must be nothing after the end. */
  get left(): { readonly [what: string]: number } {
    return this.#replay.calls.left;
  }

  #perform(row: OpRow, given: OpArguments): OpAnswer {
    try {
      return row.run(this.#replay, given);
    } catch (error) {
      if (!(error instanceof IommufdError)) throw error;
      return { result: { ret: -1, err: error.errno }, out: row.onError?.(given) };
    }
  }

  /** The self-test's driver would leave PASIDs attached to a device that is gone. */
  #isGuarded(given: OpArguments): boolean {
    const { calls, names } = this.#replay;
    if (!calls.isOpen) return false;
    const withPasids = this.#selftests().filter(({ device }) => device.group.pasids.length > 0);
    if (given.name === 'close_ctx') return withPasids.length > 0;
    if (given.name !== 'destroy') return false;
    const id = names.idOf(given.reference('id'));
    return withPasids.some((selftest) => selftest.id === id);
  }

  /** The recorder sees objects as long as the iommufd is open. */
  #update(given: OpArguments): JsonObject {
    const { calls, names } = this.#replay;
    if (!calls.isOpen) return {};
    const out = given.optionalText('out');
    const { appeared, gone } = names.update(calls.objects, given.name, out);
    if (appeared.length > 0) {
      for (const selftest of this.#selftests()) {
        const { device } = selftest;
        const name = names.nameOf(device.id);
        if (name !== null) this.#devices.set(device.group.source, name);
        if (!this.#bound.includes(selftest)) this.#bound.push(selftest);
      }
    }
    return { ...listed('new', appeared), ...listed('gone', gone) };
  }

  #selftests(): readonly Selftest[] {
    return this.#replay.calls.objects.filter((object) => object.kind === 'selftest');
  }

  #takeResponses(field: string): JsonObject {
    const responses = this.#responses;
    this.#responses = [];
    return listed(field, responses);
  }

  #readable(): readonly string[] {
    return this.#replay.names.files
      .filter(([, file]) => file.poll().readable)
      .map(([name]) => name);
  }
}

const listed = <Element extends JsonObject[string]>(
  field: string,
  elements: readonly Element[],
): JsonObject => (elements.length === 0 ? {} : { [field]: elements });
