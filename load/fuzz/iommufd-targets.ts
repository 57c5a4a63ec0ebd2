/** Iommufd targets: recorded operations made wrong, and system calls as bytes that no program would pass. */
import { MOCK_7_3 } from '../../src/actors/mock-driver.ts';
import { ioctl } from '../../src/iommufd/ioctl.ts';
import { IommufdCalls } from '../../src/iommufd/iommufd-calls.ts';
import { IommufdError } from '../../src/iommufd/iommufd-error.ts';
import type { OpenFile } from '../../src/iommufd/open-file.ts';
import { BadOp } from '../../src/scenarios/iommufd/op-arguments.ts';
import { readSequence } from '../../src/scenarios/iommufd/recorded-sequence.ts';
import { SequenceReplay } from '../../src/scenarios/iommufd/sequence-replay.ts';
import { isNestedTooDeep } from '../../src/scenarios/nesting.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { seedLines } from './seed-files.ts';

const COMMAND_BYTES = 64;
const MEMORY_BYTES = 4096;

export const IOMMUFD_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'iommufd-operations',
    share: 80,
    seeds: () => seedLines('test/fixtures/oracle', '.jsonl', 3),
    read: (input) => {
      if (isNestedTooDeep(input.toString('utf8'))) return 'nested too deep';
      let value: unknown;
      try {
        value = JSON.parse(input.toString('utf8'));
      } catch {
        return 'no JSON';
      }
      const read = readSequence(value as never); // whatever JSON.parse gives
      if (!read.ok) return `${read.error.code} ${read.error.path.length}`;
      const replay = new SequenceReplay(MOCK_7_3);
      for (const op of read.value.ops) {
        try {
          replay.run(op);
        } catch (error) {
          if (error instanceof BadOp) return `not an operation: ${error.message.length}`;
          throw error;
        }
      }
      replay.end();
      return undefined;
    },
  },
  {
    name: 'ioctl',
    share: 80,
    seeds: () => [allCommands(), ...COMMANDS.map((command) => commandBytes(command, [24, 1, 1]))],
    read: (input) => {
      const calls = new IommufdCalls(MOCK_7_3, () => undefined);
      const files: OpenFile[] = [];
      const memory = new Uint8Array(MEMORY_BYTES);
      const caller = {
        memory: (address: bigint, length: number) =>
          address >= MEMORY_BYTES
            ? undefined
            : memory.subarray(Number(address), Number(address) + length),
        install: (file: OpenFile) => files.push(file) + 2,
      };
      let done = 0;
      for (let at = 0; at < input.length; at += COMMAND_BYTES) {
        const bytes = new Uint8Array(input.subarray(at, at + COMMAND_BYTES));
        if (bytes.length < 2) break;
        const command = 0x3b00 | (bytes[0] ?? 0);
        if (refused(() => ioctl(calls, command, bytes.subarray(1), caller))) continue;
        done += 1;
        for (const file of files) refused(() => file.read(memory.subarray(0, 256), 256));
      }
      calls.close();
      return done === 0 ? 'every call was refused' : undefined;
    },
  },
];

/** What the kernel would refuse is no fault. */
function refused(call: () => void): boolean {
  try {
    call();
    return false;
  } catch (error) {
    if (error instanceof IommufdError) return true;
    throw error;
  }
}

const COMMANDS = [128, 129, 131, 132, 133, 134, 137, 138, 139, 141, 142, 144, 145, 147, 148];

/** The number of a command, then its structure: size first. */
function commandBytes(command: number, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(COMMAND_BYTES);
  bytes[0] = command;
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, 1 + index * 4);
  return bytes;
}

/** An address space, a fault queue, a page table in it: what others refer to. */
const allCommands = (): Buffer =>
  Buffer.concat([
    commandBytes(129, [12, 0, 0]),
    commandBytes(142, [16, 0, 0, 0]),
    commandBytes(133, [40, 7, 1, 0, 0, 0, 4096, 0, 0x100_0000, 0]),
    commandBytes(132, [32, 1, 4, 0, 0, 0]),
    commandBytes(131, [40, 7, 1, 1, 4096, 0, 0, 0, 0x100_0000, 0]),
    commandBytes(137, [48, 4, 3, 1, 0, 0, 0, 0, 0, 0, 2, 0]),
    commandBytes(134, [24, 1, 0, 0, 0xffff_ffff, 0xffff_ffff]),
    commandBytes(128, [8, 1]),
  ]);
