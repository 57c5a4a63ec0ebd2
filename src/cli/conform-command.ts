/**
 * The `conform` command: replays recorded iommufd sequences and tells where our answers differ from the kernel's.
 *
 * Effects: reads files, writes output.
 */
import { MOCK_7_3 } from '../actors/mock-driver.ts';
import { type BadInput, badInputSentence } from '../scenarios/bad-input.ts';
import {
  type Conformance,
  conformFile,
  type Disagreement,
} from '../scenarios/iommufd/conformance.ts';
import { noSuchName } from '../scenarios/known-names.ts';
import type { ConformArguments } from './conform-arguments.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Output, type Paint, paintFor } from './output.ts';

/** Drivers that a recording may be replayed with: the one it was made of. */
const DRIVERS = [MOCK_7_3];

export type ConformEnvironment = {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signal: AbortSignal;
};

export async function conformCommand(
  { files, driver: name, json }: ConformArguments,
  { stdout, stderr, signal }: ConformEnvironment,
): Promise<ExitCode> {
  const complain = (input: BadInput): void => {
    stderr.write(`stormdrain: ${badInputSentence(input)}\n`);
  };
  const driver = DRIVERS.find((each) => each.name === name);
  if (driver === undefined) {
    const known = DRIVERS.map((each) => each.name);
    complain(noSuchName('recorded driver', name, known));
    return EXIT.badInput;
  }
  const paint = paintFor(stdout);
  const disagreed: Disagreement[] = [];
  let refusals = 0;
  const totals = { sequences: 0, operations: 0, agreed: 0 };
  for (const file of files) {
    const before = disagreed.length;
    const refusedBefore = refusals;
    const found = await conformFile(file, driver, {
      disagreed: (disagreement) => {
        disagreed.push(disagreement);
        if (!json) stdout.write(disagreementText(disagreement, paint));
      },
      refused: (input) => {
        refusals += 1;
        complain(input);
      },
      goesOn: () => !signal.aborted,
    });
    totals.sequences += found.sequences;
    totals.operations += found.operations;
    totals.agreed += found.agreed;
    if (!json)
      stdout.write(fileText(file, found, disagreed.length - before, refusals > refusedBefore));
  }
  if (json) {
    const outcome = { schema: 'stormdrain.conform/1', driver: name, ...totals, disagreed };
    stdout.write(`${JSON.stringify(outcome)}\n`);
  }
  if (refusals > 0) return EXIT.badInput;
  if (disagreed.length > 0) return EXIT.violated;
  return signal.aborted ? EXIT.interrupted : EXIT.fine;
}

const count = (value: number): string => value.toLocaleString('en-US');

function fileText(
  file: string,
  { sequences, operations, agreed }: Conformance,
  disagreements: number,
  isPart: boolean,
): string {
  const verdict =
    disagreements === 0
      ? `all ${isPart ? 'that could be read ' : ''}agree`
      : `${count(agreed)} agree, ${count(disagreements)} disagreements`;
  return `${file}: ${count(sequences)} sequences, ${count(operations)} operations, ${verdict}\n`;
}

function disagreementText(found: Disagreement, paint: Paint): string {
  const { file, line, sequence, op, operation, spec, expected, actual } = found;
  const where = operation === 'end' ? 'at its end' : `operation ${op}, ${operation}`;
  return [
    `${paint('red', 'DISAGREED')} ${sequence}, ${where} (${file}:${line})`,
    `  expected ${JSON.stringify(expected)}`,
    `  actual   ${JSON.stringify(actual)}`,
    `  see      ${spec}`,
    '',
  ].join('\n');
}
