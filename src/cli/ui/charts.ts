/**
 * Charts: pictures of machines for the page, each laid out once.
 */
import type { AnyStateMachine } from 'xstate';

import type { ChartAnswer, MachineRow } from '../../ui/shapes.ts';
import { chartOf } from '../../viz/chart.ts';
import { chartCatalogue, type Drawn } from '../../viz/chart-catalogue.ts';
import type { Direction } from '../../viz/chart-elk.ts';
import type { ChartThreads } from './chart-threads.ts';

export type Charts = {
  /** Machines of the model, then the drivers' operations. */
  readonly machines: readonly MachineRow[];
  /** Undefined: there is no such machine. */
  readonly machine: (name: string) => Promise<ChartAnswer> | undefined;
  /** A chart for half a page. */
  readonly narrow: (machine: AnyStateMachine, name: string) => Promise<ChartAnswer>;
};

export function chartsFor(
  picture: ChartThreads['picture'],
  catalogue: readonly Drawn[] = chartCatalogue(),
): Charts {
  const drawn = new Map<string, Promise<ChartAnswer>>();
  const draw = (
    machine: AnyStateMachine,
    name: string,
    directions: readonly Direction[],
  ): Promise<ChartAnswer> => {
    const chart = chartOf(machine, name);
    // Machines of other worlds may have the same name, and other steps.
    const key = JSON.stringify([directions, chart]);
    const before = drawn.get(key);
    if (before !== undefined) return before;
    const answer = picture({ chart, directions }).then((made) => ({ name, ...made }));
    drawn.set(key, answer);
    return answer;
  };
  return {
    machines: catalogue.map(({ name, aliases }) => ({ name, aliases, group: groupOf(name) })),
    machine: (name) => {
      const found = catalogue.find((each) => each.name === name);
      return found && draw(found.machine, name, ['down', 'right']);
    },
    narrow: (machine, name) => draw(machine, name, ['down']),
  };
}

/** `mm-notifier`, or a driver and its operation: `vtd unbind-sva`. */
function groupOf(name: string): string {
  const [driver, operation] = name.split(' ');
  return operation === undefined ? 'Machines' : `Operations of ${driver}`;
}
