/**
 * A plain protocol, nothing of an IOMMU in it: Peterson's lock for two threads, and the same with two lines swapped.
 *
 *     npx stormdrain explore examples/peterson.ts#peterson
 *     npx stormdrain explore examples/peterson.ts#peterson-swapped
 */
import { anyOf, defineScenario, flags, type ThreadStep, threads } from 'stormdrain';

/** Both wait for the other to be out of it, or for the other to have given them the turn. */
function lock(order: readonly ['raise-flag' | 'give-turn', 'raise-flag' | 'give-turn']) {
  const flag = flags('flag', 2);
  const turn = flags('turn');
  const asking: Record<(typeof order)[number], ThreadStep['does']> = {
    'raise-flag': (id) => [flag.set(id)],
    'give-turn': (id) => [id === 0 ? turn.set() : turn.clear()],
  };
  const process = threads(
    'process',
    [
      ...order.map((step) => ({ step, does: asking[step] ?? (() => []) })),
      {
        step: 'enter',
        when: (id) => anyOf([flag.isClear(1 - id), id === 1 ? turn.isSet() : turn.isClear()]),
      },
      { step: 'leave', does: (id) => [flag.clear(id)] },
    ],
    { count: 2, repeats: true },
  );
  return {
    parts: [process.part, flag.part, turn.part],
    never: [
      {
        id: 'exclusion',
        sentence: 'both are inside',
        reads: [process.before('leave', 0), process.before('leave', 1)],
      },
    ],
    eventually: [0, 1].map((id) => ({
      id: 'entry',
      sentence: 'who waits comes in',
      whenever: [process.before('enter', id)],
      reads: [process.before('leave', id)],
    })),
  };
}

export const peterson = defineScenario({
  name: 'peterson',
  machines: () => lock(['raise-flag', 'give-turn']),
});
export const swapped = defineScenario({
  name: 'peterson-swapped',
  machines: () => lock(['give-turn', 'raise-flag']),
});
