/**
 * Soak: random operations, a thousand to an iommufd, each closed with whatever is still attached, open or unanswered.
 */
import { MOCK_7_3 } from '../../src/actors/mock-driver.ts';
import { prng } from '../../src/core/prng.ts';
import { SequenceReplay } from '../../src/scenarios/iommufd/sequence-replay.ts';
import { randomOperation } from './random-operations.ts';

const OPERATIONS_EACH = 1000;

export type SoakOutcome = {
  readonly operations: number;
  /** How many of them our iommufd did, and how many it refused with an errno. */
  readonly done: number;
  readonly refused: number;
  /** Page responses that reached the driver. */
  readonly responses: number;
  /** Of each iommufd that left something: what. */
  readonly left: readonly { readonly [what: string]: number }[];
};

export function soak(operations: number, seed: number): SoakOutcome {
  const chance = prng(seed);
  const left: { readonly [what: string]: number }[] = [];
  const counts = { operations: 0, done: 0, refused: 0, responses: 0 };
  while (counts.operations < operations) {
    const replay = new SequenceReplay(MOCK_7_3);
    for (let each = 0; each < OPERATIONS_EACH && counts.operations < operations; each += 1) {
      const { err, resp } = replay.run(randomOperation(chance));
      counts.operations += 1;
      if (err === undefined) counts.done += 1;
      else counts.refused += 1;
      if (Array.isArray(resp)) counts.responses += resp.length;
    }
    for (const answers of Object.values(replay.end())) {
      if (Array.isArray(answers)) counts.responses += answers.length;
    }
    if (Object.values(replay.left).some((count) => count > 0)) left.push(replay.left);
  }
  return { ...counts, left };
}
